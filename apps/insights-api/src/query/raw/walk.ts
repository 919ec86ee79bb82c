import type { Query } from '@scorpiox/shared/query-language';
import type { Edge, EventKey, Slice, SliceEnd } from '../../store/raw/raw-port.ts';
import { SLICE_ROWS, SLICE_SLOW_MS } from './limits.ts';

/*
 * The walk
 *
 * Events lie by application and time; a question wants them by time alone, newest first, from many applications, and must
 * end in time. So each application has a frontier, down to which its events are known. The walk always reads on where the
 * frontier is newest: what lies above that, the horizon, is known of all of them. Slices begin small, since most pages
 * are full soon, and grow while they are quick. When the budget is spent the walk ends at its horizon: nothing above it is
 * missing, and the next walk goes on there. It never ends before the horizon has moved, or the next would not get further.
 */

/** An application's events that are asked for. */
export interface Field {
  readonly appId: number;
  readonly query: Query;
}

export interface WalkOptions {
  readonly fields: readonly Field[];
  /** Microseconds since 1970, `to` excluded. */
  readonly from: number;
  readonly to: number;
  /** Only what is older than this event, which may be in any application. */
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
  /** Everything newer than this, or at it, is known; undefined when everything is. */
  readonly horizon: EventKey | undefined;
}

/** How a walk ended. */
export interface WalkEnd {
  readonly scanned: number;
  /** Why it ended before its end, and where. */
  readonly spent?: { readonly reason: 'time' | 'rows'; readonly horizon: EventKey };
}

interface Frontier extends Field {
  below: Edge;
  rows: number;
  /** Whether anything of it was read. */
  moved: boolean;
}

/** Whether one event comes after another in the order of answers: it is older, or has the lower number or hash. */
export function isAfter(a: EventKey, b: EventKey): boolean {
  if (a.time !== b.time) return a.time < b.time;
  return a.appId === b.appId ? a.hash < b.hash : a.appId < b.appId;
}

/** Walks; gives each slice as it is read. Rejects as `read` does, and when the signal says so. */
export async function* walk<A extends SliceEnd>(
  options: WalkOptions,
  read: (slice: Slice) => Promise<A>,
): AsyncGenerator<Step<A>, WalkEnd> {
  const { from, budget, ticks, signal } = options;
  const began = ticks();
  let open = options.fields
    .map((field) => startOf(field, options))
    .filter(({ below }) => below.time > from || below.hash > '');
  let scanned = 0;
  for (;;) {
    const newest = newestOf(open);
    if (newest === undefined) return { scanned };
    const reason = ticks() - began >= budget.ms ? 'time' : scanned >= budget.rows ? 'rows' : undefined;
    if (reason !== undefined && newest.moved) return { scanned, spent: { reason, horizon: keyOf(newest) } };
    signal?.throwIfAborted();
    const before = ticks();
    const { appId, query, below, rows } = newest;
    const answer = await read({ appId, query, from, below, rows: Math.min(rows, Math.max(1, budget.rows - scanned)) });
    scanned += answer.scanned;
    newest.moved = true;
    if (answer.end === undefined) open = open.filter((one) => one !== newest);
    else newest.below = answer.end;
    newest.rows = nextRows(rows, ticks() - before, answer);
    const next = newestOf(open);
    yield { appId, answer, horizon: next && keyOf(next) };
  }
}

function startOf(field: Field, { to, after }: WalkOptions): Frontier {
  return {
    ...field,
    below: after === undefined ? { time: to, hash: '' } : belowOf(field.appId, after, to),
    rows: SLICE_ROWS.first,
    moved: false,
  };
}

/** Below which place an application's events come after another event. */
function belowOf(appId: number, { time, hash, appId: other }: EventKey, to: number): Edge {
  if (time >= to) return { time: to, hash: '' };
  if (appId === other) return { time, hash };
  return { time: appId < other ? time + 1 : time, hash: '' };
}

function newestOf(open: readonly Frontier[]): Frontier | undefined {
  let newest: Frontier | undefined;
  for (const one of open) if (newest === undefined || isAfter(keyOf(newest), keyOf(one))) newest = one;
  return newest;
}

const keyOf = ({ appId, below }: Frontier): EventKey => ({ appId, ...below });

/** As many as were read where the answer was full before: the end of a slice is looked up first, and that is for nothing then. */
function nextRows(rows: number, took: number, { end, scanned }: SliceEnd): number {
  if (end !== undefined && scanned < rows) return Math.max(SLICE_ROWS.first, Math.min(rows, scanned * 2));
  if (took > SLICE_SLOW_MS) return Math.max(SLICE_ROWS.first, Math.floor(rows / 2));
  return took > SLICE_SLOW_MS / 2 ? rows : Math.min(SLICE_ROWS.most, rows * 4);
}
