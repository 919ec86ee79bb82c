// What the process that makes the load is told, and what it tells.
import type { FormatName } from './bodies.ts';

/** A load: closed (each connection sends its next batch when it has its answer) or, with `pace`, at a steady rate. */
export interface Load {
  readonly port: number;
  readonly keys: readonly string[];
  readonly format: FormatName;
  readonly gzip: boolean;
  readonly connections: number;
  readonly batches: number;
  /** The number of the first batch: none may come twice. */
  readonly from: number;
  /** Events a second in all. */
  readonly pace?: number;
}

export interface LoadResult {
  readonly seconds: number;
  /** Milliseconds from sending a batch (with `pace`: from when it was due) to its answer, ascending. */
  readonly waits: readonly number[];
  /** Processor time of the load itself, milliseconds. */
  readonly processor: number;
  /** Answers that were not 200. */
  readonly refused: number;
  /** Bytes of one batch as sent. */
  readonly bytes: number;
}

export type LoadMessage = { readonly ok: LoadResult } | { readonly error: string };
