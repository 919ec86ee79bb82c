import type { ParsedEvent } from '@scorpiox/shared/telemetry';
import type { DropReason } from '../ingest/pipeline/reasons.ts';
import type { BucketCount } from '../rollup/percentiles.ts';
import type { MetricQuestions } from './metric-questions.ts';
import type { OverviewStore } from './questions/overview.ts';
import type { RawEvents } from './raw/raw-port.ts';

/**
 * What the API needs of a database. Every adapter passes one contract suite (tests/store/contract.ts).
 *
 * Rules that adapters keep:
 * - An event is identified by (application, time, hash). One that is there already is a duplicate and changes nothing.
 * - Events, rollups and counters of a submission are committed together and are durable before `write` answers.
 * - Rollups are made from the rows that really went in, so a submission sent twice counts once.
 * - An event from a time whose events were deleted is refused: its key would not be there to know it by.
 * - A submission that cannot be stored does not keep its neighbours from being stored.
 */
export interface Store extends MetricQuestions, OverviewStore {
  /** Writes submissions in as few transactions as possible; one outcome each, in their order. Rejects never. */
  write(submissions: readonly Submission[]): Promise<readonly SubmissionOutcome[]>;
  /** Rejects with `StoreUnavailable`. */
  summarizeApps(span: MinuteSpan): Promise<readonly AppTotals[]>;
  /** Rejects with `StoreUnavailable`. */
  health(): Promise<StoreHealth>;
  /** Deletes the oldest of what is older than a moment, a bounded number of rows, and notes that of events. Rejects with `StoreUnavailable`. */
  purge(request: PurgeRequest): Promise<PurgeOutcome>;
  /** The events themselves. */
  readonly raw: RawEvents;
  /** Threads or sessions with the database, and how many calls they have in hand. */
  readonly sessions?: () => readonly SessionUse[];
  /** Resolves with the reason when the store stops working for good; never when it is closed. */
  readonly failed: Promise<Error>;
  /** Finishes what is being written, then releases everything. */
  close(): Promise<void>;
}

/** A thread, or a pool of sessions. */
interface SessionUse {
  readonly name: string;
  readonly inUse: number;
  /** How many at once; absent: any number, one after the other. */
  readonly most?: number;
}

/** What of an application is kept for a time of its own: its events, and its sums by minute, hour and day. */
export type Kept = 'events' | 'minutes' | 'hours' | 'days';

export interface PurgeRequest {
  readonly appId: number;
  readonly what: Kept;
  /** Milliseconds since 1970: what is older goes. Sums go when all of their time is older. */
  readonly before: number;
}

export interface PurgeOutcome {
  /** Rows that were deleted; 0 when nothing older is left. */
  readonly deleted: number;
  /** The oldest that is left, milliseconds since 1970; absent when nothing is. */
  readonly oldest?: number;
}

/** An event with its identity. */
export interface IdentifiedEvent {
  readonly event: ParsedEvent;
  /** 16 bytes. */
  readonly hash: Uint8Array;
}

/** What one request brought for one application. */
export interface Submission {
  readonly appId: number;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  readonly events: readonly IdentifiedEvent[];
  /** Events that were dropped on the way here, by reason: counted with the rest. */
  readonly dropped: Partial<Record<DropReason, number>>;
}

export type SubmissionOutcome =
  | {
      readonly kind: 'stored';
      readonly accepted: number;
      readonly duplicates: number;
      /** Events that the database would not take, by their place in `events`; the others are stored. */
      readonly refused: readonly number[];
      /** Those that lie where events of the application were deleted (`DeletedSpan`), likewise; absent: none. */
      readonly tooOld?: readonly number[];
      /** Places of those that are stored now, where not all are; absent too where an adapter does not tell. */
      readonly stored?: readonly number[];
    }
  /** Nothing of it is stored and trying again is sensible. */
  | { readonly kind: 'failed'; readonly error: StoreUnavailable };

/** The database cannot do its work now: full disk, lock held too long, gone. `message` is a sentence for the operator. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

/** Whole minutes since 1970, `to` excluded, cut into steps of `stepMinutes` from `from` on. */
export interface MinuteSpan {
  readonly from: number;
  readonly to: number;
  readonly stepMinutes: number;
}

/** What an application comes to in a span. */
export interface AppFigures {
  readonly requests: number;
  readonly failures: number;
  /** The same of the span before, as long as this one. */
  readonly requestsBefore: number;
  readonly failuresBefore: number;
  readonly exceptions: number;
  /** Groups of exceptions that were first seen in the span. */
  readonly newExceptions: number;
  /** Requests by step number; steps without any are absent. */
  readonly steps: readonly { readonly step: number; readonly count: number }[];
  /** Latency of the requests; `min` and `max` in microseconds, absent when none had a duration. */
  readonly buckets: readonly BucketCount[];
  /** Of those, what failed; sums by older programs do not say. */
  readonly failedBuckets: readonly BucketCount[];
  readonly min?: number;
  readonly max?: number;
}

/** One application: what it comes to in the span, and its counters since it exists. */
export interface AppTotals extends AppFigures {
  readonly appId: number;
  readonly name: string;
  /** Up to which a request satisfies, milliseconds; absent: the API's default. */
  readonly apdexMs?: number;
  /** When it last said something of its present, milliseconds since 1970. */
  readonly lastSeen?: number;
  readonly counters: AppCounters;
}

/** The counts of an application of which nothing is known in the span. */
export const NO_COUNTS = {
  requests: 0,
  failures: 0,
  requestsBefore: 0,
  failuresBefore: 0,
  exceptions: 0,
  newExceptions: 0,
};

/** What it comes to. */
export const NO_FIGURES: AppFigures = { ...NO_COUNTS, steps: [], buckets: [], failedBuckets: [] };

export interface AppCounters {
  readonly received: number;
  readonly accepted: number;
  readonly duplicates: number;
  /** Stored events that stand for others. */
  readonly sampled: number;
  /** Stored more than an hour after they happened. */
  readonly late: number;
  readonly rejected: Readonly<Record<string, number>>;
  /** Changes that were made to keep events: truncated, dropped (fields), negative, saturated (durations). */
  readonly adjusted: Readonly<Record<string, number>>;
}

export interface StoreHealth {
  /** Size of the database, bytes; 0 where a server does not tell. */
  readonly bytes: number;
  /** What keeps duplicates out: the unique index alone, or a statement that looks first because the index cannot. */
  readonly deduplication: 'index' | 'not-exists';
  readonly apps: readonly { readonly name: string; readonly counters: AppCounters }[];
  /** The database that its contents have moved to: it takes no change any more. Absent: it does. */
  readonly movedTo?: string;
}
