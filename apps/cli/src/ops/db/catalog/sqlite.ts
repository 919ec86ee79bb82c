/** What SQLite says of a table. */
import type { Console } from '@scorpiox/shared/database/console';
import { flag, list, number, optionalText, text } from '../dialect/rows.ts';
import { clausesOf, generatedExpressions } from './generated.ts';
import { quoteName } from './names.ts';
import type { Column, Index, Table } from './table.ts';

/** A thing that could be meant by a table's name. */
export interface Candidate {
  readonly schema?: string;
  readonly name: string;
  readonly kind: 'table' | 'view' | 'system' | 'other';
}

const LIST_TABLES = `SELECT name, type, wr
FROM pragma_table_list
WHERE schema = 'main'
ORDER BY name`;

const LIST_COLUMNS = `SELECT name, type, "notnull" AS not_null, pk, hidden
FROM pragma_table_xinfo(@table)
ORDER BY cid`;

const LIST_INDEXES = `SELECT il.name, il."unique" AS is_unique, il.origin, s.sql, ii.name AS column_name
FROM pragma_index_list(@table) AS il
JOIN pragma_index_xinfo(il.name) AS ii ON ii.key = 1
LEFT JOIN sqlite_schema AS s ON s.type = 'index' AND s.name = il.name
ORDER BY il.seq DESC, ii.seqno`;

const TABLE_TEXT = `SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = @table`;

export async function listSqliteTables(db: Console): Promise<readonly Candidate[]> {
  const rows = await list(db, { text: LIST_TABLES });
  return rows.map((row) => ({ name: text(row, 'name'), kind: kindOf(text(row, 'name'), text(row, 'type')) }));
}

function kindOf(name: string, type: string): Candidate['kind'] {
  if (name.startsWith('sqlite_')) return 'system';
  return type === 'table' || type === 'view' ? type : 'other'; // virtual tables, and those that they keep their rows in
}

export async function describeSqliteTable(db: Console, name: string): Promise<Table> {
  const parameters = { table: name };
  const tables = await list(db, { text: LIST_TABLES });
  const isWithoutRowid = tables.some((row) => row.name === name && flag(row, 'wr'));
  const [definition] = await list(db, { text: TABLE_TEXT, parameters });
  const sql = definition === undefined ? '' : (optionalText(definition, 'sql') ?? '');
  const expressions = generatedExpressions(sql);
  const columnRows = await list(db, { text: LIST_COLUMNS, parameters });
  const inKey = columnRows.filter((row) => number(row, 'pk') > 0).sort((a, b) => number(a, 'pk') - number(b, 'pk'));
  const primaryKey = inKey.map((row) => text(row, 'name'));
  const indexes = toIndexes(await list(db, { text: LIST_INDEXES, parameters }));
  const quoted = quoteName('sqlite', name);
  const [counted] = await list(db, { text: `SELECT count(*) AS n FROM ${quoted}` });
  const [only, ...others] = inKey;
  const alias = only !== undefined && others.length === 0 && /^integer$/i.test(text(only, 'type')) && !isWithoutRowid;
  return {
    name,
    quoted,
    columns: columnRows.map((row) => {
      const column = toColumn(row, expressions, alias ? primaryKey[0] : undefined);
      const clauses = column.isComputed ? clausesOf(sql, column.name) : [];
      return clauses.length === 0 ? column : { ...column, clauses };
    }),
    primaryKey,
    // A key that is the number of the row has no index: the table itself is ordered by it.
    indexes: alias ? [...indexes, rowidIndex(primaryKey)] : indexes,
    rows: counted === undefined ? 0 : number(counted, 'n'),
    isRowsExact: true,
    hasRowid: !isWithoutRowid,
  };
}

const rowidIndex = (columns: readonly string[]): Index => ({
  name: 'PRIMARY KEY',
  isUnique: true,
  ignoresDuplicates: false,
  isPrimaryKey: true,
  columns,
  isDisabled: false,
});

/** `hidden` of pragma_table_xinfo: generated when read, and stored. */
const [GENERATED_VIRTUAL, GENERATED_STORED] = [2, 3];

function toColumn(row: Parameters<typeof text>[0], expressions: ReadonlyMap<string, string>, rowid?: string): Column {
  const name = text(row, 'name');
  const hidden = number(row, 'hidden');
  const expression = expressions.get(name.toLowerCase());
  const isComputed = hidden === GENERATED_VIRTUAL || hidden === GENERATED_STORED;
  return {
    name,
    type: text(row, 'type'),
    nullable: !flag(row, 'not_null') && name !== rowid,
    isComputed,
    ...(isComputed ? { isPersisted: hidden === GENERATED_STORED } : {}),
    ...(isComputed && expression !== undefined ? { expression } : {}),
    isIdentity: name === rowid,
  };
}

function toIndexes(rows: readonly Parameters<typeof text>[0][]): readonly Index[] {
  const byName = Map.groupBy(rows, (row) => text(row, 'name'));
  return [...byName].map(([name, [first, ...more]]) => {
    if (first === undefined) throw new TypeError('a group has a row');
    const sql = optionalText(first, 'sql');
    const filter = sql === undefined ? undefined : /\)\s*WHERE\s+([\s\S]+)$/i.exec(sql)?.[1];
    return {
      name,
      isUnique: flag(first, 'is_unique'),
      ignoresDuplicates: false,
      isPrimaryKey: text(first, 'origin') === 'pk',
      columns: [first, ...more].map((row) => optionalText(row, 'column_name') ?? ''),
      ...(filter === undefined ? {} : { filter }),
      isDisabled: false,
    };
  });
}
