/*
 * Duplicates are removed, and can be put back
 *
 * Of the rows of each key the earliest stays. The others go into an archive beside the table, `<table>_duplicates_<id>`.
 *
 * Invariants
 * - A row is in the table or in the archive, never in neither and never in both: it is archived in the transaction that
 *   removes it. So whatever kills the process, nothing is lost, and how far it came is told by the database alone.
 * - A row goes only while the one that stays is there and has the same key: both are looked at again, under locks, in the
 *   transaction that removes it. A key never loses its last row.
 * - The rows that go are written down first (the doomed) and taken in batches by number, each a short transaction: nobody
 *   waits long, and no batch grows into a lock of the whole table.
 * - What is noted of a removal is in the database: `removing` from its beginning, `whole` at its end, `returning` while it
 *   is taken back, and nothing once it is, as before it.
 *
 * Hazards, and what is done about them
 * - It dies anywhere. Done again, it finds what is noted, writes the doomed down anew (what went is gone) and goes on.
 * - New duplicates come while it works. It looks again, a few times; what came after that is counted. Only a unique index
 *   forbids them (../unique/unique.ts).
 * - Row numbers of SQLite that are no column change at VACUUM. The doomed are good for one run, and a row is still only
 *   removed beside one of its own key.
 * - Two are at it, one of them taking it back: an archive is dropped only while it is seen to be empty, in one transaction, so the
 *   other one's next batch fails and is undone.
 * - Rows that go may take rows of other tables with them (ON DELETE CASCADE): planned, that is refused (plan.ts). Where the
 *   database itself forbids it, the batch is undone and the rest stays.
 */
import { type Console, ConsoleError, type Run } from '@scorpiox/shared/database/console';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import { number } from '../dialect/rows.ts';
import { countDuplicates, type KeyCounts } from '../dupes/dupes.ts';
import { only } from '../rows/cells.ts';
import { DEDUPE_DRIFT, DEDUPE_DRIFT_PERCENT, DEDUPE_ROUNDS } from '../rows/limits.ts';
import { patiently } from '../rows/patience.ts';
import { exists } from '../rows/read-table.ts';
import { place, shownName } from '../rows/table.ts';
import type { Watch } from '../rows/watch.ts';
import { lockTable } from '../unique/texts.ts';
import { noteBegin, noteNothing, noteState, stateOf } from './notes.ts';
import type { Removal, Span } from './removal.ts';
import { textsOf } from './texts.ts';

/** What a removal did: its own numbers, and the table's before and after. */
export interface Removed {
  readonly before: KeyCounts;
  readonly after: KeyCounts;
  /** Rows that this run removed. */
  readonly removed: number;
  /** Rows in the archive, those of an earlier run that was cut short included. */
  readonly archived: number;
}

/** What was shown to whoever agreed: the table's rows, and how many of them were to go. */
export interface Expected {
  readonly rows: number;
  readonly planned: number;
}

/** Removes duplicates. Rejects with `ConsoleError`. */
export async function removeDuplicates(
  db: Console,
  removal: Removal,
  expected: Expected,
  watch: Watch,
): Promise<Result<Removed, Failure>> {
  const before = await countDuplicates(db.run, removal);
  if (isOther(before, expected)) return err(grown(before, expected));
  await beginRemoval(db, removal);
  const removed = await removeInRounds(db, removal, watch);
  if (!removed.ok) return removed;
  await db.transaction(async (run) => {
    await run(textsOf(removal.table).dropTable(place(removal.table, removal.doomed)));
    await noteState(run, removal, 'whole');
  });
  const after = await countDuplicates(db.run, removal);
  return ok({ before, after, removed: removed.value, archived: await countArchived(db.run, removal) });
}

/** Rows that came meanwhile may all be duplicates; many more than came mean that somebody has changed keys. */
function isOther({ rows, excess }: KeyCounts, { rows: seen, planned }: Expected): boolean {
  const came = Math.max(0, rows - seen);
  return excess > planned + came + DEDUPE_DRIFT + (planned * DEDUPE_DRIFT_PERCENT) / 100;
}

const grown = ({ excess }: KeyCounts, { planned }: Expected): Failure => ({
  kind: 'stale',
  message: `There are ${excess.toLocaleString('en')} duplicates now, and ${planned.toLocaleString('en')} were planned to go.`,
});

/** From here on it is noted, and there is an archive, also where somebody has dropped that of an earlier run. */
export async function beginRemoval(db: Console, removal: Removal): Promise<void> {
  const isNoted = (await stateOf(db.run, removal.table, removal.id)) !== 'none';
  const isThere = await exists(db, removal.table, removal.archive);
  if (isNoted && isThere) return;
  await db.transaction(async (run) => {
    if (!isNoted) await noteBegin(run, removal);
    for (const statement of textsOf(removal.table).makeArchive(removal)) await run(statement);
  });
}

/** Looks for duplicates and removes them until it finds none, a few times. How many went. */
export const removeInRounds = (db: Console, removal: Removal, watch: Watch): Promise<Result<number, Failure>> =>
  inRounds(db, removal, watch).catch((error: unknown) => elsewhere(removal, error));

/** Of two processes that are at one removal, the first at its end takes away what the other one goes by. */
function elsewhere({ table, archive }: Removal, error: unknown): Result<never, Failure> {
  if (!(error instanceof ConsoleError) || error.code !== 'no-such-object') throw error;
  const message = `Another process is at the same duplicates of ${shownName(table)}, or takes them back, and this one stops (${error.message}). What went and is not back is in ${archive}.`;
  return err({ kind: 'refused', message });
}

