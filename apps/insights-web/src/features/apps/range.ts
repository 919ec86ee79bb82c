import { REFRESH_LONG_MS, REFRESH_SHORT_MS } from '../../lib/limits.ts';

/** The spans one can choose, shortest first; spelled as the API and the address spell them. */
export const RANGES = ['15m', '1h', '6h', '24h', '7d', '30d'] as const;
export type Range = (typeof RANGES)[number];

export const DEFAULT_RANGE: Range = '24h';

/** Each span in words. */
export const RANGE_NAMES: Record<Range, string> = {
  '15m': '15 minutes',
  '1h': 'hour',
  '6h': '6 hours',
  '24h': '24 hours',
  '7d': '7 days',
  '30d': '30 days',
};

/** Reads the `range` of an address; anything that is none is the default. */
export const parseRange = (text: string | undefined): Range => RANGES.find((range) => range === text) ?? DEFAULT_RANGE;

/** Milliseconds between two refreshes of a span. */
export const refreshEvery = (range: Range): number =>
  range === '15m' || range === '1h' ? REFRESH_SHORT_MS : REFRESH_LONG_MS;
