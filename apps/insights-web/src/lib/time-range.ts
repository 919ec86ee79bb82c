/**
 * The time range of a page. It lives in the address (`?range=6h`, or `?from=…&to=…` in ISO 8601), where every page of
 * the frame finds it and every link within the frame keeps it, so that one looks at the same hours from all sides.
 */
import { RANGE_LEAST_MS, RANGE_MOST_MS, REFRESH_LONG_MS, REFRESH_SHORT_MS } from './limits.ts';

/** The spans up to now that one can choose, shortest first; spelled as the API and the address spell them. */
export const SPANS = ['15m', '1h', '6h', '24h', '7d', '30d'] as const;
export type Span = (typeof SPANS)[number];

/**
 * A span that ends now, or the time between two moments, milliseconds since 1970; `cutFrom`: where that would begin if it
 * were not longer than can be shown.
 */
export type TimeRange =
  | { readonly kind: 'last'; readonly span: Span }
  | { readonly kind: 'between'; readonly from: number; readonly to: number; readonly cutFrom?: number };

const DEFAULT_RANGE: TimeRange = { kind: 'last', span: '24h' };

/** Each span in words, after "Last". */
export const SPAN_NAMES: Record<Span, string> = {
  '15m': '15 minutes',
  '1h': 'hour',
  '6h': '6 hours',
  '24h': '24 hours',
  '7d': '7 days',
  '30d': '30 days',
};

/** What the address says of the range; nothing is the default. */
export interface RangeSearch {
  readonly range?: Span | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

const momentOf = (value: unknown): number => (typeof value === 'string' ? Date.parse(value) : Number.NaN);

/** The time between two moments; null when they are none, or too close together, or the wrong way round. */
export const between = (from: number, to: number): TimeRange | null =>
  to - from >= RANGE_LEAST_MS ? { kind: 'between', from, to } : null;

/** The end of a range that is too long. */
function cut(range: TimeRange): TimeRange {
  if (range.kind === 'last' || !isTooLong(range)) return range;
  return { ...range, from: range.to - RANGE_MOST_MS, cutFrom: range.from };
}

/** Whether it is longer than can be shown at once. */
export const isTooLong = (range: TimeRange): boolean =>
  range.kind === 'between' && range.to - range.from > RANGE_MOST_MS;

/** Reads the range of an address: nonsense in it is the default, and of what is too long the end is shown. */
export function parseRange(query: Readonly<Record<string, unknown>>): TimeRange {
  const span = SPANS.find((one) => one === query.range);
  if (span !== undefined) return { kind: 'last', span };
  return cut(between(momentOf(query.from), momentOf(query.to)) ?? DEFAULT_RANGE);
}

/** The address's words for a range. All three are named, so that the ones of the range before do not stay. */
export const printRange = (range: TimeRange): RangeSearch =>
  range.kind === 'last'
    ? { range: range.span, from: undefined, to: undefined }
    : { range: undefined, from: new Date(range.from).toISOString(), to: new Date(range.to).toISOString() };

/** What of an address's query is a range: nothing where there is none, or nonsense. */
export function validateRange(query: Record<string, unknown>): RangeSearch {
  if (query.range === undefined && query.from === undefined) return {};
  const range = parseRange(query);
  if (range === DEFAULT_RANGE) return {};
  // A link to more than can be shown stays what it is, and the page says what it shows of it.
  if (range.kind === 'between' && range.cutFrom !== undefined) {
    return { from: new Date(range.cutFrom).toISOString(), to: new Date(range.to).toISOString() };
  }
  return Object.fromEntries(Object.entries(printRange(range)).filter(([, value]) => value !== undefined));
}

/** A range as the API spells it. */
export interface ApiRange {
  readonly from: string;
  readonly to: string;
}

/** The range as the API's `from` and `to`; also what tells the answers for two ranges apart. */
export const apiRange = (range: TimeRange): ApiRange =>
  range.kind === 'last'
    ? { from: `now-${range.span}`, to: 'now' }
    : { from: new Date(range.from).toISOString(), to: new Date(range.to).toISOString() };

/** Milliseconds between two refreshes; false for a range that is over, whose figures do not change. */
export function refreshEvery(range: TimeRange): number | false {
  if (range.kind === 'between') return range.to > Date.now() ? REFRESH_LONG_MS : false;
  return range.span === '15m' || range.span === '1h' ? REFRESH_SHORT_MS : REFRESH_LONG_MS;
}
