import { type Static, Type } from 'typebox';

const tally = Type.Record(Type.String(), Type.Integer());

const nullable = Type.Union([Type.Number(), Type.Null()]);

/** Long work under way: migrations, imports, deleting what is too old. */
export const WorkList = Type.Array(
  Type.Object({
    name: Type.String(),
    /** What it is busy with now. */
    detail: Type.Optional(Type.String()),
    /** 0 … 100; null where it cannot be told. */
    percent: nullable,
    secondsLeft: nullable,
    /** ISO 8601. */
    startedAt: Type.String(),
  }),
);

/** Answer of `GET /api/health`. Counts of applications since they exist, the others since the process started. */
export const HealthResponse = Type.Object({
  /** `degraded` while the database does not take what is written to it. */
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
});
export type HealthResponse = Static<typeof HealthResponse>;
