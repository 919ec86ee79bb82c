import type { Console } from '@scorpiox/shared/database/console';
import { countDuplicates } from '../../db/dupes/dupes.ts';
import { readTable } from '../../db/rows/read-table.ts';
import { COMPUTED, KEY, TABLE } from './crisis/texts.ts';
import type { Measured } from './load/measured.ts';
import type { Check, DrillReport } from './report.ts';

/** What is known of the drill when all is done. */
export interface Held {
  /** Rows that were made, the duplicates among them. */
  readonly rows: number;
  readonly planted: number;
  readonly before: Measured;
  readonly after: Measured;
  readonly symptoms: DrillReport['symptoms'];
}

/** Looks whether all was kept that the mending promises. */
export async function checksOf(
  db: Console,
  { rows, planted, before, after, symptoms }: Held,
): Promise<readonly Check[]> {
  const table = await readTable(db, TABLE);
  const counts = await countDuplicates(db.run, { table, key: KEY });
  const expected = rows - planted + before.inserted - before.duplicates + after.inserted;
  const column = table.columns.find(({ name }) => name === COMPUTED);
  const number = (value: number): string => value.toLocaleString('en');
  return [
    {
      promise: 'no row is there twice',
      held: counts.excess === 0,
      found: `${number(counts.excess)} too many`,
    },
    {
      promise: 'every row that was let in is there, and none besides',
      held: counts.rows === expected,
      found: `${number(counts.rows)} of ${number(expected)}`,
    },
    {
      promise: 'no duplicate came in by the new way',
      held: after.duplicates === 0,
      found: `${number(after.duplicates)} came`,
    },
    {
      promise: 'durations are numbers, parsed when they come in',
      held: column !== undefined && !column.isComputed,
      found: column === undefined ? 'the column is gone' : column.isComputed ? 'computed' : column.type,
    },
    {
      promise: 'db health found what was wrong, and finds it no more',
      held: symptoms.before.length > 0 && symptoms.after.length === 0,
      found: `${symptoms.before.join(', ') || 'nothing'} before, ${symptoms.after.join(', ') || 'nothing'} after`,
    },
  ];
}
