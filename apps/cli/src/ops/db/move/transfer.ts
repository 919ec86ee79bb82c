/** Rows from one database to another: a range, or a small table, made the same as it is in the source. */
import type { Row, Run, Value } from '@scorpiox/shared/database/console';
import { INSIGHTS_TABLES, type InsightsTable } from '@scorpiox/shared/database/tables';
import { type Contents, columnText } from '../insights/contents.ts';
import { describeRange, type Range, WHOLE } from '../insights/range.ts';
import { keyText, rangeHash, rowHash } from '../insights/row-hash.ts';
import { insertRows, removeRange, removeRow, updateRow } from '../insights/write-texts.ts';
import { DOCUMENT_ROWS } from './limits.ts';
import type { Holder } from './marks.ts';

/** The target does not hold what was written to it. */
export class NotTheSame extends Error {}

export class Transfer {
  readonly #source: Contents;
  readonly #target: Contents;
  readonly #holder: Holder;

  constructor(source: Contents, target: Contents, holder: Holder) {
    this.#source = source;
    this.#target = target;
    this.#holder = holder;
  }

  /** Makes a range of the target what it is in the source at this moment; gives its rows. */
  async copy(table: InsightsTable, range: Range, noted: Readonly<Record<string, Value>> = {}): Promise<readonly Row[]> {
    const rows = await this.#source.rows(table, range);
    await this.#replace(table, range, rows, noted);
    return rows;
  }

  /** The same, and reads the target back. What names the rows comes with them, or they would not show there. */
  async copyProved(table: InsightsTable, range: Range): Promise<number> {
    const rows = await this.#source.rows(table, range);
    const naming = INSIGHTS_TABLES.find(({ sqlite }) => sqlite === table.namedBy?.sqlite);
    if (naming !== undefined) await this.copy(naming, range);
    await this.#replace(table, range, rows, {});
    const there = await this.#target.rows(table, range);
    if (hashOf(table, rows) !== hashOf(table, there)) throw new NotTheSame(notTheSame(table, range, rows, there));
    return rows.length;
  }

  /** Makes a table of the target what it is in the source at this moment, row by row; gives how many differed. */
  async compare(table: InsightsTable): Promise<number> {
    const rows = await this.#source.rows(table, WHOLE);
    const { gone, changed, added } = differences(table, rows, await this.#target.rows(table, WHOLE));
    if (gone.length + changed.length + added.length === 0) return 0;
    const { dialect } = this.#target;
    await this.#holder.write({}, async (run) => {
      for (const row of gone) await run(removeRow(dialect, table, row));
      for (const row of changed) await run(updateRow(dialect, table, row));
      await this.#insert(run, table, added);
    });
    const there = await this.#target.rows(table, WHOLE);
    if (hashOf(table, rows) !== hashOf(table, there)) throw new NotTheSame(notTheSame(table, WHOLE, rows, there));
    return gone.length + changed.length + added.length;
  }

  #replace(
    table: InsightsTable,
    range: Range,
    rows: readonly Row[],
    noted: Readonly<Record<string, Value>>,
  ): Promise<void> {
    return this.#holder.write(noted, async (run) => {
      await run(removeRange(this.#target.dialect, table, range));
      await this.#insert(run, table, rows);
    });
  }

  async #insert(run: Run, table: InsightsTable, rows: readonly Row[]): Promise<void> {
    const { dialect } = this.#target;
    for (let at = 0; at < rows.length; at += DOCUMENT_ROWS) {
      await run(insertRows(dialect, table, rows.slice(at, at + DOCUMENT_ROWS)));
    }
  }
}

const hashOf = (table: InsightsTable, rows: readonly Row[]): string =>
  rangeHash(rows.map((row) => rowHash(table, row)));

function differences(table: InsightsTable, rows: readonly Row[], there: readonly Row[]) {
  const left = new Map(there.map((row) => [keyText(table, row), row]));
  const [changed, added]: [Row[], Row[]] = [[], []];
  for (const row of rows) {
    const other = left.get(keyText(table, row));
    if (other === undefined) added.push(row);
    else if (rowHash(table, row) !== rowHash(table, other)) changed.push(row);
    left.delete(keyText(table, row));
  }
  return { gone: [...left.values()], changed, added };
}

function notTheSame(table: InsightsTable, range: Range, rows: readonly Row[], there: readonly Row[]): string {
  const { gone, changed, added } = differences(table, rows, there);
  const first = changed[0] ?? added[0] ?? gone[0];
  const named = first === undefined ? '' : ` The first that differs: ${columnText(table, first)}.`;
  return `The target does not hold what was written to ${table.sqlite} (${describeRange(table, range)}).${named}`;
}
