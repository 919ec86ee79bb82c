/** A backfill from its beginning to its end. What is promised: run-fill.ts. */
import { type Console, ConsoleError } from '@scorpiox/shared/database/console';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import { columnOf } from '../catalog/table.ts';
import { consoleFailure } from '../failure.ts';
import { faultOf } from '../rows/expression.ts';
import { needIdentity } from '../rows/identity.ts';
import { readTable } from '../rows/read-table.ts';
import { place, shownName, type Table } from '../rows/table.ts';
import { claimBackfill, needBackfill } from './claim.ts';
import type { Fill } from './fill.ts';
import { watchLoad } from './load.ts';
import { BackfillNotes } from './notes.ts';
import { countDiffering, type FillEnd, type FillWatch, runFill } from './run-fill.ts';

/** What became of a backfill. */
export interface Filled {
  readonly backfill: number;
  readonly table: string;
  readonly column: string;
  readonly rows: number;
  readonly batches: number;
  readonly waits: number;
  /** Rows whose column is not what the expression says, at the end. */
  readonly differing: number;
  /** What the database does not tell, so that nothing waited for it; null where it tells all. */
  readonly untold: string | null;
}

/** What a backfill is about, checked against the table as it is. */
export function fillOf(
  table: Table,
  { id, column: name, expression }: { readonly id: number; readonly column: string; readonly expression: string },
): Result<Fill, Failure> {
  const column = columnOf(table, name);
  const of = `${shownName(table)}.${name}`;
  if (column === undefined) return refuse(`${shownName(table)} has no column ${name}.`);
  if (column.isComputed) return refuse(`${of} is computed: \`scorpiox db decompute\` makes a real column of it.`);
  const identity = needIdentity(table);
  if (!identity.ok) return identity;
  if (identity.value.columns.includes(column.name) || column.isIdentity) {
    return refuse(`${of} tells the rows apart, by which they are gone through.`);
  }
  const fault = faultOf(expression);
  if (fault !== undefined) return refuse(`The expression ${fault}.`);
  return ok({ id, table, column, expression, identity: identity.value });
}

const refuse = (message: string): Result<never, Failure> => err({ kind: 'usage', message });

/** What must not happen before it has ended: a sentence, where there is anything. */
export const tellHidden = ({ identity, table }: Pick<Fill, 'identity' | 'table'>): readonly string[] =>
  identity.isHidden
    ? [
        `Rows of ${shownName(table)} are told apart by SQLite's own numbers, which VACUUM changes: no VACUUM before it has ended.`,
      ]
    : [];

/** Notes a backfill, where that is not done yet. */
export async function beginBackfill(db: Console, fill: Fill, total: number): Promise<void> {
  if ((await new BackfillNotes(db.kind, db.run).find(fill.id)) !== undefined) return;
  const note = { id: fill.id, table: place(fill.table), column: fill.column.name, expression: fill.expression, total };
  await db.transaction((run) => new BackfillNotes(db.kind, run).begin(note));
}

/** Does what is left of it in this process, and compares all rows at the end. Rejects with `ConsoleError`. */
export async function doBackfill(db: Console, fill: Fill, watch: FillWatch): Promise<Result<Filled, Failure>> {
  const worker = await claimBackfill(db, fill.id);
  if (!worker.ok) return worker;
  const load = await watchLoad(db);
  const end = await runFill(db, fill, worker.value, watch, load).catch((error: unknown) => failed(error, db, fill.id));
  if (typeof end === 'object') return end;
  const note = await needBackfill(db, fill.id);
  if (!note.ok) return note;
  const { done, total, batches, waits } = note.value;
  if (end !== 'done')
    return err(early(end, fill.id, `${done.toLocaleString('en')} of ${total.toLocaleString('en')} rows`));
  const differing = await countDiffering(db, fill);
  const of = { backfill: fill.id, table: shownName(fill.table), column: fill.column.name };
  const untold = load.untold.length === 0 ? null : load.untold.join(' ');
  return ok({ ...of, rows: done, batches, waits, differing, untold });
}

const goesOn = (id: number): string => `\`scorpiox db backfill resume ${id}\` goes on.`;

/** What was committed is noted, whatever ended it. */
function failed(error: unknown, db: Console, id: number): Result<never, Failure> {
  if (!(error instanceof ConsoleError)) throw error;
  const { kind, message } = consoleFailure(error, db.name);
  return err({ kind, message: `${message} Once that is mended, ${goesOn(id)}` });
}

function early(end: Exclude<FillEnd, 'done'>, id: number, far: string): Failure {
  const again = goesOn(id);
  if (end === 'interrupted') return { kind: 'interrupted', message: `Interrupted; ${far} are set. ${again}` };
  if (end === 'taken')
    return { kind: 'refused', message: `Another process has taken the backfill ${id} over; ${far} are set.` };
  return {
    kind: 'partly-done',
    message: `The backfill ${id} was cancelled at another terminal; ${far} are set, and stay so.`,
  };
}

/** The same for one that is known by its number alone. */
export async function resumeBackfill(db: Console, id: number, watch: FillWatch): Promise<Result<Filled, Failure>> {
  const note = await needBackfill(db, id);
  if (!note.ok) return note;
  const fill = fillOf(await readTable(db, note.value.table), note.value);
  return fill.ok ? doBackfill(db, fill.value, watch) : fill;
}
