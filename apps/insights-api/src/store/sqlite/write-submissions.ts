import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { inTransaction, isTransient } from '@scorpiox/shared/database';
import { RollupAccumulator } from '../../rollup/accumulate.ts';
import type { StoredMetric } from '../../rollup/metrics/read-event.ts';
import { type CounterDelta, countSubmission } from '../count-submission.ts';
import { placesWithin } from '../deleted-span.ts';
import { type OverviewChanges, OverviewSums } from '../overview/sums.ts';
import type { Submission } from '../port.ts';
import { makeDeletedReader } from './deleted-events.ts';
import { INSERT_EVENT, insertEvent } from './event-row.ts';
import { makeMetricWriter } from './metrics/write.ts';
import { makeOverviewWriter } from './overview/write.ts';
import type { WireOutcome } from './thread-protocol.ts';
import { makeCounterWriter } from './write-counters.ts';
import { makeRollupWriter } from './write-rollups.ts';

/*
 * Exactly once
 *
 * Invariants: an event is in `events` at most once; rollups and counters hold exactly what is in `events` and what was
 * counted beside it; what was answered as stored is durable.
 *
 * Hazards: a sender retries what it has no answer to (the answer was lost, or this process died after the commit); two
 * processes write the same event at the same moment; one row that the database refuses sits among thousands of good ones.
 *
 * Rules:
 * 1. Events, rollups and counters of a submission go in by one transaction, begun with the write lock.
 * 2. Only a row that its INSERT reports as one change adds to rollups. Asking first whether it is there would be a race
 *    and a scan.
 * 3. All submissions at hand share a transaction. If it fails, each is tried alone; if that fails too, each of its
 *    events gets a savepoint, and only those that the database refuses are left out, by name.
 * 4. What lies where events were deleted is left out before: nothing would recognise it (../deleted-span.ts).
 * 5. Trouble that has nothing to do with the rows (disk full, lock not to be had) fails the submission: its sender retries.
 */

/** Makes the function that writes submissions, one outcome each. */
export function makeSubmissionWriter(db: DatabaseSync): (submissions: readonly Submission[]) => readonly WireOutcome[] {
  const tools: Tools = {
    db,
    insert: db.prepare(INSERT_EVENT),
    deletedOf: makeDeletedReader(db),
    writeRollups: makeRollupWriter(db),
    writeMetrics: makeMetricWriter(db),
    writeCounters: makeCounterWriter(db),
    writeOverview: makeOverviewWriter(db),
  };
  return (submissions) => {
    try {
      return commit(tools, submissions, insertAll);
    } catch (error) {
      if (isTransient(error)) return submissions.map(() => failed(error));
      return submissions.map((submission) => writeAlone(tools, submission));
    }
  };
}

interface Tools {
  readonly db: DatabaseSync;
  readonly insert: StatementSync;
  readonly deletedOf: ReturnType<typeof makeDeletedReader>;
  readonly writeRollups: (rollups: RollupAccumulator) => void;
  readonly writeMetrics: (stored: readonly StoredMetric[]) => void;
  readonly writeCounters: (delta: CounterDelta) => void;
  readonly writeOverview: (changes: OverviewChanges) => void;
}

/** Inserts a submission's events but for some: which went in, which the database refused; the others were there. */
type Insert = (
  tools: Tools,
  submission: Submission,
  without: ReadonlySet<number>,
) => { readonly stored: number[]; readonly refused: number[] };

function commit(tools: Tools, submissions: readonly Submission[], insert: Insert): readonly WireOutcome[] {
  return inTransaction(tools.db, () => {
    const gathered: Gathered = { rollups: new RollupAccumulator(), metrics: [], overview: new OverviewSums() };
    const outcomes = submissions.map((submission) => writeOne(tools, submission, insert, gathered));
    tools.writeRollups(gathered.rollups);
    tools.writeMetrics(gathered.metrics);
    tools.writeOverview(gathered.overview.changes(gathered.rollups, Date.now()));
    return outcomes;
  });
}

/** The same, for a submission that made a shared transaction fail or was in one with it. */
function writeAlone(tools: Tools, submission: Submission): WireOutcome {
  try {
    const [outcome] = commit(tools, [submission], insertEach);
    return outcome ?? { kind: 'failed', unavailable: 'the writer gave no outcome' };
  } catch (error) {
    return failed(error);
  }
}

const failed = (error: unknown): WireOutcome => ({
  kind: 'failed',
  unavailable: error instanceof Error ? error.message : String(error),
});

/** What is summed up when all submissions of a transaction are in. */
interface Gathered {
  readonly rollups: RollupAccumulator;
  readonly metrics: StoredMetric[];
  readonly overview: OverviewSums;
}

function writeOne(tools: Tools, submission: Submission, insert: Insert, gathered: Gathered): WireOutcome {
  const { rollups, metrics, overview } = gathered;
  const { appId, receivedAt, events } = submission;
  const tooOld = placesWithin(tools.deletedOf(appId), events);
  const { stored, refused } = insert(tools, submission, new Set(tooOld));
  for (const index of stored) {
    const event = events[index]?.event;
    if (event === undefined) continue;
    rollups.add(appId, event);
    if (event.kind === 'metric') metrics.push({ appId, receivedAt, event });
  }
  overview.add(submission, stored);
  const turnedAway = [['refused', refused.length] as const, ['too-old', tooOld.length] as const];
  const delta = countSubmission(submission, stored, turnedAway);
  tools.writeCounters(delta);
  const { accepted, duplicates } = delta;
  const some = stored.length > 0 && stored.length < events.length ? { stored } : {};
  return { kind: 'stored', accepted, duplicates, refused, ...(tooOld.length > 0 ? { tooOld } : {}), ...some };
}

const insertAll: Insert = ({ insert }, { appId, receivedAt, events }, without) => ({
  stored: [...events.keys()].filter((index) => {
    const item = events[index];
    return item !== undefined && !without.has(index) && insertEvent(insert, appId, receivedAt, item);
  }),
  refused: [],
});

const insertEach: Insert = ({ db, insert }, { appId, receivedAt, events }, without) => {
  const stored: number[] = [];
  const refused: number[] = [];
  for (const [index, item] of events.entries()) {
    if (without.has(index)) continue;
    db.exec('SAVEPOINT event');
    try {
      if (insertEvent(insert, appId, receivedAt, item)) stored.push(index);
    } catch (error) {
      if (isTransient(error)) throw error;
      db.exec('ROLLBACK TO event');
      refused.push(index);
    }
    db.exec('RELEASE event');
  }
  return { stored, refused };
};
