import { type Static, Type } from 'typebox';

const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) => Type.Union([type, Type.Null()]);
/** ISO 8601. */
const moment = Type.String();

/** Latencies in milliseconds; null where nothing was measured. */
const Percentiles = Type.Object({
  count: Type.Integer(),
  p50: nullable(Type.Number()),
  p95: nullable(Type.Number()),
  p99: nullable(Type.Number()),
  max: nullable(Type.Number()),
});

/** What this API process does with the database, by name (`write`, `summarizeApps`, …). */
const OperationHealth = Type.Object({
  name: Type.String(),
  /** Under way now. */
  underWay: Type.Integer(),
  /** Since the process started. */
  failed: Type.Integer(),
  sinceStart: Percentiles,
  /** Over the last five minutes. */
  recent: Percentiles,
});
export type OperationHealth = Static<typeof OperationHealth>;

/** Something that is not as it should be, and what to do about it. */
export const Advice = Type.Object({
  /** `fail`: something is lost or stands still. `note`: it may come to that. */
  severity: Type.Union([Type.Literal('fail'), Type.Literal('note')]),
  message: Type.String(),
  /** What to run, where there is a command for it. */
  command: nullable(Type.String()),
});
export type Advice = Static<typeof Advice>;

/** The part of `GET /api/health` about how the platform does, as this API process sees it. */
export const PlatformHealth = Type.Object({
  /** This process: its host and port, and when it started. */
  instance: Type.String(),
  startedAt: moment,
  operations: Type.Array(OperationHealth),
  /** The slowest questions of the last day, the slowest first; without what was asked for. */
  slowest: Type.Array(Type.Object({ name: Type.String(), at: moment, ms: Type.Number() })),
  /** Threads or sessions with the database: how many calls they have in hand, and how many they take; null: any, in a line. */
  sessions: Type.Array(Type.Object({ name: Type.String(), inUse: Type.Integer(), most: nullable(Type.Integer()) })),
  /** The size of the database by the hour, oldest first. */
  sizes: Type.Array(Type.Object({ at: moment, bytes: Type.Integer() })),
  /** Bytes a day over the last week; null before there is enough to tell. */
  growthPerDay: nullable(Type.Number()),
  /** The disk that the platform writes to; null where it does not tell. */
  disk: nullable(Type.Object({ freeBytes: Type.Integer(), totalBytes: Type.Integer() })),
  /** The queue's bounds. */
  queueLimits: Type.Object({ events: Type.Integer(), bytes: Type.Integer() }),
  alerts: Type.Object({
    evaluatedAt: nullable(moment),
    problem: nullable(Type.String()),
    /** Messages that wait for another try, and that were given up in the last day. */
    waiting: Type.Integer(),
    failed: Type.Integer(),
  }),
  /** Empty: all is well. The gravest first. */
  advice: Type.Array(Advice),
});
export type PlatformHealth = Static<typeof PlatformHealth>;
