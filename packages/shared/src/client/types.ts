import type { NativeEvent } from '../telemetry/event.ts';

/** An event as an application tracks it: time and id are filled in where they are absent. */
export type TelemetryEvent = Omit<NativeEvent, 'time'> & { readonly time?: string };

/**
 * Why an event was not delivered. `queue-full`: sent for slower than tracked; `rejected`: the server refused it;
 * `unauthorized`: the server refused the key; `closed`: tracked after close, or given up at its deadline;
 * `invalid`: it has no JSON form or is larger than a batch may be.
 */
export type DropReason = 'queue-full' | 'rejected' | 'unauthorized' | 'closed' | 'invalid';

/** At any moment: tracked = delivered + queued + the sum of dropped. */
export interface TelemetryStats {
  readonly tracked: number;
  /** Stored by the server, duplicates of what it had among them. */
  readonly delivered: number;
  /** Waiting or in flight. */
  readonly queued: number;
  /** Bytes of JSON that `queued` stands for. */
  readonly queuedBytes: number;
  readonly dropped: Readonly<Record<DropReason, number>>;
  /** Requests that left open what became of their batch: it goes again. */
  readonly retries: number;
}

export interface TelemetryClient {
  /** Takes the event into the queue, or counts it as dropped. Never throws, never waits. */
  track(event: TelemetryEvent): void;
  stats(): TelemetryStats;
  /** Sends what is queued; at the deadline (ms from now) counts the rest as `closed`. Never rejects. */
  close(deadlineMs: number): Promise<TelemetryStats>;
}

/** Time as the client sees it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `run` once after `ms`; the result cancels it. Keeps the process alive only with `keepAlive`. */
  after(ms: number, run: () => void, keepAlive?: boolean): () => void;
}

export interface TelemetryClientOptions {
  /** `InstrumentationKey=…;IngestionEndpoint=…` */
  readonly connectionString: string;
  /** Default for events that name none: which process of the application this is. */
  readonly instance?: string;
  readonly version?: string;
  readonly clock?: Clock;
  /** A number from 0 up to but excluding 1, for jitter. */
  readonly random?: () => number;
  readonly fetch?: typeof globalThis.fetch;
  /** Told when delivery starts failing, drops, or works again: a sentence without key or content. */
  readonly log?: (message: string) => void;
}
