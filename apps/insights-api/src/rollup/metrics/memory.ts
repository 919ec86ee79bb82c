import type { MetricAccumulator } from './accumulate.ts';
import type { SeriesKind } from './identity.ts';

/** Names a series: hashes as in identity.ts. */
export interface SeriesKey {
  readonly appId: number;
  readonly metric: string;
  readonly series: string;
}

export interface StreamKey {
  readonly appId: number;
  readonly stream: string;
}

/** What has to be known of the database before points can be summed up. */
export interface MetricKeys {
  readonly apps: readonly number[];
  /** Each once, those of `(other)` among them. */
  readonly series: readonly SeriesKey[];
  readonly streams: readonly StreamKey[];
}

/** How many series and streams of an application were touched lately. */
export interface Active {
  readonly series: number;
  readonly streams: number;
}

/** What a database remembers. By `idOfSeries` and `idOfStream`; times are milliseconds since 1970. */
export interface MetricMemory {
  /** When the first cumulative point of an application was received; absent: never. */
  readonly since: ReadonlyMap<number, number>;
  /** When each of the series that were asked for was noted last. */
  readonly series: ReadonlyMap<string, number>;
  /** The state of each of the streams that were asked for. */
  readonly streams: ReadonlyMap<string, string>;
  /** Of the applications that have series or streams which are not there yet. */
  readonly active: ReadonlyMap<number, Active>;
}

export const idOfSeries = ({ appId, metric, series }: SeriesKey): string => `${appId} ${metric} ${series}`;
export const idOfStream = ({ appId, stream }: StreamKey): string => `${appId} ${stream}`;

/** A series to be noted: a new one, or one that is seen again. */
export interface SeriesRow extends SeriesKey {
  readonly name: string;
  readonly unit: string;
  readonly kind: SeriesKind;
  /** Canonical JSON. */
  readonly dimensions: string;
  readonly seenAt: number;
}

/** A stream's new state. */
export interface StreamRow extends StreamKey {
  readonly state: string;
  readonly seenAt: number;
}

/** What became of points beside their sums; each is counted for its application (docs/sending.md). */
export type MetricNote =
  | 'metric-baseline'
  | 'metric-gap'
  | 'metric-overlap'
  | 'metric-reset'
  | 'metric-late'
  | 'metric-incomparable'
  | 'metric-overflow';

/** What is to be written, in the transaction that has read the memory. */
export interface MetricChanges {
  readonly sums: MetricAccumulator;
  readonly series: readonly SeriesRow[];
  readonly streams: readonly StreamRow[];
  /** Applications whose memory begins now. */
  readonly memories: readonly { readonly appId: number; readonly since: number }[];
  readonly notes: readonly { readonly appId: number; readonly note: MetricNote; readonly count: number }[];
}
