import type { EventKind } from '@scorpiox/shared/telemetry';
import type { BucketCount } from '../../rollup/percentiles.ts';

/*
 * What the pages of one application and the map ask a store. Spans are whole minutes since 1970, `to` excluded; sums are
 * weighted; durations are in milliseconds, moments in milliseconds since 1970.
 */

export interface Span {
  readonly from: number;
  readonly to: number;
}

interface OfApp {
  readonly appId: number;
  readonly span: Span;
}

/** How an application has been lately, of all applications. */
export interface Standing {
  readonly appId: number;
  /** Minutes in which something was received or happened, ascending. */
  readonly active: readonly number[];
  /** Requests of the last minutes. */
  readonly requests: number;
  readonly failures: number;
}

interface Durations {
  readonly mean: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

/** One operation's name, or all of the kind. */
export interface Timed extends OfApp {
  readonly kind: EventKind;
  readonly name?: string;
}

/** An entry for each step, from `span.from` on. */
export interface TimelineFigures {
  readonly count: readonly number[];
  readonly failures: readonly number[];
  readonly mean: readonly (number | null)[];
  readonly p50: readonly (number | null)[];
  readonly p95: readonly (number | null)[];
  readonly p99: readonly (number | null)[];
}

export interface LatencyFigures extends Durations {
  /** Of those that have a duration. */
  readonly count: number;
  readonly min: number | null;
  readonly max: number | null;
  readonly buckets: readonly BucketCount[];
}

export interface Paged<S extends string> {
  readonly sort: S;
  readonly order: 'asc' | 'desc';
  readonly limit: number;
  /** The last row of the page before. */
  readonly after?: Place;
}

/** Where a row stands in a sorted list: by its value, then by its name. */
export interface Place {
  readonly value: string | number | null;
  readonly name: string;
}

export interface OperationFigures extends Durations {
  readonly name: string;
  readonly count: number;
  readonly failures: number;
  readonly max: number | null;
  /** All durations together. */
  readonly time: number;
  readonly type?: string | null;
  readonly target?: string | null;
}

export interface OperationPage {
  readonly names: number;
  readonly count: number;
  readonly failures: number;
  /** All durations of the kind together, whether the names are searched for or not. */
  readonly time: number;
  readonly rows: readonly OperationFigures[];
  readonly next?: Place;
}

export interface ExceptionFigures {
  /** Hexadecimal digits. */
  readonly id: string;
  readonly type: string;
  readonly place: string;
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly count: number;
  readonly users: { readonly count: number; readonly isExact: boolean };
  readonly steps: readonly number[];
  readonly newest?: {
    readonly time: number;
    readonly message: string | null;
    /** The properties of the event. */
    readonly properties: Readonly<Record<string, string>>;
    readonly operationId: string | null;
    readonly instance: string | null;
    readonly version: string | null;
  };
}

export interface ExceptionPage {
  readonly groups: number;
  readonly newGroups: number;
  readonly count: number;
  readonly rows: readonly ExceptionFigures[];
  readonly next?: Place;
}

export interface InstanceFigures {
  /** Empty where events do not say. */
  readonly instance: string;
  readonly version: string;
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly events: number;
  readonly requests: number;
  readonly failures: number;
}

export interface VersionSeen {
  readonly version: string;
  readonly firstSeen: number;
}

export interface EdgeFigures {
  readonly fromAppId: number;
  readonly toAppId: number;
  readonly count: number;
  readonly failures: number;
  readonly p50: number | null;
  readonly p95: number | null;
}

/** How many groups of exceptions of an application are new. */
export interface FreshGroups {
  readonly appId: number;
  readonly groups: number;
}

/** Events of some kinds, by application. */
export interface KindsOf {
  readonly appId: number;
  readonly kinds: readonly EventKind[];
}

/** Events of one step; steps without any are absent. */
export interface StepCount {
  readonly step: number;
  readonly count: number;
  readonly failures: number;
}

export type OperationSorts = 'count' | 'failures' | 'failureRate' | 'p50' | 'p95' | 'p99' | 'time' | 'name';
export type ExceptionSorts = 'count' | 'users' | 'lastSeen' | 'firstSeen';

/** Each question by its name: what is asked, and what is answered. */
interface OverviewAsks {
  /** Activity since the minute `activeFrom`, requests of `span`. */
  readonly standing: { question: { readonly activeFrom: number; readonly span: Span }; answer: readonly Standing[] };
  readonly timeline: { question: Timed & { readonly stepMinutes: number }; answer: TimelineFigures };
  readonly latency: { question: Timed; answer: LatencyFigures };
  readonly operations: {
    question: OfApp & Paged<OperationSorts> & { readonly kind: EventKind; readonly search: string };
    answer: OperationPage;
  };
  /** `steps`: the span that the steps cover, in steps of `stepMinutes`. */
  readonly exceptions: {
    question: OfApp & Paged<ExceptionSorts> & { readonly steps: Span; readonly stepMinutes: number };
    answer: ExceptionPage;
  };
  readonly instances: { question: OfApp; answer: readonly InstanceFigures[] };
  /** Versions of an application by when they were first seen, those of all times. */
  readonly versions: { question: { readonly appId: number }; answer: readonly VersionSeen[] };
  readonly edges: { question: Span; answer: readonly EdgeFigures[] };
  /** Groups of exceptions that were first stored from a moment on, and first happened between two; those with any. */
  readonly freshGroups: {
    question: { readonly from: number; readonly to: number; readonly storedFrom: number };
    answer: readonly FreshGroups[];
  };
  /** Events that are still kept, in steps of the span. */
  readonly counts: {
    question: { readonly of: readonly KindsOf[]; readonly span: Span; readonly stepMinutes: number };
    answer: readonly StepCount[];
  };
}

export type Ask = keyof OverviewAsks;
export type Question<K extends Ask> = OverviewAsks[K]['question'];
export type Answer<K extends Ask> = OverviewAsks[K]['answer'];

export interface OverviewStore {
  /** Answers one of the questions. Rejects with `StoreUnavailable`. */
  askOverview<K extends Ask>(ask: K, question: Question<K>): Promise<Answer<K>>;
  /**
   * Puts the ends of calls together that were stored since: a bounded number of rows, whose number it gives; 0 when nothing
   * is left. Rejects with `StoreUnavailable`.
   */
  linkCalls(): Promise<number>;
}
