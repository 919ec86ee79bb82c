/** Whether two databases have the same in a range, and if not, which rows differ. */
import type { Row } from '@scorpiox/shared/database/console';
import type { InsightsTable } from '@scorpiox/shared/database/tables';
import { type Contents, columnText } from '../insights/contents.ts';
import type { Range } from '../insights/range.ts';
import { canonical, keyText, rangeHash, rowHash } from '../insights/row-hash.ts';
import { COMPARED_ROWS } from './limits.ts';

/** A row that is not the same on both sides. */
export interface Difference {
  readonly table: string;
  /** The values of its key: `app_id=3 time=1700000000000000 hash=ab…`. */
  readonly key: string;
  /** Which of the two has it alone; `both` have it, with other values in `columns`. */
  readonly in: 'first' | 'second' | 'both';
  readonly columns: readonly string[];
}

/** What a range comes to. */
export interface Compared {
  /** Rows of each. */
  readonly first: number;
  readonly second: number;
  /** SHA-256 over the rows of the first, where they were read. */
  readonly hash?: string;
  readonly isSame: boolean;
}

export class Comparison {
  readonly #first: Contents;
  readonly #second: Contents;

  constructor(first: Contents, second: Contents) {
    this.#first = first;
    this.#second = second;
  }

  /** Counts the rows of a range on both sides. */
  async counts(table: InsightsTable, range: Range): Promise<Compared> {
    const first = await this.#first.count(table, range);
    const second = await this.#second.count(table, range);
    return { first, second, isSame: first === second };
  }

  /** Reads the rows of a range on both sides. */
  async hashes(table: InsightsTable, range: Range): Promise<Compared> {
    const first = (await this.#first.rows(table, range)).map((row) => rowHash(table, row));
    const second = (await this.#second.rows(table, range)).map((row) => rowHash(table, row));
    const hash = rangeHash(first);
    return { first: first.length, second: second.length, hash, isSame: hash === rangeHash(second) };
  }

  /** The rows that differ in a range that is known to: it is halved down to some hundred rows. */
  async *differences(table: InsightsTable, range: Range, compared: Compared): AsyncGenerator<Difference> {
    const half = await this.#half(table, range, compared);
    if (half === undefined) {
      yield* differing(table, await this.#first.rows(table, range), await this.#second.rows(table, range));
      return;
    }
    for (const part of half) {
      const found = await this.hashes(table, part);
      if (!found.isSame) yield* this.differences(table, part, found);
    }
  }

  /** Cut where the side that has more rows has half of them; undefined where it is small, or cannot be cut. */
  async #half(
    table: InsightsTable,
    range: Range,
    { first, second }: Compared,
  ): Promise<readonly [Range, Range] | undefined> {
    const rows = Math.max(first, second);
    if (rows <= COMPARED_ROWS) return undefined;
    const longer = first >= second ? this.#first : this.#second;
    const at = await longer.cut(table, range, Math.floor(rows / 2));
    return at === undefined
      ? undefined
      : [
          { ...range, to: at },
          { ...range, from: at },
        ];
  }
}

function* differing(table: InsightsTable, first: readonly Row[], second: readonly Row[]): Generator<Difference> {
  const others = new Map(second.map((row) => [keyText(table, row), row]));
  for (const row of first) {
    const key = keyText(table, row);
    const other = others.get(key);
    others.delete(key);
    if (other === undefined) yield { ...nameOf(table, row), in: 'first', columns: [] };
    else if (rowHash(table, row) !== rowHash(table, other)) {
      yield { ...nameOf(table, row), in: 'both', columns: differingColumns(table, row, other) };
    }
  }
  for (const row of others.values()) yield { ...nameOf(table, row), in: 'second', columns: [] };
}

const differingColumns = ({ columns }: InsightsTable, row: Row, other: Row): readonly string[] =>
  columns
    .filter(({ name, type }) => canonical(type, row[name] ?? null) !== canonical(type, other[name] ?? null))
    .map(({ name }) => name);

const nameOf = (table: InsightsTable, row: Row) => ({ table: table.sqlite, key: columnText(table, row) });
