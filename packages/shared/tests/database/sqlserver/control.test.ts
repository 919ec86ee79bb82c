import { expect, test } from 'vitest';
import { type Control, openControl } from '../../../src/database/index.ts';
import { makeSessions } from '../../../src/database/sqlserver/index.ts';
import { type ControlFixture, controlContract } from '../control-contract.ts';
import { makeTestDatabase, SKIP } from './test-server.ts';

async function makeFixture(): Promise<ControlFixture> {
  const { location, drop } = await makeTestDatabase();
  const opened: Control[] = [];
  return {
    async open(now) {
      const result = await openControl(location, now ? { now } : {});
      if (!result.ok) throw new Error(result.error.message);
      opened.push(result.value);
      return result.value;
    },
    async holds(text) {
      const sessions = makeSessions(location, { size: 1 });
      const tables = ['scorpiox_token', 'scorpiox_sign_in_link', 'scorpiox_session'];
      const sets = await sessions.run({ text: tables.map((table) => `SELECT * FROM dbo.${table};`).join('\n') });
      await sessions.close();
      const values = sets.flat().flatMap((row) => Object.values(row));
      return values.some((value) => (Buffer.isBuffer(value) ? value : Buffer.from(String(value))).includes(text));
    },
    async close() {
      for (const control of opened) await control.close();
      await drop();
    },
  };
}

controlContract('SQL Server', makeFixture, SKIP);

const title = 'sessions that start at once migrate a SQL Server once';
test.skipIf(SKIP !== undefined)(SKIP === undefined ? title : `${title} (${SKIP})`, async () => {
  const { location, drop } = await makeTestDatabase();
  const opened = await Promise.all(Array.from({ length: 4 }, () => openControl(location)));
  const sessions = makeSessions(location, { size: 1 });
  const [rows] = await sessions.run({ text: 'SELECT [version] FROM dbo.scorpiox_migration ORDER BY [version];' });
  await sessions.close();
  for (const control of opened) if (control.ok) await control.value.close();
  await drop();
  expect(opened.map(({ ok }) => ok)).toEqual([true, true, true, true]);
  expect(rows).toEqual([{ version: 1 }, { version: 2 }, { version: 3 }]);
});
