import type { View } from '@scorpiox/shared/contract';
import { parseRange, type TimeRange } from '../../lib/time-range.ts';

/** The time range of a saved view; the usual one where the view's is none that the page can show. */
export function rangeOfView({ from, to }: Pick<View, 'from' | 'to'>): TimeRange {
  const span = to === 'now' && from.startsWith('now-') ? from.slice('now-'.length) : undefined;
  return parseRange({ range: span, from, to });
}
