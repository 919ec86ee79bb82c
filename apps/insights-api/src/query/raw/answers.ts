import type { EventsResponse, PartialSearch, ValuesResponse } from '@scorpiox/shared/contract';
import type { Place } from '@scorpiox/shared/query-language';
import type { EventKey, Order, RawEvents, Slice, SliceEnd } from '../../store/raw/raw-port.ts';
import type { TimeRange } from '../time-range.ts';
import type { Asked } from './asked.ts';
import { isoMicros, toCursor, toRecord } from './event-record.ts';
import { SEARCH_BUDGET, VALUES_BUDGET, VALUES_SHOWN } from './limits.ts';
import { search, takeEvents } from './search.ts';
import { type Budget, type Step, type WalkEnd, type WalkOptions, walk } from './walk.ts';

/** What raw questions are asked with. */
export interface RawTools {
  readonly raw: RawEvents;
  /** Milliseconds since 1970, and milliseconds that never jump. */
  readonly now: () => number;
  readonly ticks: () => number;
  /** Says that nobody waits for the answer any more. */
  readonly signal?: AbortSignal | undefined;
}

export const toWalk = (
  { fields, range }: Asked,
  { ticks, signal }: RawTools,
  budget: Budget,
  { order = 'newest', after }: { readonly order?: Order; readonly after?: EventKey | undefined } = {},
): WalkOptions => ({ fields, order, from: range.from * 1000, to: range.to * 1000, after, budget, ticks, signal });

/** What every search says of itself. */
export function describe({ notes }: Asked, { from, to }: TimeRange, now: number, end: WalkEnd) {
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    now: new Date(now).toISOString(),
    scanned: end.scanned,
    partial: toPartial(end),
    notes: [...notes],
  };
}

const toPartial = ({ spent }: WalkEnd): PartialSearch | null =>
  spent === undefined ? null : { reason: spent.reason, reached: isoMicros(spent.horizon.time) };

/** `GET /api/events`. */
export async function answerEvents(
  tools: RawTools,
  asked: Asked,
  page: { readonly limit: number; readonly order: Order; readonly after?: EventKey | undefined },
): Promise<EventsResponse> {
  const options = toWalk(asked, tools, SEARCH_BUDGET, page);
  const found = search(tools.raw, options, { most: page.limit + 1, whole: false });
  // One more than is shown: whether there is a next page is known without asking for it.
  const { events, end } = await takeEvents(found, page.limit + 1);
  const shown = events.slice(0, page.limit);
  const last = shown.at(-1);
  const goesOn = events.length > shown.length ? last : end.spent?.horizon;
  return {
    events: shown.map((event) => toRecord(event, asked.names)),
    nextCursor: goesOn === undefined ? null : toCursor(goesOn),
    ...describe(asked, asked.range, tools.now(), end),
  };
}

/** `GET /api/events/values`: from the newest events, since completion is asked while somebody types. */
export async function answerValues(
  tools: RawTools,
  asked: Asked,
  { field, place, prefix }: { readonly field: string; readonly place: Place; readonly prefix: string },
): Promise<ValuesResponse> {
  const counts = new Map<string, number>();
  let events = 0;
  await walkAll(
    toWalk(asked, tools, VALUES_BUDGET),
    (slice) => tools.raw.values(slice, place),
    ({ answer }) => {
      events += answer.events;
      for (const { value, count } of answer.values) counts.set(value, (counts.get(value) ?? 0) + count);
    },
  );
  const folded = prefix.toLowerCase();
  const values = [...counts]
    .filter(([value]) => value.toLowerCase().startsWith(folded))
    .toSorted(([a, times], [b, others]) => others - times || (a < b ? -1 : 1))
    .slice(0, VALUES_SHOWN)
    .map(([value, count]) => ({ value, count }));
  return { field, values, events };
}

/** Walks to the end of the span or of the budget. */
export async function walkAll<A extends SliceEnd>(
  options: WalkOptions,
  read: (slice: Slice) => Promise<A>,
  use: (step: Step<A>) => void,
): Promise<WalkEnd> {
  const steps = walk(options, read);
  for (;;) {
    const next = await steps.next();
    if (next.done) return next.value;
    use(next.value);
  }
}
