import { keepPreviousData } from '@tanstack/react-query';
import { refreshEvery, type TimeRange } from '../time-range.ts';
import { CHEAP_ROWS } from './limits.ts';

/**
 * How every page's figures are kept fresh: asked for again one after the other, never two at once, not in a hidden tab,
 * not when the range is over; while the answer for another range is on its way, the old one stays.
 */
export const refreshing = (range: TimeRange) => ({
  refetchInterval: refreshEvery(range),
  refetchIntervalInBackground: false,
  placeholderData: keepPreviousData,
});

/** Milliseconds until a search over events is asked again that read so many of them: what costs more is asked less often. */
export function searchAgainAfter(range: TimeRange, scanned = 0): number | false {
  const every = refreshEvery(range);
  return every === false ? false : every * Math.max(1, scanned / CHEAP_ROWS);
}
