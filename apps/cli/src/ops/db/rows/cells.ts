import type { Row, Run, Statement } from '@scorpiox/shared/database/console';
import { list } from '../dialect/rows.ts';

/** The first row of a statement, if it gives any. */
export const first = async (run: Run, statement: Statement): Promise<Row | undefined> =>
  (await list({ run }, statement))[0];

/** The first row of a statement that always gives one. */
export async function only(run: Run, statement: Statement): Promise<Row> {
  const row = await first(run, statement);
  if (row === undefined) throw new TypeError('A statement that gives a row gave none.');
  return row;
}
