/** How many duplicates a table has by a key, and which. Changes nothing. */
import type { Row, Run, Value } from '@scorpiox/shared/database/console';
import { number } from '../dialect/rows.ts';
import { only } from '../rows/cells.ts';
import type { Keyed } from '../rows/key.ts';
import { countKeys, worstKeys } from './texts.ts';

/** A table's rows by a key. */
export interface KeyCounts {
  /** All rows of the table. */
  readonly rows: number;
  /** Different keys; a row that cannot have duplicates is one by itself. */
  readonly distinct: number;
  /** Keys of more than one row. */
  readonly groups: number;
  /** Rows too many: rows − distinct. */
  readonly excess: number;
}

export interface WorstKey {
  readonly key: Readonly<Record<string, Value>>;
  readonly rows: number;
  /** Its first rows, by what they are ordered by: the first would be kept. */
  readonly sample: readonly Readonly<Record<string, Value>>[];
}

/** Counts. A SQL Server may let others write while it does, so that the numbers need not agree to a row. */
export async function countDuplicates(run: Run, of: Pick<Keyed, 'table' | 'key'>): Promise<KeyCounts> {
  const keys = await only(run, countKeys(of));
  const rows = number(keys, 'rows');
  const excess = number(keys, 'excess');
  return { rows, distinct: rows - excess, groups: number(keys, 'groups'), excess };
}

/** The keys that have most rows. */
export async function findWorst(run: Run, of: Keyed, keys: number, sampled: number): Promise<readonly WorstKey[]> {
  const { sets } = await run(worstKeys(of, sampled, keys * sampled));
  const found: { key: WorstKey['key']; rows: number; sample: WorstKey['sample'][number][] }[] = [];
  for (const row of sets[0] ?? []) {
    if (number(row, 'place') === 1) found.push({ key: named(row, 'k', of.key), rows: number(row, 'n'), sample: [] });
    found.at(-1)?.sample.push(named(row, 'o', of.order.columns));
  }
  return found.slice(0, keys);
}

const named = (row: Row, letter: string, names: readonly string[]): Readonly<Record<string, Value>> =>
  Object.fromEntries(names.map((name, at) => [name, row[`${letter}${at}`] ?? null]));
