import { number, type Run } from '@scorpiox/shared/database/sqlserver';
import { driveSlowly } from '../../overview/drive.ts';
import type { OverviewChanges } from '../../overview/sums.ts';
import type { Row } from '../../overview/tables.ts';
import { type WriteStep, writeOverview } from '../../overview/write.ts';
import { countText, fromServer, getText, putText, TABLES, tableName, toServer } from './table.ts';

/** Appends ends of calls: under the lock `scorpiox_write`, so that their numbers are in the order of commits. */
export const ADD_ENDS = `
INSERT INTO dbo.scorpiox_call_ends (stored_at, ends) VALUES (@now, CONVERT(varbinary(max), @ends, 2));`;

/** What is sent for each table, by the table's name. */
export const WRITE_TEXTS = new Map(
  TABLES.map((at) => [tableName(at), { get: getText(at), put: putText(at), count: countText(at) }]),
);

/** Does one step of writing, inside a transaction that has the lock `scorpiox_write`. */
export async function runWriteStep(run: Run, step: WriteStep): Promise<readonly Row[]> {
  if (step.do === 'ends') {
    const ends = Buffer.from(step.ends).toString('hex');
    await run({ text: ADD_ENDS, parameters: { now: ['bigint', Date.now()], ends: ['nvarchar(max)', ends] } });
    return [];
  }
  const { table } = step;
  const texts = WRITE_TEXTS.get(tableName(step));
  if (texts === undefined) throw new Error(`no table ${tableName(step)}`);
  if (step.do === 'count') {
    const [rows = []] = await run({ text: texts.count, parameters: { app_id: ['int', step.appId] } });
    return rows.map((row) => ({ rows: number(row, 'rows') }));
  }
  const columns = step.do === 'get' ? table.key : [...table.key, ...table.values];
  const json = JSON.stringify(step.rows.map((row) => toServer(row, columns)));
  const [rows = []] = await run({ text: texts[step.do], parameters: { rows: ['nvarchar(max)', json] } });
  return rows.map((row) => fromServer(row, table));
}

/** Adds a batch's changes. */
export const addOverview = (run: Run, changes: OverviewChanges): Promise<void> =>
  driveSlowly(writeOverview(changes), (step) => runWriteStep(run, step));
