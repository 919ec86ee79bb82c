import { type Static, Type } from 'typebox';
import { PlatformHealth } from './platform-health.ts';

const tally = Type.Record(Type.String(), Type.Integer());

const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) => Type.Union([type, Type.Null()]);

/** Long work under way: migrations, imports, deleting what is too old. */
export const WorkList = Type.Array(
  Type.Object({
    name: Type.String(),
    /** What it is busy with now. */
    detail: Type.Optional(Type.String()),
    /** 0 … 100; null where it cannot be told. */
    percent: nullable(Type.Number()),
    secondsLeft: nullable(Type.Number()),
    /** ISO 8601. */
    startedAt: Type.String(),
  }),
);

/** Events that wait on this API process's disk for a SQL Server. */
const SpoolHealth = Type.Object({
  events: Type.Integer(),
  bytes: Type.Integer(),
  /** `insights.spool_max`. */
  limitBytes: Type.Integer(),
  /** When the oldest that waits was received, ISO 8601, and how many seconds ago. */
  oldest: nullable(Type.String()),
  oldestSeconds: nullable(Type.Integer()),
  /** Why nothing more is taken; null while it is. */
  full: nullable(Type.String()),
  /** Events shipped since the process started, and a second over the last minute. */
  shipped: Type.Integer(),
  perSecond: Type.Number(),
  /** Shipments that failed one after the other; 0 while they go. */
  failures: Type.Integer(),
  /** What the last failure was, also when it is over. */
  lastError: nullable(Type.Object({ at: Type.String(), message: Type.String() })),
  /** Events that the server refuses: `GET /api/spool/aside` shows them. */
  aside: Type.Integer(),
  /** Parcels that cannot be read, files that are broken, files that wait for another database: all are kept. */
  damagedParcels: Type.Integer(),
  brokenFiles: Type.Array(Type.String()),
  foreignFiles: Type.Array(Type.String()),
});

/** Answer of `GET /api/spool/aside`: events that the server refuses, newest first. */
export const AsideResponse = Type.Object({
  events: Type.Array(
    Type.Object({
      /** ISO 8601. */
      at: Type.String(),
      appId: Type.Integer(),
      /** What the server said. */
      reason: Type.String(),
      /** The event as it was to be stored. */
      event: Type.Unknown(),
    }),
  ),
});

/** Answer of `GET /api/health`. Counts of applications since they exist, the others since the process started. */
export const HealthResponse = Type.Object({
  /**
   * `degraded` while the database does not take what is written to it, has moved, or cannot be asked, while the spool takes or ships
   * nothing, and where a part of the spool waits for somebody to look at it.
   */
  status: Type.Union([Type.Literal('ok'), Type.Literal('degraded')]),
  /** What waits for the writer now, and what it had to refuse. */
  queue: Type.Object({
    submissions: Type.Integer(),
    events: Type.Integer(),
    bytes: Type.Integer(),
    turnedAway: Type.Integer(),
    failed: Type.Integer(),
  }),
  /** Items turned away without an application to count them for, by reason: unknown keys, keys over their limit, … */
  ownerless: tally,
  /** Whether the database answers: if not, what follows of it is what it last said, or empty. */
  databaseReachable: Type.Boolean(),
  /** The database that the contents have moved to: this one takes nothing any more. Absent: it does. */
  movedTo: Type.Optional(Type.String()),
  /** Absent with an embedded database. */
  spool: Type.Optional(SpoolHealth),
  /** 0 where the server does not tell. */
  databaseBytes: Type.Integer(),
  /** What keeps duplicates out: the unique index, or a statement that looks first because the index cannot. */
  deduplication: Type.Union([Type.Literal('index'), Type.Literal('not-exists')]),
  work: WorkList,
  apps: Type.Array(
    Type.Object({
      name: Type.String(),
      received: Type.Integer(),
      accepted: Type.Integer(),
      duplicates: Type.Integer(),
      /** Stored events that stand for others. */
      sampled: Type.Integer(),
      /** Stored more than an hour after they happened. */
      late: Type.Integer(),
      /** By reason. */
      rejected: tally,
      /** Changes made to keep events, by kind of change. */
      adjusted: tally,
    }),
  ),
  platform: PlatformHealth,
});
export type HealthResponse = Static<typeof HealthResponse>;
