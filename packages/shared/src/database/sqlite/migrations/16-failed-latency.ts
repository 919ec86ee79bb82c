import type { Migration } from '../migrate.ts';

/** How long what failed took, for Apdex. Sums that are there already do not say. */
export const FAILED_LATENCY: Migration = {
  version: 16,
  name: 'how long what failed took',
  sql: ['', 'hour_', 'day_']
    .map((prefix) => `ALTER TABLE ${prefix}app_rollups ADD COLUMN failed_latency BLOB;`)
    .join('\n'),
};
