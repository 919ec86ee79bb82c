import type { EventRecord } from '@scorpiox/shared/contract';
import type { Place, Query } from '@scorpiox/shared/query-language';

/*
 * Raw questions
 *
 * What no rollup can answer is read from the events themselves, however many there are. So it is asked in slices: each
 * reads a bounded number of rows of one application in the order of time, either way, and says where it ended. Whoever asks looks at the
 * clock between two slices, and may stop at any: neither a thread that nobody can interrupt nor a session is ever busy
 * with one for long. Everything rejects with `StoreUnavailable`.
 */
export interface RawEvents {
  /** Events of a slice that fulfil its query, in its order, `most` of them at most. */
  page(slice: Slice, shape: PageShape): Promise<Page>;
  /** Counts the events of a slice that fulfil its query, by time, each as many times as it stands for. */
  tally(slice: Slice, steps: Steps): Promise<Tally>;
  /** Values of a field among the events of a slice that fulfil its query; keys where a map is named without one. */
  values(slice: Slice, place: Place): Promise<Values>;
  /** One event in full. */
  find(key: EventKey): Promise<StoredEvent | undefined>;
  /** Events of one operation in some minutes, by time, cut as in lists; `most` of them at most. */
  operation(asked: OperationPart): Promise<readonly StoredEvent[]>;
}

/** An event's identity, by which events are ordered too: by time (microseconds since 1970), application and hash (hex). */
export interface EventKey extends Edge {
  readonly appId: number;
}

/** A place among the events of one application. An empty hash stands before all of that time. */
export interface Edge {
  readonly time: number;
  readonly hash: string;
}

/** Which events come first; those of one moment by application and hash, the same way round. */
export type Order = 'newest' | 'oldest';

export interface Slice {
  readonly appId: number;
  /** Without tests of the application. */
  readonly query: Query;
  readonly order: Order;
  /** Only what comes after this in its order is looked at. */
  readonly edge: Edge;
  /** Microseconds since 1970: where it ends. Newest first what is older is not looked at; oldest first what is at it or newer. */
  readonly limit: number;
  /** Rows that are read at most. */
  readonly rows: number;
}

export interface PageShape {
  readonly most: number;
  /** Whether long messages and properties are given whole. */
  readonly whole: boolean;
}

/** How far a slice came. */
export interface SliceEnd {
  /** The last event that was looked at; absent when there is nothing after it. */
  readonly end?: Edge;
  /** Rows that were read. */
  readonly scanned: number;
}

export interface Page extends SliceEnd {
  readonly events: readonly StoredEvent[];
}

/** Steps of time from a moment on: `start` and `size` in microseconds. */
export interface Steps {
  readonly start: number;
  readonly size: number;
}

export interface Tally extends SliceEnd {
  /** By step number; steps without any are absent. */
  readonly steps: readonly { readonly step: number; readonly count: number; readonly failures: number }[];
}

export interface Values extends SliceEnd {
  readonly values: readonly { readonly value: string; readonly count: number }[];
  /** Events that fulfil the query, whether or not they have a value. */
  readonly events: number;
}

/** Whole minutes since 1970, `toMinute` excluded. */
export interface OperationPart {
  readonly operationId: string;
  readonly fromMinute: number;
  readonly toMinute: number;
  readonly most: number;
}

/** An event as it is stored, but for the name of its application. */
export interface StoredEvent extends EventKey {
  readonly details: Omit<EventRecord, 'app' | 'time' | 'hash'>;
}
