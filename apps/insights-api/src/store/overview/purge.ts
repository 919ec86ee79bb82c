import type { Resolution } from '../../rollup/resolutions.ts';
import type { Kept } from '../port.ts';
import {
  APP_ACTIVITY,
  APP_HOURS,
  APP_ROLLUPS,
  DEPENDENCY_TARGETS,
  EDGE_ROLLUPS,
  EXCEPTION_GROUPS,
  EXCEPTION_ROLLUPS,
  INSTANCE_ROLLUPS,
  INSTANCES,
} from './tables.ts';
import type { TableAt } from './write.ts';

/** A table that rows go from when they are too old. */
export interface Purged extends TableAt {
  /** The column that is compared, and how many milliseconds its unit is. */
  readonly column: 'minute' | 'last_seen';
  readonly unit: number;
  /** Units after its first that a row covers: it goes when all of them are too old. */
  readonly more: number;
  /** Whether the kind stands before the minute in the key. */
  readonly isByKind: boolean;
}

const MINUTE_MS = 60_000;
const MICROSECOND_MS = 1 / 1000;

const sumsOf = (resolution: Resolution): readonly Purged[] =>
  [APP_ROLLUPS, EXCEPTION_ROLLUPS, INSTANCE_ROLLUPS, EDGE_ROLLUPS].map((table) => ({
    table,
    resolution,
    column: 'minute',
    unit: MINUTE_MS,
    more: resolution - 1,
    isByKind: table === APP_ROLLUPS,
  }));

const seen = (table: TableAt['table'], unit: number): Purged => ({
  table,
  resolution: 1,
  column: 'last_seen',
  unit,
  more: 0,
  isByKind: false,
});

/** With the sums of which length of time each goes. Instances have new names with every release: they go first. */
export const PURGED: { readonly [K in Exclude<Kept, 'events'>]: readonly Purged[] } = {
  minutes: [
    ...sumsOf(1),
    { ...seen(APP_ACTIVITY, MINUTE_MS), column: 'minute', more: 59 },
    { ...seen(APP_HOURS, MINUTE_MS), column: 'minute', more: 59 },
    seen(INSTANCES, MICROSECOND_MS),
  ],
  hours: [...sumsOf(60), seen(EXCEPTION_GROUPS, MICROSECOND_MS), seen(DEPENDENCY_TARGETS, MINUTE_MS)],
  days: sumsOf(1440),
};
