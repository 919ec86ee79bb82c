/** How long a key may get on SQL Server, by the declared types of its columns. Pure. */
import type { Column } from '../rows/table.ts';

/** Bytes of types of one size (https://learn.microsoft.com/sql/t-sql/data-types/data-types-transact-sql). */
const FIXED: Readonly<Record<string, number>> = {
  bigint: 8,
  int: 4,
  smallint: 2,
  tinyint: 1,
  bit: 1,
  money: 8,
  smallmoney: 4,
  float: 8,
  real: 4,
  date: 3,
  time: 5,
  datetime: 8,
  datetime2: 8,
  smalldatetime: 4,
  datetimeoffset: 10,
  uniqueidentifier: 16,
  decimal: 17,
  numeric: 17,
  timestamp: 8,
  rowversion: 8,
};

/** Bytes of a character, or of what else a length counts. */
const LONG: Readonly<Record<string, number>> = { char: 1, varchar: 1, binary: 1, varbinary: 1, nchar: 2, nvarchar: 2 };

/** The most that a value of the type takes; infinite for `(max)` and for types that are not known here. */
export function bytesOf(type: string): number {
  const [, name = '', length = '1'] = /^\s*\[?(\w+)\]?(?:\s*\(\s*(\w+))?/.exec(type.toLowerCase()) ?? [];
  const unit = LONG[name];
  if (unit !== undefined) return length === 'max' ? Number.POSITIVE_INFINITY : unit * Number(length);
  return FIXED[name] ?? Number.POSITIVE_INFINITY;
}

/** The same of a whole key. */
export const keyBytes = (columns: readonly Pick<Column, 'type'>[]): number =>
  columns.reduce((sum, { type }) => sum + bytesOf(type), 0);
