import type { EventProblemCode } from '@scorpiox/shared/telemetry';

/**
 * Why an event was not stored: the whole list. Each drop is counted under its reason and told to the sender.
 * - `malformed`: no JSON, or no envelope
 * - `unknown-type`: an Application Insights baseType that nobody documents
 * - `too-many-metrics`: more metrics in one item than any SDK sends
 * - `too-old`, `too-far-ahead`: outside the time window
 * - `unknown-key`: the ingest key names no application (counted for the process: there is no application to count it for)
 * - `refused`: the database would not take it
 * - the codes of `EventProblem`: what is wrong with the event itself
 */
export type DropReason =
  | EventProblemCode
  | 'malformed'
  | 'unknown-type'
  | 'too-many-metrics'
  | 'too-old'
  | 'too-far-ahead'
  | 'unknown-key'
  | 'refused';

/** A drop as the sender is told of it; `message` repeats none of the event's values. */
export interface Drop {
  readonly reason: DropReason;
  readonly message: string;
}
