import type { Backup, DatabaseError } from '@scorpiox/shared/database';
import type { Result } from '@scorpiox/shared/result';
import type { MetricListed, MetricListRequest, MetricReport, MetricRequest } from '../metric-questions.ts';
import type { AppTotals, MinuteSpan, PurgeOutcome, PurgeRequest, StoreHealth } from '../port.ts';
import type { Answer, Ask } from '../questions/overview.ts';
import type { WireSubmissions } from '../wire-submissions.ts';
import type { Asked } from './read-apps.ts';

/** What a thread is started with. */
export interface ThreadOptions {
  readonly file: string;
}

/** What crosses the border to the writer thread; `unavailable` is a `StoreUnavailable`'s message. */
export type WireOutcome =
  | {
      readonly kind: 'stored';
      readonly accepted: number;
      readonly duplicates: number;
      readonly refused: readonly number[];
      readonly tooOld?: readonly number[];
      readonly stored?: readonly number[];
    }
  | { readonly kind: 'failed'; readonly unavailable: string };

/** The calls that the writer thread answers. */
export interface WriterCalls {
  write(submissions: WireSubmissions): readonly WireOutcome[];
  purge(request: PurgeRequest): PurgeOutcome;
  linkCalls(): number;
  close(): void;
}

/** The calls that the reader thread answers. */
export interface ReaderCalls {
  summarizeApps(span: MinuteSpan): readonly AppTotals[];
  listMetrics(request: MetricListRequest): readonly MetricListed[];
  readMetric(request: MetricRequest): MetricReport;
  askOverview(asked: Asked<Ask>): Answer<Ask>;
  health(): StoreHealth;
  close(): void;
}

/** The call that the backup thread answers; its argument is the file that the copy is to become. */
export interface BackupCalls {
  backUp(target: string): Result<Backup, DatabaseError>;
  close(): void;
}
