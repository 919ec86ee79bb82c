import type { DatabaseSync } from 'node:sqlite';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Cell, SourceRow, SourceTable } from '../../imports/source.ts';
import { IMPORT_PAGE_BYTES, IMPORT_ROWS } from '../../limits.ts';
import type { ImportCalls, PageRequest } from './import-protocol.ts';

/** SQLite's own number of a row, by whichever of its names no column has taken (https://sqlite.org/rowidtable.html). */
const ROW_IDS = ['rowid', '_rowid_', 'oid'];

/**
 * Reads one table or view of a database by pages of a key: the column that is named, or the number that SQLite gives every
 * row of an ordinary table. Names are checked against the schema before they are used, for SQLite takes a quoted name that
 * does not exist for a text.
 */
export function readOldTable(db: DatabaseSync, table: string, key: string | undefined): Omit<ImportCalls, 'close'> {
  // A view of somebody else's database runs no functions that have effects.
  db.exec('PRAGMA trusted_schema = OFF');
  const from = quote(table);
  return {
    describe: () => describe(db, table, key),
    page: (request) => readPage(db, from, request),
    count: () => count(db, from),
  };
}

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A row number bears no quotes: in them it would be a text where it does not exist. */
const keyed = (key: string): string => (ROW_IDS.includes(key) ? key : quote(key));

function describe(db: DatabaseSync, table: string, key: string | undefined): Result<SourceTable, string> {
  const kind = db
    .prepare("SELECT type FROM sqlite_schema WHERE name = ? COLLATE NOCASE AND type IN ('table', 'view')")
    .get(table)?.type;
  if (kind === undefined) return err(`There is no table or view ${table}; there are ${namesIn(db)}.`);
  const from = quote(table);
  const columns = db
    .prepare(`SELECT * FROM ${from} LIMIT 0`)
    .columns()
    .map(({ name }) => name);
  const found = key === undefined ? rowIdOf(db, from, kind, columns) : namedKey(db, from, columns, key);
  return found.ok ? ok({ columns, key: found.value, rows: count(db, from) }) : err(`${table}: ${found.error}`);
}

const NAME_A_KEY = 'name as key a column of whole numbers, each once, in whose order rows are to be read.';

function rowIdOf(db: DatabaseSync, from: string, kind: unknown, columns: readonly string[]): Result<string, string> {
  const free = ROW_IDS.find((name) => !columns.some((column) => column.toLowerCase() === name));
  if (kind === 'view' || free === undefined) return err(`its rows have no number of their own; ${NAME_A_KEY}`);
  try {
    db.prepare(`SELECT ${free} FROM ${from} LIMIT 0`);
    return ok(free);
  } catch {
    return err(`it is a table WITHOUT ROWID; ${NAME_A_KEY}`);
  }
}

/** A key that is there twice, or not at all, would leave rows unread where a page ends. */
function namedKey(db: DatabaseSync, from: string, columns: readonly string[], key: string): Result<string, string> {
  const name = columns.find((column) => column.toLowerCase() === key.toLowerCase());
  if (name === undefined) return err(`it has no column ${key}; it has ${columns.join(', ')}.`);
  const column = quote(name);
  const { rows, keys, whole } =
    db
      .prepare(
        `SELECT count(*) AS rows, count(DISTINCT ${column}) AS keys, total(typeof(${column}) = 'integer') AS whole FROM ${from}`,
      )
      .get() ?? {};
  if (rows === keys && rows === whole) return ok(name);
  return err(`${name} has no whole number, or one of another row, in some rows; ${NAME_A_KEY}`);
}

function namesIn(db: DatabaseSync): string {
  const rows = db.prepare("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') LIMIT 20").all();
  return rows.length === 0 ? 'none' : rows.map(({ name }) => String(name)).join(', ');
}

const count = (db: DatabaseSync, from: string): number =>
  Number(db.prepare(`SELECT count(*) AS rows FROM ${from}`).get()?.rows);

function readPage(db: DatabaseSync, from: string, request: PageRequest): readonly SourceRow[] {
  const key = keyed(request.key);
  const columns = [key, ...request.columns.map(quote)].join(', ');
  const statement = db.prepare(`SELECT ${columns} FROM ${from} WHERE ${key} >= ? ORDER BY ${key} LIMIT ${IMPORT_ROWS}`);
  statement.setReadBigInts(true); // numbers above 2^53 would be errors
  statement.setReturnArrays(true); // two columns may be of one name
  const rows: SourceRow[] = [];
  let bytes = 0;
  // With setReturnArrays each row is an array, which the types of Node do not know.
  for (const row of statement.iterate(request.from) as unknown as Iterable<readonly Cell[]>) {
    const [number, ...cells] = row;
    if (typeof number !== 'bigint') throw new Error(`a row has no whole number as ${request.key}`);
    rows.push({ key: number, cells });
    bytes += cells.reduce<number>((sum, cell) => sum + sizeOf(cell), 0);
    if (bytes > IMPORT_PAGE_BYTES) break;
  }
  return rows;
}

const sizeOf = (cell: Cell): number => (typeof cell === 'string' || cell instanceof Uint8Array ? cell.length : 8);
