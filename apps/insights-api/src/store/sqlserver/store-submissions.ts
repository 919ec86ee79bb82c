import type { Run } from '@scorpiox/shared/database/sqlserver';
import { RollupAccumulator } from '../../rollup/accumulate.ts';
import type { StoredMetric } from '../../rollup/metrics/read-event.ts';
import { countSubmission } from '../count-submission.ts';
import { placesWithin } from '../deleted-span.ts';
import { OverviewSums } from '../overview/sums.ts';
import type { Submission, SubmissionOutcome } from '../port.ts';
import { readDeleted } from './deleted-events.ts';
import { type InsertMode, insertEvents } from './insert-events.ts';
import { writeMetrics } from './metrics/write.ts';
import { addOverview } from './overview/write.ts';
import { isUnkeyable, place, prepareBatch } from './prepare-batch.ts';
import { writeSums } from './sums.ts';

/**
 * Inserts submissions with their rollups and counters, inside a transaction; one outcome each. `refused` names events
 * (by `place`) that stay out, and so does what lies where events were deleted.
 */
export async function storeSubmissions(
  run: Run,
  mode: InsertMode,
  submissions: readonly Submission[],
  refused: ReadonlySet<string>,
): Promise<readonly SubmissionOutcome[]> {
  const deleted = await readDeleted(run);
  const tooOld = submissions.map(({ appId, events }) => placesWithin(deleted.get(appId), events));
  const within = tooOld.flatMap((places, number) => places.map((index) => place(number, index)));
  const batch = prepareBatch(submissions, new Set([...refused, ...within]));
  const keys = await insertEvents(run, batch, mode);
  const stored = submissions.map(() => [] as number[]);
  for (const { key, submission, index } of batch) if (keys.has(key)) stored[submission]?.push(index);
  const rollups = new RollupAccumulator();
  const metrics: StoredMetric[] = [];
  const overview = new OverviewSums();
  const results = submissions.map((submission, number) => {
    const places = stored[number] ?? [];
    for (const index of places) {
      const event = submission.events[index]?.event;
      if (event === undefined) continue;
      const { appId, receivedAt } = submission;
      rollups.add(appId, event);
      if (event.kind === 'metric') metrics.push({ appId, receivedAt, event });
    }
    overview.add(submission, places);
    return toResult(submission, places, refusedOf(submission, number, refused), tooOld[number] ?? []);
  });
  await writeMetrics(run, metrics);
  await writeSums(
    run,
    rollups,
    results.map(({ delta }) => delta),
  );
  await addOverview(run, overview.changes(rollups, Date.now()));
  return results.map(({ outcome }) => outcome);
}

function refusedOf({ events }: Submission, number: number, refused: ReadonlySet<string>): readonly number[] {
  return [...events.entries()].flatMap(([index, item]) =>
    isUnkeyable(item) || refused.has(place(number, index)) ? [index] : [],
  );
}

function toResult(
  submission: Submission,
  stored: readonly number[],
  refused: readonly number[],
  within: readonly number[],
) {
  const tooOld = within.filter((index) => !refused.includes(index));
  const turnedAway = [['refused', refused.length] as const, ['too-old', tooOld.length] as const];
  const ascending = stored.toSorted((a, b) => a - b);
  const delta = countSubmission(submission, ascending, turnedAway);
  const { accepted, duplicates } = delta;
  const some = tooOld.length > 0 ? { tooOld } : {};
  const outcome: SubmissionOutcome = { kind: 'stored', accepted, duplicates, refused, ...some };
  return { delta, outcome };
}
