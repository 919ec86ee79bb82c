import type { DropReason } from '../ingest/pipeline/reasons.ts';
import { LATE_MS } from '../limits.ts';
import type { AppCounters, Submission } from './port.ts';

/** What a submission adds to its application's counters. */
export interface CounterDelta extends AppCounters {
  readonly appId: number;
  /** Milliseconds since 1970. */
  readonly spokeAt: number;
}

/**
 * When an application spoke that sent this: as it was received, except where it brings nothing but a past (all of it
 * more than LATE_MS old, as an import does), when the newest of that happened. So a past that is sent today does not make
 * look alive what has been silent since.
 */
export function spokeAt({ receivedAt, events, dropped }: Submission): number {
  if (events.length === 0 || Object.keys(dropped).length > 0) return receivedAt;
  const newest = events.reduce((time, { event }) => Math.max(time, event.timeMs), 0);
  return receivedAt - newest > LATE_MS ? newest : receivedAt;
}

/** Counts a submission: `stored` are the places in `events` of those that went in, `turnedAway` how many were not taken. */
export function countSubmission(
  submission: Submission,
  stored: readonly number[],
  turnedAway: readonly (readonly [DropReason, number])[],
): CounterDelta {
  const { appId, receivedAt, events, dropped } = submission;
  const kept = stored.flatMap((index) => events[index]?.event ?? []);
  const adjusted: Record<string, number> = {};
  for (const { what } of kept.flatMap((event) => event.adjustments)) adjusted[what] = (adjusted[what] ?? 0) + 1;
  const lost = Object.values(dropped).reduce((sum, count) => sum + count, 0);
  const rejected = { ...dropped };
  for (const [reason, count] of turnedAway) if (count > 0) rejected[reason] = (rejected[reason] ?? 0) + count;
  return {
    appId,
    spokeAt: spokeAt(submission),
    received: events.length + lost,
    accepted: kept.length,
    duplicates: events.length - kept.length - turnedAway.reduce((sum, [, count]) => sum + count, 0),
    sampled: kept.filter((event) => event.weight !== 1).length,
    late: kept.filter((event) => receivedAt - event.timeMs > LATE_MS).length,
    rejected,
    adjusted,
  };
}
