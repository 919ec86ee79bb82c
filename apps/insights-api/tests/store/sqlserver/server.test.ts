import { openControl } from '@scorpiox/shared/database';
import { makeSessions, number } from '@scorpiox/shared/database/sqlserver';
import { openSqlServerStore } from '../../../src/store/sqlserver/store.ts';
import { makeTestDatabase, SKIP } from '../../helpers/test-server.ts';
import { type StoreFixture, storeContract } from '../contract.ts';
import { metricsContract } from '../metrics-contract.ts';
import { overviewContract } from '../overview-contract.ts';
import { rawContract } from '../raw-contract.ts';

async function openFixture(): Promise<StoreFixture> {
  const { location, drop } = await makeTestDatabase();
  const addApp = async (name: string): Promise<number> => {
    const control = await openControl(location);
    if (!control.ok) throw new Error(control.error.message);
    await control.value.addApp(name);
    const added = await control.value.findApp(name);
    await control.value.close();
    return added?.id ?? 0;
  };
  const [shop, blog] = [await addApp('shop'), await addApp('blog')];
  const store = openSqlServerStore(location, () => {});
  return {
    store,
    shop,
    blog,
    addApp,
    openAnother: async () => openSqlServerStore(location, () => {}),
    async countEvents() {
      const sessions = makeSessions(location, { size: 1 });
      const [rows] = await sessions.run({ text: 'SELECT COUNT(*) AS n FROM dbo.scorpiox_event;' });
      await sessions.close();
      return rows?.[0] === undefined ? Number.NaN : number(rows[0], 'n');
    },
    async close() {
      await store.close();
      await drop();
    },
  };
}

storeContract('SQL Server', openFixture, SKIP);
metricsContract('SQL Server', openFixture, SKIP);
rawContract('SQL Server', openFixture, SKIP);
overviewContract('SQL Server', openFixture, SKIP);
