import { type Advance, advanceSeries } from '@scorpiox/shared/telemetry';
import {
  AHEAD_MS,
  DAY,
  MEMORY_GRACE_MS,
  METRIC_OVERFLOW_SERIES,
  METRIC_SEEN_MS,
  METRIC_SERIES,
  METRIC_STREAMS,
  SUMS_KEPT_DAYS,
} from '../../limits.ts';
import { MetricAccumulator } from './accumulate.ts';
import { OVERFLOW_DIMENSIONS, type SeriesKind, seriesHash } from './identity.ts';
import {
  idOfSeries,
  idOfStream,
  type MetricChanges,
  type MetricKeys,
  type MetricMemory,
  type MetricNote,
  type SeriesKey,
  type SeriesRow,
  type StreamRow,
} from './memory.ts';
import { type MetricReading, readMetricEvent, type StoredMetric } from './read-event.ts';
import { fromStateText, toStateText } from './stream-state.ts';
import { type Contribution, ofDelta } from './sums.ts';

/*
 * Metrics that are stored, as sums
 *
 * Invariants
 * - Each point that went in adds its share once: a gauge its value, a delta itself, a cumulative point what has come since
 *   the one before it in its stream (packages/shared/src/telemetry/cumulative.ts).
 * - What a stream has given is committed together with its new state and with the events. So a retry, a replay, a second
 *   process or a crash changes nothing: an event that is there already is not among the points, and what its stream has
 *   given is in its state.
 *
 * Rules
 * 1. Only rows that the database says went in come here, after it has let nobody else write: memory is read, advanced and
 *    written under the lock of the same transaction, so two processes advance a stream one after the other.
 * 2. Within a transaction points go in the order of their time, whatever the order in which they came. Across
 *    transactions one that comes after a newer one of its stream gives nothing (`metric-late`): its share has been given.
 * 3. A stream that is not remembered was never seen, or not for longer than states are kept. Its start decides: if it lies
 *    within that memory nothing of it was given, and all of it is; else it is a baseline.
 * 4. Series and streams of an application are bounded. Past the bound a share goes to the series `(other)` of its metric,
 *    and a total, which would need a memory of its own, gives nothing. Both are counted (`metric-overflow`).
 */

/**
 * How long after its last point a stream is remembered at least, milliseconds. States are kept two days longer
 * (SUMS_KEPT_DAYS.minutes), for points that wait in a spool until they come here.
 */
const STREAM_KEPT_MS = (SUMS_KEPT_DAYS.minutes - 2) * DAY;

/** Which of the ways of a point are told to the operator. */
const NOTES: Readonly<Partial<Record<Advance, MetricNote>>> = {
  baseline: 'metric-baseline',
  gap: 'metric-gap',
  overlap: 'metric-overlap',
  reset: 'metric-reset',
  late: 'metric-late',
  incomparable: 'metric-incomparable',
};

/** The series `(other)` of each kind. */
const OVERFLOW: { readonly [K in SeriesKind]: { readonly series: string; readonly dimensions: string } } = {
  gauge: overflowOf('gauge'),
  sum: overflowOf('sum'),
  histogram: overflowOf('histogram'),
};

function overflowOf(kind: SeriesKind) {
  const dimensions = JSON.stringify(OVERFLOW_DIMENSIONS);
  return { series: seriesHash(kind, dimensions), dimensions };
}

/** Reads what went in, in the order of time. */
export function readMetrics(stored: readonly StoredMetric[]): readonly MetricReading[] {
  return stored.map(readMetricEvent).toSorted((a, b) => a.timeUs - b.timeUs || a.timeNs - b.timeNs);
}

/** What has to be known for that. */
export function keysOf(readings: readonly MetricReading[]): MetricKeys {
  const series = new Map(
    readings.flatMap(({ appId, metric, kind, own = OVERFLOW[kind] }) =>
      [own, OVERFLOW[kind]].map(({ series: one }) => {
        const key = { appId, metric, series: one };
        return [idOfSeries(key), key] as const;
      }),
    ),
  );
  const streams = new Map(
    readings.flatMap(({ appId, says }) => {
      if (says.what === 'share') return [];
      const key = { appId, stream: says.stream };
      return [[idOfStream(key), key] as const];
    }),
  );
  return {
    apps: [...new Set(readings.map(({ appId }) => appId))],
    series: [...series.values()],
    streams: [...streams.values()],
  };
}

/** Sums up points beside what is remembered. */
export function advanceMetrics(readings: readonly MetricReading[], memory: MetricMemory): MetricChanges {
  const advancing = new Advancing(memory);
  for (const reading of readings) advancing.take(reading);
  return advancing.changes();
}

