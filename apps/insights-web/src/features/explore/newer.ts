/**
 * What has come since a list of events was loaded. A list that somebody reads must not move, so newer events are looked for
 * beside it and wait. Pure.
 */
import type { EventRecord, EventsResponse } from '@scorpiox/shared/contract';
import { type EventPages, eventsOf } from '../../lib/api/get-events.ts';
import { NEWER_MAX, NEWER_OVERLAP_MS } from '../../lib/api/limits.ts';
import { printEventAddress } from '../../lib/event-address.ts';

export interface Newer {
  /** Up to when was looked, ISO 8601. */
  readonly until: string;
  /** The newest first; none that the list has. */
  readonly events: readonly EventRecord[];
  /** Events that the last look read. */
  readonly scanned: number;
  /** There are more than that, so the list has to begin anew. */
  readonly overflows: boolean;
}

/** Of a list that was just loaded. */
export const nothingNewer = ({ pages }: EventPages): Newer => ({
  until: pages[0]?.to ?? new Date(0).toISOString(),
  events: [],
  scanned: 0,
  overflows: false,
});

/** From when on to look: some events come late. */
export const lookFrom = ({ until }: Newer): string => new Date(Date.parse(until) - NEWER_OVERLAP_MS).toISOString();

/** What an answer to the look adds. What is older than the list has come to so far is left to its next page. */
export function takeNewer(before: Newer, list: EventPages, answer: EventsResponse): Newer {
  const loaded = eventsOf(list);
  const known = new Set([...before.events, ...loaded].map(printEventAddress));
  const oldest = list.pages.at(-1)?.nextCursor == null ? '' : (loaded.at(-1)?.time ?? '');
  const fresh = answer.events.filter((event) => event.time > oldest && !known.has(printEventAddress(event)));
  const events = newestFirst([...fresh, ...before.events]);
  const overflows = before.overflows || answer.nextCursor !== null || events.length > NEWER_MAX;
  return { until: answer.to, events: events.slice(0, NEWER_MAX), scanned: answer.scanned, overflows };
}

/** The list with them among its events: one page that goes on where the last one did. */
export function withNewer(list: EventPages, { events }: Newer): EventPages {
  const [first, last] = [list.pages[0], list.pages.at(-1)];
  if (first === undefined || last === undefined) return list;
  const all = newestFirst([...events, ...eventsOf(list)]);
  return { pages: [{ ...last, to: first.to, now: first.now, events: all }], pageParams: [null] };
}

const newestFirst = (events: readonly EventRecord[]): EventRecord[] =>
  events.toSorted((a, b) => (a.time === b.time ? 0 : a.time < b.time ? 1 : -1));