async function inRounds(db: Console, removal: Removal, watch: Watch): Promise<Result<number, Failure>> {
  let removed = 0;
  for (let round = 1; round <= DEDUPE_ROUNDS; round += 1) {
    const doomed = await patiently(() => db.transaction((run) => writeDoomed(run, removal)));
    if (doomed === 0) break;
    for (let above = 0; above < doomed; above += removal.batch) {
      if (watch.stop.aborted) return err(interrupted(removal));
      removed += await patiently(() => db.transaction((run) => removeSpan(run, removal, above, above + removal.batch)));
      watch.onProgress(Math.min(doomed, above + removal.batch), doomed);
    }
  }
  return ok(removed);
}

/** Writes the doomed down, in place of those of before; how many there are. */
export async function writeDoomed(run: Run, removal: Removal): Promise<number> {
  const { dropTable, makeDoomed } = textsOf(removal.table);
  const doomed = place(removal.table, removal.doomed);
  await run(dropTable(doomed));
  for (const statement of makeDoomed(removal)) await run(statement);
  return number(await only(run, { text: `SELECT COALESCE(MAX(n), 0) AS "last" FROM ${doomed}` }), 'last');
}

/** Archives and removes those of the doomed that still are. How many went. */
export async function removeSpan(run: Run, removal: Removal, above: number, upTo: number): Promise<number> {
  const counts: number[] = [];
  for (const statement of textsOf(removal.table).remove(removal, { above, upTo })) {
    counts.push((await run(statement)).affected);
  }
  return agreed(counts, removal);
}

/** What went out of one table and into the other. Where that differs, the transaction is undone. */
function agreed(counts: readonly number[], { table }: Removal): number {
  const [first = 0] = counts;
  if (counts.every((one) => one === first)) return first;
  throw new TypeError(`${counts.join(' and ')} rows of ${shownName(table)} were moved, which is not the same.`);
}

const interrupted = ({ archive }: Removal): Failure => ({
  kind: 'interrupted',
  message: `Interrupted; what went is in ${archive}. Done again, it goes on where it was.`,
});

/** Puts all rows of the archive back and removes it. `refused` where a unique index forbids it. Rejects with `ConsoleError`. */
export async function putBack(db: Console, removal: Removal, watch: Watch): Promise<Result<number, Failure>> {
  if (!(await exists(db, removal.table, removal.archive))) return err(archiveGone(removal));
  await noteState(db.run, removal, 'returning');
  let back = 0;
  for (let isGone = false; !isGone; ) {
    const some = await putAllBack(db, removal, watch).catch((error: unknown) => taken(removal, error));
    if (!some.ok) return some;
    back += some.value;
    isGone = await db.transaction((run) => dropEmptyArchive(run, removal));
  }
  return ok(back);
}

/** Numbers and keys of rows that went are free for others, and SQLite gives the highest ones again. */
function taken({ table, archive }: Removal, error: unknown): Result<never, Failure> {
  if (!(error instanceof ConsoleError) || error.code !== 'duplicate') throw error;
  const message = `Rows that came meanwhile have what rows in ${archive} had (${error.message.replace(/[.\s]+$/, '')}), so these cannot come back into ${shownName(table)}: they are kept in ${archive}. Give those that came other values, or remove them, and undo it again.`;
  return err({ kind: 'refused', message });
}

async function putAllBack(db: Console, removal: Removal, watch: Watch): Promise<Result<number, Failure>> {
  const archive = place(removal.table, removal.archive);
  const greatest = { text: `SELECT COALESCE(MAX(scorpiox_n), 0) AS "last" FROM ${archive}` };
  const last = number(await only(db.run, greatest), 'last');
  let back = 0;
  for (let above = 0; above < last; above += removal.batch) {
    if (watch.stop.aborted) return err(interrupted(removal));
    const span = { above, upTo: above + removal.batch };
    back += await patiently(() => db.transaction((run) => putSpanBack(run, removal, span)));
    watch.onProgress(Math.min(last, above + removal.batch), last);
  }
  return ok(back);
}

/** False where another process has archived more meanwhile: only an archive that is empty goes. */
async function dropEmptyArchive(run: Run, removal: Removal): Promise<boolean> {
  const { table, archive, doomed } = removal;
  for (const statement of lockTable({ ...table, name: archive })) await run(statement);
  if ((await countArchived(run, removal)) > 0) return false;
  const { dropTable } = textsOf(table);
  await run(dropTable(place(table, archive)));
  await run(dropTable(place(table, doomed)));
  await noteNothing(run, removal);
  return true;
}

async function putSpanBack(run: Run, removal: Removal, span: Span): Promise<number> {
  const counts: number[] = [];
  for (const statement of textsOf(removal.table).putBack(removal, span)) {
    counts.push((await run(statement)).affected);
  }
  return agreed(counts, removal);
}

const archiveGone = ({ archive, table }: Removal): Failure => ({
  kind: 'refused',
  message: `There is no table ${archive} any more: what went out of ${shownName(table)} cannot come back.`,
});

/** Rows in the archive. */
export async function countArchived(run: Run, { table, archive }: Removal): Promise<number> {
  return number(await only(run, { text: `SELECT COUNT(*) AS "rows" FROM ${place(table, archive)}` }), 'rows');
}
