import { type Static, Type } from 'typebox';

/** A line of the log. It has further fields, by what it is about: `session`, `user`, `address`, `command`, `worker`, … */
export const LogLine = Type.Object({
  /** Milliseconds since the epoch. */
  time: Type.Number(),
  /** As pino numbers them: 10 trace, 20 debug, 30 info, 40 warn, 50 error, 60 fatal. */
  level: Type.Number(),
  msg: Type.Optional(Type.String()),
});
export type LogLine = Static<typeof LogLine>;

/** Answer of `GET /logs`: what the server logged last, the oldest first. */
export const LogsResponse = Type.Object({
  lines: Type.Array(LogLine),
  /** Ask with `after=` this for what comes after these lines. */
  next: Type.String(),
  /** Lines after `after` that are not kept any more. */
  missed: Type.Number(),
  /** A sentence for each process whose lines are not among them, because it did not answer in time. */
  missing: Type.Array(Type.String()),
  /** What is logged at all: `imap.log_level`. */
  level: Type.String(),
});
export type LogsResponse = Static<typeof LogsResponse>;
