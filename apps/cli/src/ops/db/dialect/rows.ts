/** Reads cells of rows whose columns the statement names. */
import type { Console, Row, Statement } from '@scorpiox/shared/database/console';

/** A cell holds something else than the statement asked for: a server that is not quite the one it was written for. */
export class UnexpectedCell extends TypeError {}

/** The rows of a statement that gives one set. */
export async function list(db: Pick<Console, 'run'>, statement: Statement): Promise<readonly Row[]> {
  const { sets } = await db.run(statement);
  return sets[0] ?? [];
}

export function number(row: Row, column: string): number {
  const value = optionalNumber(row, column);
  if (value === undefined) throw new UnexpectedCell(`${column} is NULL`);
  return value;
}

/** Undefined for NULL. What is beyond 2^53 loses its last digits: amounts are read by this, and never keys. */
export function optionalNumber(row: Row, column: string): number | undefined {
  const value = row[column];
  if (value === null) return undefined;
  if (typeof value !== 'number' && typeof value !== 'bigint') throw new UnexpectedCell(`${column} holds no number`);
  return Number(value);
}

export function text(row: Row, column: string): string {
  const value = optionalText(row, column);
  if (value === undefined) throw new UnexpectedCell(`${column} is NULL`);
  return value;
}

/** Undefined for NULL. */
export function optionalText(row: Row, column: string): string | undefined {
  const value = row[column];
  if (value === null) return undefined;
  if (typeof value !== 'string') throw new UnexpectedCell(`${column} holds no text`);
  return value;
}

/** SQLite has 0 and 1 where SQL Server has a bit. */
export const flag = (row: Row, column: string): boolean => number(row, column) !== 0;
