import type { EventKind } from '@scorpiox/shared/telemetry';
import type { Resolution } from '../../../rollup/resolutions.ts';
import type { Row } from '../tables.ts';
import type { TableAt } from '../write.ts';

/** Operations of one application and kind, whose key has a minute in the range. */
interface OperationRange {
  readonly resolution: Resolution;
  readonly appId: number;
  readonly kind: EventKind;
  /** Whole minutes since 1970, `to` excluded. */
  readonly from: number;
  readonly to: number;
}

/**
 * What a store is asked to read, all as of one moment.
 * - `range`: rows of an application (of all where none is named) whose minute is in a range; `isPlain`: without the packed
 *   columns
 * - `all`: every row of an application
 * - `counts`: by application and step, events of a kind in a range of minutes, `start` being the first of step 0; without
 *   sums whose events are all deleted
 * - `new-groups`: by application, how many groups of exceptions were first seen between two moments (microseconds), and
 *   first stored from another on (milliseconds)
 * - `events`: events by time (microseconds) and hash
 * - `operations`, `operation-latency`: sums by name; buckets by name
 * - `operation`, `operation-buckets`: the rows and buckets of one name, by minute
 */
export type ReadStep =
  | (TableAt & {
      readonly do: 'range';
      readonly appId?: number;
      readonly kind?: EventKind;
      readonly from: number;
      readonly to: number;
      readonly isPlain?: boolean;
    })
  | (TableAt & { readonly do: 'all'; readonly appId: number })
  | {
      readonly do: 'counts';
      readonly resolution: Resolution;
      readonly kind: EventKind;
      readonly from: number;
      readonly to: number;
      readonly start: number;
      readonly stepMinutes: number;
    }
  | { readonly do: 'new-groups'; readonly from: number; readonly to: number; readonly storedFrom: number }
  | { readonly do: 'events'; readonly appId: number; readonly keys: readonly { time: number; hash: Uint8Array }[] }
  | (OperationRange & { readonly do: 'operations' | 'operation-latency' })
  | (OperationRange & { readonly do: 'operation' | 'operation-buckets'; readonly name: string });

/** Yields steps, is given the rows of each. */
export type Reading<T> = Generator<ReadStep, T, readonly Row[]>;
