import { parseRange, type TimeRange } from '../query/time-range.ts';
import { ApiError } from './errors.ts';

/** The span that a query names. Throws the error that says what is wrong with it. */
export function rangeOf(query: { readonly from?: string; readonly to?: string }, now: number): TimeRange {
  const range = parseRange(query.from, query.to, now);
  if (!range.ok) throw new ApiError(range.error.code, range.error.message, { field: range.error.field });
  return range.value;
}
