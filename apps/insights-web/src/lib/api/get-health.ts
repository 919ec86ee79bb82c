import type { Advice, HealthResponse, OperationHealth, PlatformHealth } from '@scorpiox/shared/contract';
import { useQuery } from '@tanstack/react-query';
import { type Decoder, list, moment, nullable, number, oneOf, record, text } from '../decode.ts';
import { request } from '../http.ts';
import { REFRESH_LONG_MS } from '../limits.ts';

/** Counts by name. */
const tally: Decoder<Record<string, number>> = (value) => {
  if (typeof value !== 'object' || value === null) return undefined;
  const entries = Object.entries(value);
  return entries.every(([, count]) => Number.isFinite(count)) ? Object.fromEntries(entries) : undefined;
};

const flag: Decoder<boolean> = (value) => (typeof value === 'boolean' ? value : undefined);

/** The value where there is one: a field that the API leaves out. */
const optional =
  <T>(inner: Decoder<T>): Decoder<T | null> =>
  (value) =>
    value === undefined ? null : inner(value);

const percentiles = record<OperationHealth['recent']>({
  count: number,
  p50: nullable(number),
  p95: nullable(number),
  p99: nullable(number),
  max: nullable(number),
});

const decodePlatform = record<PlatformHealth>({
  instance: text,
  startedAt: moment,
  operations: list(
    record<OperationHealth>({
      name: text,
      underWay: number,
      failed: number,
      sinceStart: percentiles,
      recent: percentiles,
    }),
  ),
  slowest: list(record<PlatformHealth['slowest'][number]>({ name: text, at: moment, ms: number })),
  sessions: list(record<PlatformHealth['sessions'][number]>({ name: text, inUse: number, most: nullable(number) })),
  sizes: list(record<PlatformHealth['sizes'][number]>({ at: moment, bytes: number })),
  growthPerDay: nullable(number),
  disk: nullable(record({ freeBytes: number, totalBytes: number })),
  queueLimits: record({ events: number, bytes: number }),
  alerts: record<PlatformHealth['alerts']>({
    evaluatedAt: nullable(moment),
    problem: nullable(text),
    waiting: number,
    failed: number,
  }),
  advice: list(record<Advice>({ severity: oneOf(['fail', 'note']), message: text, command: nullable(text) })),
});

/** What the page shows of a spool. */
export interface Spool {
  readonly events: number;
  readonly bytes: number;
  readonly limitBytes: number;
  readonly oldestSeconds: number | null;
  readonly shipped: number;
  readonly perSecond: number;
  readonly aside: number;
}

/** Long work under way. */
export interface Work {
  readonly name: string;
  readonly detail: string | null;
  readonly percent: number | null;
  readonly secondsLeft: number | null;
}

/** What the page shows of `GET /api/health`. */
export interface Health
  extends Pick<HealthResponse, 'status' | 'ownerless' | 'databaseBytes' | 'databaseReachable' | 'platform'> {
  readonly queue: Pick<HealthResponse['queue'], 'events' | 'bytes' | 'turnedAway' | 'failed'>;
  readonly apps: readonly AppHealth[];
  readonly spool: Spool | null;
  readonly work: readonly Work[];
}

export type AppHealth = Omit<HealthResponse['apps'][number], 'adjusted'>;

const decodeHealth = record<Health>({
  status: oneOf(['ok', 'degraded']),
  ownerless: tally,
  databaseBytes: number,
  databaseReachable: flag,
  platform: decodePlatform,
  queue: record({ events: number, bytes: number, turnedAway: number, failed: number }),
  apps: list(
    record<AppHealth>({
      name: text,
      received: number,
      accepted: number,
      duplicates: number,
      sampled: number,
      late: number,
      rejected: tally,
    }),
  ),
  spool: optional(
    record<Spool>({
      events: number,
      bytes: number,
      limitBytes: number,
      oldestSeconds: nullable(number),
      shipped: number,
      perSecond: number,
      aside: number,
    }),
  ),
  work: list(
    record<Work>({ name: text, detail: optional(text), percent: nullable(number), secondsLeft: nullable(number) }),
  ),
});

/** `GET /api/health`: the platform on itself. */
export const useHealth = () =>
  useQuery({
    queryKey: ['health'],
    queryFn: ({ signal }) => request('/api/health', decodeHealth, { signal }),
    refetchInterval: REFRESH_LONG_MS,
  });
