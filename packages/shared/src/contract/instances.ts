import { type Static, Type } from 'typebox';
import { nullable, nullableRate, spanFields } from './span.ts';
import { VersionMark } from './timeline.ts';

const counted = {
  /** ISO 8601, by the times of the events: ever, not in the span alone. */
  firstSeen: Type.String(),
  lastSeen: Type.String(),
  /** In the span, weighted: events of every kind, and requests among them. */
  events: Type.Number(),
  requests: Type.Number(),
  failures: Type.Number(),
  failureRate: nullableRate,
};

/** Answer of `GET /api/apps/:app/instances`: who sent something in the span. */
export const InstancesResponse = Type.Object({
  ...spanFields,
  /** By last seen, the latest first. An instance that changed its version has a row for each. */
  instances: Type.Array(
    Type.Object({
      /** Null where events do not say. */
      instance: nullable(Type.String()),
      version: nullable(Type.String()),
      /** The sum of those that were beyond what is told apart. */
      isOther: Type.Boolean(),
      ...counted,
    }),
  ),
  /** By first seen, the latest first. */
  versions: Type.Array(Type.Object({ version: nullable(Type.String()), instances: Type.Integer(), ...counted })),
  marks: Type.Array(VersionMark),
});
export type InstancesResponse = Static<typeof InstancesResponse>;
