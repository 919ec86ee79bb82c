import type { Migration } from './migrate.ts';
import { CONTROL } from './migrations/1-control.ts';
import { EVENTS } from './migrations/2-events.ts';
import { COARSER_ROLLUPS } from './migrations/3-coarser-rollups.ts';
import { KEYS_AND_RETENTION } from './migrations/4-keys-and-retention.ts';
import { ALERTS } from './migrations/5-alerts.ts';
import { METRICS } from './migrations/6-metrics.ts';
import { OPERATIONS } from './migrations/7-operations.ts';
import { SIZES } from './migrations/8-sizes.ts';
import { OVERVIEW } from './migrations/9-overview.ts';
import { VIEWS } from './migrations/10-views.ts';
import { OPERATION_ENDS } from './migrations/11-operation-ends.ts';
import { DELETED_EVENTS } from './migrations/12-deleted-events.ts';
import { STORED_GROUPS } from './migrations/13-stored-groups.ts';
import { FAILED_TRACES } from './migrations/14-failed-traces.ts';
import { PROCESSES } from './migrations/15-processes.ts';
import { FAILED_LATENCY } from './migrations/16-failed-latency.ts';

/**
 * The insights database, version by version. What a released migration leaves behind never changes: a later one mends it.
 *
 * Times of events are microseconds since 1970, other times milliseconds. `events` is keyed by (application, time, hash):
 * the key is the deduplication, and time before the hash keeps inserts sequential and serves range scans without a
 * second index. The tables without row ids are their own index.
 */
export const MIGRATIONS: readonly Migration[] = [
  CONTROL,
  EVENTS,
  COARSER_ROLLUPS,
  KEYS_AND_RETENTION,
  ALERTS,
  METRICS,
  OPERATIONS,
  SIZES,
  OVERVIEW,
  VIEWS,
  OPERATION_ENDS,
  DELETED_EVENTS,
  STORED_GROUPS,
  FAILED_TRACES,
  PROCESSES,
  FAILED_LATENCY,
];
