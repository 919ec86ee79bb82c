/** What a row comes to, the same whichever kind of database it is read from. */
import { hash } from 'node:crypto';
import type { Row, Value } from '@scorpiox/shared/database/console';
import type { InsightsTable, InsightsType } from '@scorpiox/shared/database/tables';

/**
 * SHA-256 over all columns in their order, each with its type: integers in decimal digits, reals as the eight bytes of a
 * double (minus zero as zero, which a SQL Server need not keep), texts as they are, bytes in hexadecimal digits.
 */
export const rowHash = (table: InsightsTable, row: Row): string =>
  hash('sha256', JSON.stringify(table.columns.map(({ name, type }) => canonical(type, row[name] ?? null))));

/** SHA-256 over the hashes of rows, whatever order they came in. */
export const rangeHash = (rows: readonly string[]): string => hash('sha256', rows.toSorted().join('\n'));

/** The values of a row's key as one text. */
export const keyText = (table: InsightsTable, row: Row): string =>
  JSON.stringify(table.key.map((name) => canonical(typeOf(table, name), row[name] ?? null)));

const typeOf = (table: InsightsTable, name: string): InsightsType =>
  table.columns.find((column) => column.name === name)?.type ?? 'text';

const REAL = Buffer.alloc(8);

export function canonical(type: InsightsType, value: Value): string | null {
  if (value === null) return null;
  if (value instanceof Uint8Array) return `b${Buffer.from(value).toString('hex')}`;
  if (typeof value === 'string') return `t${value}`;
  if (type !== 'real') return `i${value}`;
  REAL.writeDoubleBE(Number(value) + 0);
  return `r${REAL.toString('hex')}`;
}
