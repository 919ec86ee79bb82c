import type { ParsedEvent } from '@scorpiox/shared/telemetry';
import type { IdentifiedEvent } from './port.ts';

/*
 * What was deleted stays deleted
 *
 * An event is recognised by its key, and the key goes with the event: after that nothing would tell a replay from an event
 * that is new. As long as retention stays as it is the window at ingest keeps replays out. Where it is lowered, so that
 * events go, and raised again, or where a process has not heard yet that it was lowered, the window would let them in, and
 * the sums, which outlive the events, would count them twice.
 *
 * So each application has the span of what was ever deleted of it, widened in the transaction that deletes and read in
 * the one that inserts, never both at once (SQLite has one writer; on SQL Server the lock `scorpiox_purge` keeps them
 * apart). An event within the span is refused as too old, and counted so. Beyond both ends nothing was deleted: what is
 * newer is as usual, and an import of what is older than all that an application ever had goes in.
 */

/** Times of the oldest and of the newest event that were deleted, as `timeOf` gives them. */
export interface DeletedSpan {
  readonly oldest: number;
  readonly newest: number;
}

/** The time of an event as it is stored: whole microseconds since 1970. */
export const timeOf = (event: ParsedEvent): number => event.timeMs * 1000 + (event.timeUs ?? 0);

/** The places of the events that lie within a span, ascending; undefined: nothing was deleted. */
export function placesWithin(span: DeletedSpan | undefined, events: readonly IdentifiedEvent[]): readonly number[] {
  if (span === undefined) return [];
  return [...events.entries()].flatMap(([index, { event }]) => {
    const time = timeOf(event);
    return time >= span.oldest && time <= span.newest ? [index] : [];
  });
}
