// Where SCORPIOX_TEST_MSSQL names a SQL Server: every statement of `db health`, `top`, `blocking`, `tune` and the catalog runs on it.
import { openConsole } from '@scorpiox/shared/database/console';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makeTestDatabase, SKIP } from '../../../../packages/shared/tests/database/sqlserver/test-server.ts';
import { databaseActions } from '../../src/ops/db/actions/actions.ts';
import { describeTable } from '../../src/ops/db/catalog/describe.ts';
import { examine } from '../../src/ops/db/health/examine.ts';
import { planKill } from '../../src/ops/db/kill/plan.ts';
import { readSessions } from '../../src/ops/db/sessions/read.ts';
import { planTune } from '../../src/ops/db/tune/plan.ts';
import { Actions } from '../../src/ops/plan/action.ts';

async function connected() {
  const { location, drop } = await makeTestDatabase();
  const opened = await openConsole(location, { tell: () => undefined, lockTimeoutMs: 5_000 });
  if (!opened.ok) throw opened.error;
  const db = opened.value;
  onTestFinished(async () => {
    await db.close();
    await drop();
  });
  return { db, actions: new Actions(databaseActions({ open: (_, use) => use(db) })) };
}

describe.skipIf(SKIP !== undefined)(`a SQL Server${SKIP === undefined ? '' : ` (${SKIP})`}`, () => {
  test('every section of a look is told', async () => {
    const { db } = await connected();
    await db.run({ text: 'CREATE TABLE dbo.T (a int NOT NULL, b nvarchar(20), c AS CONVERT(int, b));' });
    const keys = [{ table: 'dbo.T', columns: ['a', 'b'] }];
    const report = await examine({ db, keys, deep: false, pause: async () => {}, now: Date.now() });
    const untold = report?.sections
      .filter(({ reason }) => reason !== null)
      .map(({ section, reason }) => [section, reason]);
    expect(untold).toEqual([['growth', expect.stringContaining('not noted')]]);
  });

  test('a table is described', async () => {
    const { db } = await connected();
    await db.run({
      text: `CREATE TABLE dbo.T (id bigint IDENTITY PRIMARY KEY, a nvarchar(20) NOT NULL, d datetime2(3), n decimal(9, 2), c AS LEN(a));
CREATE UNIQUE INDEX UX ON dbo.T (a, d) WITH (IGNORE_DUP_KEY = ON);`,
    });
    const table = await describeTable(db, 't');
    if (!table.ok) throw new Error(table.error.message);
    expect(table.value).toMatchObject({ quoted: '[dbo].[T]', primaryKey: ['id'], rows: 0 });
    expect(table.value.columns.map(({ type }) => type)).toEqual([
      'bigint',
      'nvarchar(20)',
      'datetime2(3)',
      'decimal(9,2)',
      'int',
    ]);
    expect(table.value.columns.at(-1)).toMatchObject({ isComputed: true, expression: 'len([a])', isPersisted: false });
    expect(table.value.indexes.find(({ name }) => name === 'UX')).toMatchObject({
      ignoresDuplicates: true,
      columns: ['a', 'd'],
    });
  });

  test('sessions are listed, the own one among them, which is not ended; options are planned', async () => {
    const { db, actions } = await connected();
    const own = (await readSessions(db)).find(({ isOwn }) => isOwn);
    expect(own).toMatchObject({ program: 'scorpiox-db' });
    expect(await planKill(db, actions, own?.id ?? 0)).toMatchObject({ ok: false, error: { kind: 'refused' } });
    const tuning = await planTune(db, actions, { maxMemoryMb: 'auto', maxdop: 'auto', costThreshold: 'auto' });
    expect(tuning).toMatchObject({ ok: true });
  });
});
