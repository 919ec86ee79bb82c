import type { EventProblemCode } from '@scorpiox/shared/telemetry';

/**
 * Why an event was not stored: the whole list. Each drop is counted under its reason and told to the sender.
 * - `malformed`: no JSON, or no envelope
 * - `unknown-type`: an Application Insights baseType that nobody documents
 * - `too-many-metrics`: more metrics in one item than any SDK sends
 * - `too-many-entries`: an Application Insights item with maps that no SDK sends
 * - `bad-span-id`: an OTLP span without ids, or with ids that are none
 * - `bad-point`: an OTLP data point that cannot be what it says
 * - `resource-too-large`: OTLP attributes that every item would get a copy of, and too many of them
 * - `too-old`, `too-far-ahead`: outside the time window
 * - `unknown-key`: the ingest key is not known, or was revoked
 * - `missing-app`: the key is a shared one and the event names no application
 * - `too-many-apps`: the same, and its application would be one too many
 * - `rate-limited`: the key is over its limit; not lost, for the sender is told to come back
 * - `refused`: the database would not take it
 *   (these four are counted for the process: there is no application to count them for, or they come again)
 * - the codes of `EventProblem`: what is wrong with the event itself
 */
export type DropReason =
  | EventProblemCode
  | 'malformed'
  | 'unknown-type'
  | 'too-many-metrics'
  | 'too-many-entries'
  | 'bad-span-id'
  | 'bad-point'
  | 'resource-too-large'
  | 'too-old'
  | 'too-far-ahead'
  | 'unknown-key'
  | 'missing-app'
  | 'too-many-apps'
  | 'rate-limited'
  | 'refused';

/** A drop as the sender is told of it; `message` repeats none of the event's values. */
export interface Drop {
  readonly reason: DropReason;
  readonly message: string;
  /** Seconds after which the sender is to come back; absent where that would not help. */
  readonly retryAfter?: number;
}
