/** How rows are put into a table and taken out, for either kind of database. */
import { createHash } from 'node:crypto';
import type { Row, Statement, Value } from '@scorpiox/shared/database/console';
import type { InsightsColumn, InsightsTable } from '@scorpiox/shared/database/tables';
import { columnOf, type Dialect } from './dialect.ts';
import type { Range } from './range.ts';
import { parametersOf, where } from './read-texts.ts';

export function removeRange(dialect: Dialect, table: InsightsTable, range: Range): Statement {
  return {
    text: `DELETE FROM ${dialect.table(table)}${where(dialect, table, range, '')}`,
    parameters: parametersOf(range),
  };
}

/** The row of this key. */
export function removeRow(dialect: Dialect, table: InsightsTable, row: Row): Statement {
  const { text, parameters } = keyCondition(dialect, table, row);
  return { text: `DELETE FROM ${dialect.table(table)} WHERE ${text}`, parameters };
}

/** Sets all that is not the key. */
export function updateRow(dialect: Dialect, table: InsightsTable, row: Row): Statement {
  const key = keyCondition(dialect, table, row);
  const others = stored(dialect, table).filter(({ name }) => !table.key.includes(name));
  const set = others.map(({ column, type }, at) => `${column} = ${asType(dialect, `v${at}`, type)}`);
  const values = Object.fromEntries(others.map(({ read }, at) => [`v${at}`, read(row)]));
  return {
    text: `UPDATE ${dialect.table(table)} SET ${set.join(', ')} WHERE ${key.text}`,
    parameters: { ...key.parameters, ...values },
  };
}

/** Rows that are not there, as one document: values that are named one by one cost many times as much on either kind. */
export function insertRows(dialect: Dialect, table: InsightsTable, rows: readonly Row[]): Statement {
  const columns = stored(dialect, table);
  const documents = rows.map((row) => Object.fromEntries(columns.map(({ read }, at) => [`c${at}`, toJson(read(row))])));
  const text = dialect.kind === 'sqlite' ? insertInSqlite(table, columns) : insertInServer(table, columns);
  return { text, parameters: { rows: JSON.stringify(documents) } };
}

function insertInSqlite({ sqlite }: InsightsTable, columns: readonly Stored[]): string {
  const read = columns.map(({ type }, at) => (isBytes(type) ? `unhex(value->>'c${at}')` : `value->>'c${at}'`));
  return `INSERT INTO ${sqlite} (${list(columns)}) SELECT ${read.join(', ')} FROM json_each(@rows)`;
}

function insertInServer({ server, isIdentity }: InsightsTable, columns: readonly Stored[]): string {
  const sent = columns.map(({ type }, at) => `  c${at} ${isBytes(type) ? 'varchar(max)' : type} '$.c${at}'`);
  const read = columns.map(({ type }, at) => (isBytes(type) ? `CONVERT(${type}, j.c${at}, 2)` : `j.c${at}`));
  const insert = `INSERT INTO ${server} (${list(columns)})
SELECT ${read.join(', ')}
FROM OPENJSON(@rows) WITH (
${sent.join(',\n')}
) AS j;`;
  return isIdentity ? `SET IDENTITY_INSERT ${server} ON;\n${insert}\nSET IDENTITY_INSERT ${server} OFF;` : insert;
}

/** Bytes as hexadecimal digits; what JSON has no number for (integers beyond 2^53, infinity) as a text that the column makes one of. */
function toJson(value: Value): string | number | null {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (typeof value === 'bigint') return String(value);
  return typeof value === 'number' && !Number.isFinite(value) ? `${value < 0 ? '-' : ''}9e999` : value;
}

interface Stored {
  /** The column of a row that it is made of. */
  readonly name: string;
  /** As the database spells it. */
  readonly column: string;
  readonly type: string;
  readonly read: (row: Row) => Value;
}

const list = (columns: readonly Stored[]): string => columns.map(({ column }) => column).join(', ');

/** The columns that a table has there. On a SQL Server a stand-in stands beside its text, or in its place. */
function stored(dialect: Dialect, table: InsightsTable): readonly Stored[] {
  const { standIn, namedBy } = table;
  const isLeftOut = ({ name }: InsightsColumn) =>
    dialect.kind === 'sqlserver' && namedBy !== undefined && standIn?.for === name;
  const own = table.columns
    .filter((column) => !isLeftOut(column))
    .map(
      (column): Stored => ({
        name: column.name,
        column: dialect.column(column),
        type: column.serverType,
        read: (row) => row[column.name] ?? null,
      }),
    );
  if (standIn === undefined || dialect.kind === 'sqlite') return own;
  const { server, serverType, how } = standIn;
  const made = (row: Row) => standFor(how, String(row[standIn.for] ?? ''));
  return [...own, { name: standIn.for, column: dialect.quoted(server), type: serverType, read: made }];
}

/** The first 16 bytes of the SHA-256 of a text's UTF-8, or the text in lower case. */
function standFor(how: 'lower-case' | 'hash', text: string): Value {
  if (how === 'lower-case') return text.toLowerCase();
  return createHash('sha256').update(text, 'utf8').digest().subarray(0, 16);
}

const isBytes = (type: string): boolean => type.includes('binary');

const asType = (dialect: Dialect, parameter: string, type: string): string =>
  dialect.kind === 'sqlite' ? `@${parameter}` : `CONVERT(${type}, @${parameter})`;

/** Tables that are written row by row have their whole key on both kinds of database. */
function keyCondition(dialect: Dialect, table: InsightsTable, row: Row): Required<Statement> {
  const conditions = table.key.map((name, at) => {
    const column = columnOf(table, name);
    return `${dialect.column(column)} = ${dialect.parameter(`k${at}`, column)}`;
  });
  const parameters = Object.fromEntries(table.key.map((name, at) => [`k${at}`, row[name] ?? null]));
  return { text: conditions.join(' AND '), parameters };
}
