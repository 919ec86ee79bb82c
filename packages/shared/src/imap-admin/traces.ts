import { type Static, Type } from 'typebox';

export const TraceSubject = Type.Union([Type.Object({ user: Type.String() }), Type.Object({ session: Type.String() })]);
export type TraceSubject = Static<typeof TraceSubject>;

/** Why a trace ended. */
const TraceEnd = Type.Union([
  Type.Literal('stopped'),
  Type.Literal('time'),
  Type.Literal('size'),
  Type.Literal('error'),
  Type.Literal('shutdown'),
]);
export type TraceEnd = Static<typeof TraceEnd>;

export const TraceReport = Type.Object({
  id: Type.String(),
  subject: TraceSubject,
  /** ISO 8601. */
  startedAt: Type.String(),
  /** At the latest. */
  endsAt: Type.String(),
  /** Null while it runs. */
  ended: Type.Union([TraceEnd, Type.Null()]),
  /** One a process. */
  files: Type.Array(
    Type.Object({
      path: Type.String(),
      octets: Type.Number(),
      lines: Type.Number(),
      /** Lines that were not written, since the disk did not keep up. */
      dropped: Type.Number(),
    }),
  ),
});
export type TraceReport = Static<typeof TraceReport>;

/** Answer of `GET /traces`: those that run, and the last that have ended. */
export const TracesResponse = Type.Object({ traces: Type.Array(TraceReport) });

/** Answer of `POST /traces` and `DELETE /traces/ID`. */
export const TraceResponse = Type.Object({ trace: TraceReport });
