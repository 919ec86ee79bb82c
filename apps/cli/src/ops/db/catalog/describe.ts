/** Finds the table that somebody means, and describes it. */
import { nearest } from '@scorpiox/shared/config';
import type { Console } from '@scorpiox/shared/database/console';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import { parseTableName } from './names.ts';
import { type Candidate, describeSqliteTable, listSqliteTables } from './sqlite.ts';
import { describeServerTable, listServerTables } from './sqlserver.ts';
import { type Column, columnOf, isSameName, type Table } from './table.ts';

/**
 * The table of this name, `TABLE` or `SCHEMA.TABLE`. Errors: no such table (with the one that was probably meant), a view, a
 * table of the system. Errors of the database are thrown.
 */
export async function describeTable(db: Console, written: string): Promise<Result<Table, Failure>> {
  const parsed = parseTableName(written);
  if (!parsed.ok) return parsed;
  const { schema, name } = parsed.value;
  if (db.kind === 'sqlite') {
    if (schema !== undefined && !isSameName(schema, 'main')) return refuse(`SQLite has no schemas: say ${name}.`);
    const found = pick(db.name, written, { name }, await listSqliteTables(db));
    return found.ok ? ok(await describeSqliteTable(db, found.value.name)) : found;
  }
  const { tables, ownSchema } = await listServerTables(db);
  const found = pick(db.name, written, { schema: schema ?? ownSchema, name }, tables);
  return found.ok ? ok(await describeServerTable(db, found.value.schema ?? ownSchema, found.value.name)) : found;
}

function pick(
  database: string,
  written: string,
  wanted: { readonly schema?: string; readonly name: string },
  candidates: readonly Candidate[],
): Result<Candidate, Failure> {
  const found = candidates.find(
    ({ schema, name }) => isSameName(name, wanted.name) && isSameName(schema ?? '', wanted.schema ?? ''),
  );
  if (found?.kind === 'table') return ok(found);
  if (found?.kind === 'view')
    return refuse(`${written} is a view of ${database}: name the table that its rows are in.`);
  if (found?.kind === 'system') return refuse(`${written} is a table of the database's own.`);
  if (found !== undefined) return refuse(`${written} is no ordinary table of ${database}.`);
  return refuse(`There is no table ${written} in ${database}.${meant(wanted, candidates)}`);
}

/** The one that was probably meant, also where it stands in another schema. */
function meant(wanted: { readonly schema?: string; readonly name: string }, candidates: readonly Candidate[]): string {
  const tables = candidates.filter(({ kind }) => kind === 'table');
  const near = nearest(
    wanted.name,
    tables.map(({ name }) => name),
  );
  const table = tables.find(({ name }) => name === near);
  if (table === undefined) return '';
  return ` Did you mean ${table.schema === undefined ? table.name : `${table.schema}.${table.name}`}?`;
}

/** Columns of a table by the names that somebody wrote. Errors: one that there is none of, or that is named twice. */
export function columnsOf(table: Table, names: readonly string[]): Result<readonly Column[], Failure> {
  const columns: Column[] = [];
  for (const name of names) {
    const column = columnOf(table, name);
    if (column === undefined) return refuse(noColumn(table, name));
    if (columns.includes(column)) return refuse(`${column.name} is named twice.`);
    columns.push(column);
  }
  return columns.length > 0 ? ok(columns) : refuse('No column is named.');
}

function noColumn({ name, columns }: Table, missing: string): string {
  const names = columns.map((column) => column.name);
  const near = nearest(missing, names);
  const hint = near === undefined ? ` It has ${names.join(', ')}.` : ` Did you mean ${near}?`;
  return `${name} has no column ${missing}.${hint}`;
}

const refuse = (message: string): Result<never, Failure> => err({ kind: 'usage', message });
