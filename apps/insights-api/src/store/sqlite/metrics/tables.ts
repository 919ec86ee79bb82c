import type { Resolution } from '../../../rollup/resolutions.ts';

/** Where the sums of metrics of each resolution are, and their buckets. */
export const METRIC_TABLES: { readonly [R in Resolution]: { readonly sums: string; readonly buckets: string } } = {
  1: { sums: 'metric_rollups', buckets: 'metric_buckets' },
  60: { sums: 'hour_metric_rollups', buckets: 'hour_metric_buckets' },
  1440: { sums: 'day_metric_rollups', buckets: 'day_metric_buckets' },
};

/** A hash as the tables hold it; given and taken elsewhere as hexadecimal digits. */
export const toBlob = (hex: string): Uint8Array => Buffer.from(hex, 'hex');
export const toHex = (blob: Uint8Array): string => Buffer.from(blob).toString('hex');
