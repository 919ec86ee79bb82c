import { keepPreviousData } from '@tanstack/react-query';
import { refreshEvery, type TimeRange } from '../time-range.ts';

/**
 * How every page's figures are kept fresh: asked for again one after the other, never two at once, not in a hidden tab,
 * not when the range is over; while the answer for another range is on its way, the old one stays.
 */
export const refreshing = (range: TimeRange) => ({
  refetchInterval: refreshEvery(range),
  refetchIntervalInBackground: false,
  placeholderData: keepPreviousData,
});
