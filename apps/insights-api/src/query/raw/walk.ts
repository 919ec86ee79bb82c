import type { Query } from '@scorpiox/shared/query-language';
import type { Edge, EventKey, Order, Slice, SliceEnd } from '../../store/raw/raw-port.ts';
import { SLICE_ROWS, SLICE_SLOW_MS } from './limits.ts';

/*
 * The walk
 *
 * Events lie by application and time; a question wants them by time alone, newest or oldest first, from many
 * applications, and must end in time. So each application has a frontier, up to which its events are known. The walk always
 * reads on where the frontier comes first: what lies before that, the horizon, is known of all of them. Slices begin small,
 * since most pages are full soon, and grow while they are quick. When the budget is spent the walk ends at its horizon:
 * nothing before it is missing, and the next walk goes on there. It never ends before the horizon has moved, or the next
 * would not get further.
 */

/** An application's events that are asked for. */
export interface Field {
  readonly appId: number;
  readonly query: Query;
}

export interface WalkOptions {
  readonly fields: readonly Field[];
  readonly order: Order;
  /** Microseconds since 1970, `to` excluded. */
  readonly from: number;
  readonly to: number;
  /** Only what comes after this event, which may be in any application. */
  readonly after?: EventKey | undefined;
  readonly budget: Budget;
  /** Milliseconds that never jump. */
  readonly ticks: () => number;
  readonly signal?: AbortSignal | undefined;
}

/** What a question may take. */
export interface Budget {
  readonly ms: number;
  readonly rows: number;
}

/** A slice that was read, and how far the walk is after it. */
export interface Step<A> {
  readonly appId: number;
  readonly answer: A;
  /** Everything that comes before this, and itself, is known; undefined when everything is. */
  readonly horizon: EventKey | undefined;
}

/** How a walk ended. */
export interface WalkEnd {
  readonly scanned: number;
  /** Why it ended before its end, and where. */
  readonly spent?: { readonly reason: 'time' | 'rows'; readonly horizon: EventKey };
}

interface Frontier extends Field {
  edge: Edge;
  rows: number;
  /** Whether anything of it was read. */
  moved: boolean;
}

type Comes = (a: EventKey, b: EventKey) => boolean;

/** Whether one event comes after another. Newest first it does that is older, or has the lower number or hash. */
const COMES_AFTER: { readonly [O in Order]: Comes } = {
  newest: (a, b) => isOlder(a, b),
  oldest: (a, b) => isOlder(b, a),
};

export const comesAfter = (order: Order): Comes => COMES_AFTER[order];

function isOlder(a: EventKey, b: EventKey): boolean {
  if (a.time !== b.time) return a.time < b.time;
  return a.appId === b.appId ? a.hash < b.hash : a.appId < b.appId;
}

/** Walks; gives each slice as it is read. Rejects as `read` does, and when the signal says so. */
export async function* walk<A extends SliceEnd>(
  options: WalkOptions,
  read: (slice: Slice) => Promise<A>,
): AsyncGenerator<Step<A>, WalkEnd> {
  const { order, budget, ticks, signal } = options;
  const limit = order === 'newest' ? options.from : options.to;
  const began = ticks();
  let open = options.fields
    .map((field) => startOf(field, options))
    .filter(({ edge }) => !isThrough(edge, order, limit));
  let scanned = 0;
  for (;;) {
    const next = firstOf(open, order);
    if (next === undefined) return { scanned };
    const reason = ticks() - began >= budget.ms ? 'time' : scanned >= budget.rows ? 'rows' : undefined;
    if (reason !== undefined && next.moved) return { scanned, spent: { reason, horizon: keyOf(next) } };
    signal?.throwIfAborted();
    const before = ticks();
    const { appId, query, edge } = next;
    const rows = Math.min(next.rows, Math.max(1, budget.rows - scanned));
    const answer = await read({ appId, query, order, edge, limit, rows });
    scanned += answer.scanned;
    next.moved = true;
    if (answer.end === undefined) open = open.filter((one) => one !== next);
    else next.edge = answer.end;
    next.rows = nextRows(next.rows, ticks() - before, answer);
    const first = firstOf(open, order);
    yield { appId, answer, horizon: first && keyOf(first) };
  }
}

/** Whether nothing of the span comes after an edge. */
const isThrough = ({ time, hash }: Edge, order: Order, limit: number): boolean =>
  order === 'newest' ? time <= limit && hash === '' : time >= limit;

function startOf(field: Field, { order, from, to, after }: WalkOptions): Frontier {
  const start = { time: order === 'newest' ? to : from, hash: '' };
  const edge = after === undefined ? start : edgeOf(field.appId, after, order, start);
  return { ...field, edge, rows: SLICE_ROWS.first, moved: false };
}

/** From where on an application's events come after another event; an empty hash stands before all of its time. */
function edgeOf(appId: number, after: EventKey, order: Order, start: Edge): Edge {
  const { time, hash, appId: other } = after;
  const isBefore = order === 'newest' ? time >= start.time : time < start.time;
  if (isBefore) return start;
  if (appId === other) return { time, hash };
  return { time: appId < other ? time + 1 : time, hash: '' };
}

function firstOf(open: readonly Frontier[], order: Order): Frontier | undefined {
  const comes = comesAfter(order);
  let first: Frontier | undefined;
  for (const one of open) if (first === undefined || comes(keyOf(first), keyOf(one))) first = one;
  return first;
}

const keyOf = ({ appId, edge }: Frontier): EventKey => ({ appId, ...edge });

/** As many as were read where the answer was full before: the end of a slice is looked up first, and that is for nothing then. */
function nextRows(rows: number, took: number, { end, scanned }: SliceEnd): number {
  if (end !== undefined && scanned < rows) return Math.max(SLICE_ROWS.first, Math.min(rows, scanned * 2));
  if (took > SLICE_SLOW_MS) return Math.max(SLICE_ROWS.first, Math.floor(rows / 2));
  return took > SLICE_SLOW_MS / 2 ? rows : Math.min(SLICE_ROWS.most, rows * 4);
}
