import {
  makeSessions,
  number,
  type Row,
  type Sessions,
  type SqlServerLocation,
  text,
} from '@scorpiox/shared/database/sqlserver';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { ImportSource, SourceRow, SourceTable } from '../../imports/source.ts';
import { IMPORT_CHARACTERS, IMPORT_ROWS, IMPORT_STATEMENT_MS } from '../../limits.ts';

/** Names of a table's or view's columns; no rows where there is no such table, or none that this account may see. */
export const READ_OLD_COLUMNS = 'SELECT name FROM sys.columns WHERE object_id = OBJECT_ID(@table) ORDER BY column_id;';

/** How many rows there are; and how many different whole numbers their key has. */
export const countOldRows = (table: string): string => `SELECT COUNT_BIG(*) AS [rows] FROM ${quoteTable(table)};`;
export const countOldKeys = (table: string, key: string): string =>
  `SELECT COUNT_BIG(*) AS [rows], COUNT_BIG(DISTINCT CAST(${quote(key)} AS bigint)) AS [keys] FROM ${quoteTable(table)};`;

/** A page. Every value as text (style 126 is ISO 8601 for times), so that a datetime2 loses no digit to the driver. */
export function readOldRows(table: string, key: string, columns: readonly string[]): string {
  const values = columns.map(
    (column, index) => `LEFT(CONVERT(nvarchar(max), ${quote(column)}, 126), ${IMPORT_CHARACTERS}) AS [c${index}]`,
  );
  const selected = [`CAST(${quote(key)} AS bigint) AS [row_key]`, ...values].join(',\n  ');
  return `SELECT TOP (${IMPORT_ROWS})\n  ${selected}\nFROM ${quoteTable(table)}\nWHERE ${quote(key)} >= @from\nORDER BY ${quote(key)};`;
}

const quote = (name: string): string => `[${name.replaceAll(']', ']]')}]`;

/** `schema.table`, or a table of the account's own schema. */
const quoteTable = (table: string): string => table.split('.').map(quote).join('.');

/** A table or view of a SQL Server. */
export function openSqlServerSource(location: SqlServerLocation, table: string, key: string | undefined): ImportSource {
  const sessions = makeSessions(location, { size: 1, requestTimeoutMs: IMPORT_STATEMENT_MS });
  return makeSqlServerSource(sessions, table, key);
}

/** The same over given sessions. */
export function makeSqlServerSource(sessions: Sessions, table: string, key: string | undefined): ImportSource {
  let found = '';
  return {
    async describe() {
      const described = await describe(sessions, table, key);
      if (described.ok) found = described.value.key;
      return described;
    },
    async page(from, columns) {
      const parameters = { from: ['bigint', String(from)] } as const;
      const [rows = []] = await sessions.run({ text: readOldRows(table, found, columns), parameters });
      return rows.map((row) => toSourceRow(row, columns.length));
    },
    async count() {
      const [rows = []] = await sessions.run({ text: countOldRows(table) });
      return rows[0] === undefined ? 0 : number(rows[0], 'rows');
    },
    close: () => sessions.close(),
  };
}

async function describe(
  sessions: Sessions,
  table: string,
  key: string | undefined,
): Promise<Result<SourceTable, string>> {
  const parameters = { table: ['nvarchar(max)', quoteTable(table)] } as const;
  const [rows = []] = await sessions.run({ text: READ_OLD_COLUMNS, parameters });
  const columns = rows.map((row) => text(row, 'name'));
  if (columns.length === 0) return err(`There is no table or view ${table} that this account may read.`);
  const name = columns.find((column) => column.toLowerCase() === (key ?? 'Id').toLowerCase());
  if (name === undefined) {
    return err(
      `${table} has no column ${key ?? 'Id'}; name as key a column of whole numbers, each once: ${columns.join(', ')}.`,
    );
  }
  const [counted = []] = await sessions.run({ text: countOldKeys(table, name) });
  const first = counted[0];
  const all = first === undefined ? 0 : number(first, 'rows');
  if (first !== undefined && number(first, 'keys') !== all) {
    return err(
      `${table}: ${name} is NULL or the same in several rows; name as key a column of whole numbers, each once.`,
    );
  }
  return ok({ columns, key: name, rows: all });
}

function toSourceRow(row: Row, columns: number): SourceRow {
  const cells = Array.from({ length: columns }, (_, index) => {
    const value = row[`c${index}`];
    return typeof value === 'string' ? value : null;
  });
  return { key: BigInt(text(row, 'row_key')), cells };
}
