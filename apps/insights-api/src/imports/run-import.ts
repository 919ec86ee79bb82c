import type { ImportState } from '@scorpiox/shared/contract';
import { IMPORT_REST, IMPORT_RETRY_MS } from '../limits.ts';
import type { Store, Submission } from '../store/port.ts';
import type { Work } from '../work/board.ts';
import { addPage, partDone, type StoredOutcome } from './progress.ts';
import { type Reading, readPage } from './read-page.ts';
import { type ImportSource, LAST_KEY } from './source.ts';

/*
 * Importing a table
 *
 * Invariants: each identity is in the database at most once, whatever is killed and however often an import is run; of rows
 * with the same identity the one with the lowest key stays, unless the database had that event before; every row read is
 * accepted, a duplicate, or left out for a reason.
 *
 * Hazards: the process dies between the commit of a page and the note of it; the table is written to meanwhile; the
 * database is away, or busy with those who send now; an event is older than what is kept, so retention would delete it,
 * and its key with it, and the next run would add it to the sums again.
 *
 * Rules:
 * 1. Pages in ascending order of the key, each one `write` of the store: events, rollups and counters are one transaction,
 *    and the unique index says what is there already. Nothing is searched for duplicates before.
 * 2. The note of how far it is comes after the commit. So a page may be written twice and never not at all; the second time
 *    all of it are duplicates, here and in the counters of the applications, and the rollups stay as they are.
 * 3. Rows that retention would delete are left out, by the same window as at ingest, and that is told. Whoever wants them
 *    sets a longer retention first: then the keys live as long as the events. What lies where events were deleted before
 *    the store refuses, for the same reason.
 * 4. It reads until a page is empty, so rows added at the end meanwhile come along. The rows are counted again after that;
 *    where the table has others than were read, it is told to start again.
 * 5. What was left out is no part of the applications' counters: a replay would count it again.
 */

export interface RunDeps {
  readonly source: ImportSource;
  readonly reading: Reading;
  readonly store: Pick<Store, 'write'>;
  readonly work: Work;
  /** Notes how far it is: durable when it returns. */
  readonly save: (state: ImportState) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Waits; ends at once when the signal is aborted. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
}

/** Imports page by page to the end of the table; false when it was told to stop before. Rejects as the source does. */
export async function runImport(begun: ImportState, deps: RunDeps): Promise<boolean> {
  const { source, reading, work, save, now, pause, signal } = deps;
  let state = begun;
  while (!signal.aborted) {
    const start = now();
    const rows = await source.page(BigInt(state.next), reading.map.columns);
    const last = rows.at(-1);
    if (last === undefined) return true;
    const page = readPage(rows, reading, start);
    const outcomes = await writePage(deps, page.submissions, partDone(state));
    if (outcomes === undefined) return false;
    // The highest key there is has none after it: its row would be read again for ever.
    const isLast = last.key === LAST_KEY;
    state = addPage(state, page, outcomes, isLast ? last.key : last.key + 1n);
    save(state);
    work.progress(partDone(state), describe(state));
    if (isLast) return true;
    await pause((now() - start) * IMPORT_REST, signal);
  }
  return false;
}

const describe = ({ source, table, read, rows }: ImportState): string =>
  `${source} ${table}: ${read} of ${rows.before} rows`;

/** Writes until all of it is stored; undefined when it was told to stop before. What was stored is a duplicate next time. */
async function writePage(
  { store, work, pause, signal }: RunDeps,
  submissions: readonly Submission[],
  done: number,
): Promise<readonly StoredOutcome[] | undefined> {
  const stored: (StoredOutcome | undefined)[] = submissions.map(() => undefined);
  while (!signal.aborted) {
    const left = [...stored.entries()].flatMap(([index, outcome]) => (outcome === undefined ? [index] : []));
    const outcomes = await store.write(left.flatMap((index) => submissions[index] ?? []));
    let reason: string | undefined;
    for (const [number, index] of left.entries()) {
      const outcome = outcomes[number];
      if (outcome?.kind === 'stored') stored[index] = outcome;
      else reason = outcome?.error.message ?? 'the store gave no outcome';
    }
    if (reason === undefined) return stored.flatMap((outcome) => outcome ?? []);
    work.progress(done, `waits for the database: ${reason}`);
    await pause(IMPORT_RETRY_MS, signal);
  }
  return undefined;
}
