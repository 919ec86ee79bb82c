/*
 * A unique index is made on a table that is in use
 *
 * Invariants
 * - The index is there or it is not: making one is a single statement on either database.
 * - What has to go for it is archived first, as with any removal of duplicates (../dedupe/dedupe.ts), under a number of this
 *   index's own, and comes back when the index is taken back.
 *
 * Hazards
 * - Others insert duplicates all the while: between the look and the index there is always room for one. So from the second
 *   attempt on both happen in one transaction that nobody else can write in. It is kept short: what does not fit into a
 *   batch goes before it, in transactions of its own.
 * - The way from SQL Server's IGNORE_DUP_KEY to an index that has it may lose it: other servers take the option and drop it. The
 *   catalog is asked afterwards.
 */
import { type Console, ConsoleError, type Run } from '@scorpiox/shared/database/console';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import { beginRemoval, removeInRounds, removeSpan, writeDoomed } from '../dedupe/dedupe.ts';
import { noteState, stateOf } from '../dedupe/notes.ts';
import type { Removal } from '../dedupe/removal.ts';
import { textsOf } from '../dedupe/texts.ts';
import { cascades } from '../rows/dependents.ts';
import { UNIQUE_ATTEMPTS } from '../rows/limits.ts';
import { patiently } from '../rows/patience.ts';
import { place, shownName } from '../rows/table.ts';
import type { Watch } from '../rows/watch.ts';
import { createIndex, lockTable, type NewIndex } from './texts.ts';

export interface Made {
  /** How often it was tried. */
  readonly attempts: number;
  /** Duplicates that came on the way and were removed. */
  readonly late: number;
}

/** Makes the index. `late` is the removal of what stands in its way. Rejects with `ConsoleError`. */
export async function makeUnique(
  db: Console,
  index: NewIndex,
  late: Removal,
  watch: Watch,
): Promise<Result<Made, Failure>> {
  let removed = 0;
  for (let attempts = 1; attempts <= UNIQUE_ATTEMPTS; attempts += 1) {
    if (watch.stop.aborted) return err({ kind: 'interrupted', message: 'Interrupted; there is no index yet.' });
    const gone = await patiently(() => (attempts === 1 ? tryPlain(db, index) : tryClosed(db, index, late)));
    if (gone !== undefined) {
      if ((await stateOf(db.run, late.table, late.id)) === 'removing') await noteState(db.run, late, 'whole');
      return ok({ attempts, late: removed + gone });
    }
    const cascade = await cascades(db.run, late.table);
    if (cascade !== undefined) return err({ kind: 'refused', message: cascade });
    await beginRemoval(db, late);
    const some = await removeInRounds(db, late, watch);
    if (!some.ok) return some;
    removed += some.value;
  }
  const { table } = index;
  const message = `Duplicates came into ${shownName(table)} faster than they could be removed, ${UNIQUE_ATTEMPTS} times. There is no index yet.`;
  return err({ kind: 'try-again', message });
}

/** How many duplicates went for it (none); undefined where there are some. */
async function tryPlain(db: Console, index: NewIndex): Promise<number | undefined> {
  try {
    await create(db, index);
    return 0;
  } catch (error) {
    if (error instanceof ConsoleError && error.code === 'duplicate') return undefined;
    throw error;
  }
}

/** An edition may be able to, and a server all the same not for this index. */
async function create(db: Console, index: NewIndex): Promise<void> {
  try {
    await db.run(createIndex(index));
  } catch (error) {
    if (!index.isOnline || !(error instanceof ConsoleError) || error.code !== 'refused') throw error;
    await db.run(createIndex({ ...index, isOnline: false }));
  }
}

/** Nothing comes between the last look and the index. Undefined where there are too many duplicates for one transaction. */
function tryClosed(db: Console, index: NewIndex, late: Removal): Promise<number | undefined> {
  return db.transaction(async (run) => {
    for (const statement of lockTable(index.table)) await run(statement);
    const removed = await removeFew(run, late);
    if (removed !== undefined) await run(createIndex({ ...index, isOnline: false }));
    return removed;
  });
}

async function removeFew(run: Run, late: Removal): Promise<number | undefined> {
  const doomed = await writeDoomed(run, late);
  if (doomed > late.batch) return undefined;
  const removed = await removeSpan(run, late, 0, late.batch);
  await run(textsOf(late.table).dropTable(place(late.table, late.doomed)));
  return removed;
}