class Advancing {
  readonly #memory: MetricMemory;
  readonly #sums = new MetricAccumulator();
  readonly #series = new Map<string, SeriesRow>();
  readonly #streams = new Map<string, StreamRow>();
  readonly #memories = new Map<number, number>();
  readonly #notes = new Map<string, { appId: number; note: MetricNote; count: number }>();
  /** Series and streams that are new in each application. */
  readonly #added = new Map<number, { series: number; streams: number }>();

  constructor(memory: MetricMemory) {
    this.#memory = memory;
  }

  take(reading: MetricReading): void {
    const share = reading.says.what === 'share' ? reading.says.share : this.#advance(reading, reading.says);
    if (share === undefined) return;
    const key = this.#place(reading);
    if (key === undefined) return;
    this.#sums.add({ ...key, minute: Math.floor(reading.timeUs / 60_000_000) }, share);
  }

  changes(): MetricChanges {
    return {
      sums: this.#sums,
      series: [...this.#series.values()],
      streams: [...this.#streams.values()],
      memories: [...this.#memories].map(([appId, since]) => ({ appId, since })),
      notes: [...this.#notes.values()],
    };
  }

  /** A total's share; undefined where it brings nothing. */
  #advance(
    { appId, receivedAt }: MetricReading,
    { stream, point }: Extract<MetricReading['says'], { what: 'total' }>,
  ): Contribution | undefined {
    const id = idOfStream({ appId, stream });
    const text = this.#streams.get(id)?.state ?? this.#memory.streams.get(id);
    if (text === undefined && !this.#hasRoom(appId, 'streams', METRIC_STREAMS)) {
      this.#note(appId, 'metric-overflow');
      return undefined;
    }
    const before = text === undefined ? undefined : fromStateText(text, point.series);
    const { state, delta, what } = advanceSeries(before, point, this.#rememberedSince(appId, receivedAt));
    const note = NOTES[what];
    if (note !== undefined) this.#note(appId, note);
    if (state !== before) this.#streams.set(id, { appId, stream, state: toStateText(state), seenAt: receivedAt });
    return delta === undefined ? undefined : ofDelta(delta, Number(delta.time / 1000n));
  }

  /** Nanoseconds since 1970: a counter that began since then and is not remembered has given nothing (rule 3). */
  #rememberedSince(appId: number, receivedAt: number): bigint {
    let since = this.#memory.since.get(appId) ?? this.#memories.get(appId);
    if (since === undefined) {
      since = receivedAt;
      this.#memories.set(appId, since);
    }
    // A state that was purged had a point before then, at most AHEAD_MS after it was received: it began before that.
    const forgotten = receivedAt - STREAM_KEPT_MS + AHEAD_MS;
    return BigInt(Math.max(since - MEMORY_GRACE_MS, forgotten)) * 1_000_000n;
  }

  /** The series that a share belongs to, noted; undefined where there is no room even for `(other)`. */
  #place(reading: MetricReading): SeriesKey | undefined {
    const { appId, kind, own } = reading;
    const seen = own === undefined ? undefined : this.#see(reading, own, METRIC_SERIES);
    if (seen !== undefined) return seen;
    this.#note(appId, 'metric-overflow');
    return this.#see(reading, OVERFLOW[kind], METRIC_SERIES + METRIC_OVERFLOW_SERIES);
  }

  #see(
    { appId, receivedAt, metric, name, unit, kind }: MetricReading,
    { series, dimensions }: NonNullable<MetricReading['own']>,
    most: number,
  ): SeriesKey | undefined {
    const key = { appId, metric, series };
    const id = idOfSeries(key);
    const seenAt = this.#series.get(id)?.seenAt ?? this.#memory.series.get(id);
    if (seenAt === undefined && !this.#hasRoom(appId, 'series', most)) return undefined;
    if (seenAt === undefined || seenAt + METRIC_SEEN_MS < receivedAt) {
      this.#series.set(id, { ...key, name, unit, kind, dimensions, seenAt: receivedAt });
    }
    return key;
  }

  /** Takes a place where there is one. */
  #hasRoom(appId: number, what: 'series' | 'streams', most: number): boolean {
    const added = this.#added.get(appId) ?? { series: 0, streams: 0 };
    if ((this.#memory.active.get(appId)?.[what] ?? 0) + added[what] >= most) return false;
    added[what] += 1;
    this.#added.set(appId, added);
    return true;
  }

  #note(appId: number, note: MetricNote): void {
    const noted = this.#notes.get(`${appId} ${note}`) ?? { appId, note, count: 0 };
    noted.count += 1;
    this.#notes.set(`${appId} ${note}`, noted);
  }
}
