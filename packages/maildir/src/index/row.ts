/** Reads values out of rows, whose columns are STRICT and NOT NULL: another type means a damaged index. */
import type { SQLOutputValue } from 'node:sqlite';
import { StoreFailure } from '../errors.ts';

export type Row = Record<string, SQLOutputValue>;

const damaged = (column: string): StoreFailure =>
  new StoreFailure('unavailable', `The mail index holds an unexpected value in its column ${column}.`);

export function integer(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw damaged(column);
  return value;
}

export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw damaged(column);
  return value;
}

export function bytes(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw damaged(column);
  return value;
}

/** Whole numbers that came as one JSON text: a tenth of the time and memory of an object for each row. */
export function numbers(row: Row | undefined, column: string): number[] {
  const values = list(row, column);
  if (!values.every((value) => typeof value === 'number')) throw damaged(column);
  return values;
}

/** Texts that came in the same way. */
export function texts(row: Row | undefined, column: string): string[] {
  const values = list(row, column);
  if (!values.every((value) => typeof value === 'string')) throw damaged(column);
  return values;
}

function list(row: Row | undefined, column: string): unknown[] {
  const values: unknown = JSON.parse(text(row ?? {}, column));
  if (!Array.isArray(values)) throw damaged(column);
  return values;
}
