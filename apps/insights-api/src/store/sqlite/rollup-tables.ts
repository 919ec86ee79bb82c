import type { Resolution } from '../../rollup/resolutions.ts';

/** Where the sums of each resolution are, and their latency buckets. */
export const ROLLUP_TABLES: { readonly [R in Resolution]: { readonly sums: string; readonly buckets: string } } = {
  1: { sums: 'rollups', buckets: 'rollup_buckets' },
  60: { sums: 'hour_rollups', buckets: 'hour_rollup_buckets' },
  1440: { sums: 'day_rollups', buckets: 'day_rollup_buckets' },
};
