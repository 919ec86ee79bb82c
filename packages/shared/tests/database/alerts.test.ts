import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Control, openControl } from '../../src/database/index.ts';
import { makeSqlServerControl } from '../../src/database/sqlserver/control.ts';
import { temporaryFolder } from '../folders.ts';
import { alertContract } from './alert-contract.ts';
import { alertModel } from './sqlserver/alert-model.ts';
import { makeTestDatabase, SKIP } from './sqlserver/test-server.ts';

async function opening(location: Parameters<typeof openControl>[0], drop: () => Promise<void> = async () => {}) {
  const opened: Control[] = [];
  return {
    async open(now: () => number) {
      const result = await openControl(location, { now });
      if (!result.ok) throw new Error(result.error.message);
      opened.push(result.value);
      return result.value.alerts;
    },
    async close() {
      for (const control of opened) await control.close();
      await drop();
    },
  };
}

alertContract('SQLite', () => opening({ kind: 'sqlite', file: join(temporaryFolder(), 'insights.db') }));

alertContract('the adapter for SQL Server, on a model of it,', async () => {
  const sessions = alertModel();
  return { open: async (now) => makeSqlServerControl(sessions, now).alerts, close: async () => {} };
});

alertContract(
  'SQL Server',
  async () => {
    const { location, drop } = await makeTestDatabase();
    return opening(location, drop);
  },
  SKIP,
);

test('a transaction that fails on a SQL Server leaves nothing half done', async () => {
  const sessions = alertModel();
  const { alerts } = makeSqlServerControl(
    {
      ...sessions,
      transaction: (work) =>
        sessions.transaction((run) =>
          work(async (statement) => {
            if (statement.text.includes('scorpiox_alert_delivery')) throw new Error('gone');
            return run(statement);
          }),
        ),
    },
    () => 5,
  );
  const change = { states: [{ id: 'r', body: '1' }], history: [], deliveries: [{ id: 'd', at: 5, body: '1' }] };
  await expect(alerts.commit(change)).rejects.toThrow('gone');
  expect(await alerts.states()).toEqual([]);
});
