/*
 * Whether two insights databases hold the same
 *
 * They may be of different kinds. So nothing is compared that only one kind has (indexes, pages, stand-ins of texts), and no
 * order of theirs is relied on but that of integers and bytes. Each table is gone through in ranges of its key; a range is
 * counted on both sides, and with `deep` read on both, each row hashed in one form whichever database it is from, and the
 * hashes of the rows, sorted, hashed again. Two ranges with one hash hold the same rows. Of one that differs, halves are
 * looked at until some hundred rows are left, and those are compared by key.
 *
 * Memory is that of one range. The databases may be in use, but what is written meanwhile differs: a sure answer needs two
 * that stand still.
 */

import { hash } from 'node:crypto';
import { INSIGHTS_TABLES, type InsightsTable } from '@scorpiox/shared/database/tables';
import type { Contents } from '../insights/contents.ts';
import { Comparison, type Difference } from './compare.ts';
import { DIFFERENCES_SHOWN, RANGE_ROWS } from './limits.ts';
import { rangesOf } from './ranges.ts';

export interface VerifyRequest {
  readonly first: Contents;
  readonly second: Contents;
  /** Whether rows are read and hashed, instead of counted. */
  readonly deep: boolean;
  readonly tables?: readonly InsightsTable[];
  /** Ends it between two ranges. */
  readonly stop: AbortSignal;
  /** Rows of the first so far, and of how many where that is known. */
  readonly onProgress?: (rows: number, total?: number) => void;
}

/** What a table comes to. A type rather than an interface: only those are records of printable values. */
type VerifiedTable = {
  readonly table: string;
  readonly ranges: number;
  readonly first: number;
  readonly second: number;
  /** Rows that differ, as far as they were looked for. */
  readonly differing: number;
  /** SHA-256 over the hashes of the first's ranges; empty where nothing was read. */
  readonly sha256: string;
};

export interface Verified {
  readonly tables: readonly VerifiedTable[];
  /** The first of those that differ. */
  readonly differences: readonly Difference[];
  readonly differing: number;
  readonly rows: number;
  readonly isWhole: boolean;
}

export async function verify(request: VerifyRequest): Promise<Verified> {
  const { first, tables: asked = INSIGHTS_TABLES, deep, stop } = request;
  const run = new Verification(request, deep ? await totalOf(first, asked, stop) : undefined);
  const tables: VerifiedTable[] = [];
  for (const table of asked) {
    if (stop.aborted) break;
    tables.push(await run.table(table));
  }
  const differing = tables.reduce((sum, table) => sum + table.differing, 0);
  const rows = tables.reduce((sum, table) => sum + table.first, 0);
  return { tables, differences: run.differences, differing, rows, isWhole: !stop.aborted };
}

async function totalOf(contents: Contents, tables: readonly InsightsTable[], stop: AbortSignal): Promise<number> {
  let total = 0;
  for (const table of tables) if (!stop.aborted) total += await contents.count(table);
  return total;
}

class Verification {
  readonly differences: Difference[] = [];
  readonly #request: VerifyRequest;
  readonly #comparison: Comparison;
  readonly #total: number | undefined;
  #rows = 0;

  constructor(request: VerifyRequest, total: number | undefined) {
    this.#request = request;
    this.#comparison = new Comparison(request.first, request.second);
    this.#total = total;
  }

  async table(table: InsightsTable): Promise<VerifiedTable> {
    const { first, second, deep, stop, onProgress } = this.#request;
    const sum = { ranges: 0, first: 0, second: 0, differing: 0 };
    const hashes: string[] = [];
    for await (const range of rangesOf(table, first, second, RANGE_ROWS)) {
      if (stop.aborted) break;
      const compared = await (deep ? this.#comparison.hashes(table, range) : this.#comparison.counts(table, range));
      sum.ranges += 1;
      sum.first += compared.first;
      sum.second += compared.second;
      if (compared.hash !== undefined) hashes.push(compared.hash);
      if (!compared.isSame) sum.differing += await this.#name(this.#comparison.differences(table, range, compared));
      this.#rows += compared.first;
      onProgress?.(this.#rows, this.#total);
    }
    return { table: table.sqlite, ...sum, sha256: deep ? hash('sha256', hashes.join('\n')) : '' };
  }

  /** Keeps the first of them; gives how many there are. */
  async #name(found: AsyncIterable<Difference>): Promise<number> {
    let count = 0;
    for await (const difference of found) {
      count += 1;
      if (this.differences.length < DIFFERENCES_SHOWN) this.differences.push(difference);
      if (this.#request.stop.aborted) break;
    }
    return count;
  }
}
