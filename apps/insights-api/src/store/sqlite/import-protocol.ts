import type { Result } from '@scorpiox/shared/result';
import type { SourceRow, SourceTable } from '../../imports/source.ts';

/** What the thread is started with. */
export interface ImportOptions {
  readonly file: string;
  readonly table: string;
  /** The column that numbers the rows, where the request names one. */
  readonly key: string | undefined;
}

export interface PageRequest {
  readonly key: string;
  readonly from: bigint;
  readonly columns: readonly string[];
}

/** The calls that the thread answers which reads a table to be imported. */
export interface ImportCalls {
  describe(): Result<SourceTable, string>;
  page(request: PageRequest): readonly SourceRow[];
  count(): number;
  close(): void;
}
