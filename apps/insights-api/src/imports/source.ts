import type { Result } from '@scorpiox/shared/result';

/** A value as a database gives it. */
export type Cell = string | number | bigint | Uint8Array | null;

/** A row: its key, and the columns that were asked for, in that order. */
export interface SourceRow {
  readonly key: bigint;
  readonly cells: readonly Cell[];
}

export interface SourceTable {
  readonly columns: readonly string[];
  /** The column in whose order rows are read. */
  readonly key: string;
  readonly rows: number;
}

/** A table or view to be read. What it cannot do rejects with an error whose message is for the operator. */
export interface ImportSource {
  /** What it consists of; an error is a sentence that says why it cannot be imported. */
  describe(): Promise<Result<SourceTable, string>>;
  /** Rows whose key is at least `from`, ascending, a bounded number; none at the end. */
  page(from: bigint, columns: readonly string[]): Promise<readonly SourceRow[]>;
  count(): Promise<number>;
  close(): Promise<void>;
}

/** Keys are whole numbers of 64 bits. */
export const FIRST_KEY = -(2n ** 63n);
export const LAST_KEY = 2n ** 63n - 1n;
