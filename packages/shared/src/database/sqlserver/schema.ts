import type { SqlServerMigration } from './migrate.ts';
import { CONTROL } from './migrations/1-control.ts';
import { EVENTS } from './migrations/2-events.ts';
import { IDENTITY } from './migrations/3-identity.ts';
import { COARSER_ROLLUPS } from './migrations/4-coarser-rollups.ts';
import { KEYS_AND_RETENTION } from './migrations/5-keys-and-retention.ts';
import { SPOOLS } from './migrations/6-spools.ts';
import { ALERTS } from './migrations/7-alerts.ts';
import { METRICS } from './migrations/8-metrics.ts';
import { OPERATIONS } from './migrations/9-operations.ts';
import { SIZES } from './migrations/10-sizes.ts';
import { OVERVIEW } from './migrations/11-overview.ts';
import { VIEWS } from './migrations/12-views.ts';
import { OPERATION_ENDS } from './migrations/13-operation-ends.ts';
import { DELETED_EVENTS } from './migrations/14-deleted-events.ts';
import { STORED_GROUPS } from './migrations/15-stored-groups.ts';
import { FAILED_TRACES } from './migrations/16-failed-traces.ts';
import { PROCESSES } from './migrations/17-processes.ts';
import { FAILED_LATENCY } from './migrations/18-failed-latency.ts';

/**
 * The insights database on SQL Server, version by version. A migration that has been released never changes: a later one
 * mends it. The tables are those of the embedded database (../sqlite/schema.ts) but for what follows from the server:
 *
 * - Texts compare by the database's collation, without regard to blanks at the end, and an index key holds 900 bytes. So
 *   where a text is a key it is a short one in lower case (`name_key`, reasons), or its hash stands for it (`name_hash`:
 *   the first 16 bytes of the SHA-256 of its UTF-8).
 * - The key of events is a plain unique index with IGNORE_DUP_KEY, because a constraint's option could not be altered.
 *
 * Times of events are microseconds since 1970, other times milliseconds; minutes are whole minutes since 1970.
 */
export const MIGRATIONS: readonly SqlServerMigration[] = [
  CONTROL,
  EVENTS,
  IDENTITY,
  COARSER_ROLLUPS,
  KEYS_AND_RETENTION,
  SPOOLS,
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
