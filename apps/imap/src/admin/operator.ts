/**
 * What an operator may ask of a running server, and what it answers: a port between the admin side, which speaks HTTP,
 * and whoever knows the connections. Every value is plain, so that it passes between processes as it is; what several
 * processes answer is put together by `together.ts`.
 *
 * Times are milliseconds. An age is counted on the answering process's own clock, which never jumps.
 */
import type { LogsResponse, SessionReport, TraceEnd, TraceReport, TraceSubject } from '@scorpiox/shared/imap-admin';

export type { LogsResponse, SessionReport, TraceEnd, TraceReport, TraceSubject };

export interface Operator {
  /** Whether new clients are welcome: false while the server stops. */
  ready(): Promise<boolean>;
  sessions(): Promise<SessionList>;
  /** Ends a connection with BYE, or 421 in LMTP; one that does not take it is hung up on. */
  kick(id: string): Promise<KickReport>;
  /** Reads certificate and key again. Those who are connected stay; who comes next gets the new one. */
  reload(): Promise<ReloadReport>;
  metrics(): Promise<MetricsSnapshot>;
  /** Writes down what a user's sessions, or one session, say and are answered, without mail and secrets. */
  startTrace(request: TraceRequest): Promise<StartedTrace>;
  /** Undefined where no such trace runs. */
  stopTrace(id: string): Promise<TraceReport | undefined>;
  /** Those that run, and the last that have ended. */
  traces(): Promise<readonly TraceReport[]>;
  /** What was logged last; after the place in the logs that an answer before named as `next`, where one is given. */
  logs(after: LogCursor | undefined): Promise<LogsResponse>;
}

/** How far logs were read: by the name of each, the number of its last line. */
export type LogCursor = Readonly<Record<string, number>>;

export interface TraceRequest {
  /** A UUID, the same in all processes. */
  readonly id: string;
  readonly subject: TraceSubject;
  /** After so many it ends by itself. */
  readonly minutes: number;
  /** Octets of a file after which it ends by itself, about. */
  readonly octets: number;
}

export type StartedTrace =
  | { readonly ok: true; readonly trace: TraceReport }
  | { readonly ok: false; readonly why: 'no-such-session' | 'too-many' | 'unwritable' | 'unanswered' };

export interface SessionList {
  /** The connections as they are now, the oldest first. */
  readonly sessions: readonly SessionReport[];
  /** A sentence for each process whose connections are not among them, because it did not answer in time. */
  readonly missing: readonly string[];
}

/** `unanswered`: a process did not answer in time, and the connection may be there. */
export type KickReport = 'kicked' | 'no-such-session' | 'unanswered';

export type ReloadReport =
  | { readonly ok: true; readonly certificate: CertificateFacts }
  /** The old certificate stays in use. `message` is a sentence that says what is wrong. */
  | { readonly ok: false; readonly why: 'bad-certificate' | 'unanswered'; readonly message: string };

export interface CertificateFacts {
  /** Of the certificate: pairs of hexadecimal digits with colons, as browsers and openssl print it. */
  readonly sha256: string;
  /** Host names and addresses, as the certificate lists them. */
  readonly names: string;
  /** ISO 8601. */
  readonly validTo: string;
}

export type Labels = Readonly<Record<string, string>>;

/** Measurements of one kind, in the terms of Prometheus. Names follow its conventions: base units, `_total` for counters. */
export type MetricFamily = NumberFamily | HistogramFamily;

export interface NumberFamily {
  readonly type: 'counter' | 'gauge';
  readonly name: string;
  readonly help: string;
  /** What two processes have together. */
  readonly together: 'sum' | 'max';
  readonly series: readonly { readonly labels: Labels; readonly value: number }[];
}

export interface HistogramFamily {
  readonly type: 'histogram';
  readonly name: string;
  readonly help: string;
  /** Upper bounds of the buckets, ascending, without infinity. */
  readonly bounds: readonly number[];
  readonly series: readonly {
    readonly labels: Labels;
    /** What fell into each bucket and in none before it; one more than there are bounds. */
    readonly counts: readonly number[];
    readonly sum: number;
  }[];
}

export type MetricsSnapshot = readonly MetricFamily[];
