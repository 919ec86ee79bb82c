/** What a SQL Server says of a table. Only catalog views that every account sees of what it may use. */
import type { Console, Row } from '@scorpiox/shared/database/console';
import { flag, list, number, optionalText, text } from '../dialect/rows.ts';
import { quoteName } from './names.ts';
import type { Candidate } from './sqlite.ts';
import type { Column, Index, Table } from './table.ts';

export const LIST_TABLES = `SELECT s.name AS schema_name, o.name, RTRIM(o.type) AS type, o.is_ms_shipped, SCHEMA_NAME() AS own_schema
FROM sys.objects AS o
JOIN sys.schemas AS s ON s.schema_id = o.schema_id
WHERE o.type IN ('U', 'V')
ORDER BY s.name, o.name;`;

export const LIST_COLUMNS = `SELECT c.name, t.name AS type_name, c.max_length, c.precision, c.scale, c.is_nullable, c.is_identity, c.is_computed,
  cc.definition, cc.is_persisted
FROM sys.columns AS c
JOIN sys.types AS t ON t.user_type_id = c.user_type_id
LEFT JOIN sys.computed_columns AS cc ON cc.object_id = c.object_id AND cc.column_id = c.column_id
WHERE c.object_id = OBJECT_ID(CONVERT(nvarchar(1035), @table))
ORDER BY c.column_id;`;

export const LIST_INDEXES = `SELECT i.name, i.is_unique, i.ignore_dup_key, i.is_primary_key, i.is_disabled, i.filter_definition, c.name AS column_name
FROM sys.indexes AS i
JOIN sys.index_columns AS ic ON ic.object_id = i.object_id AND ic.index_id = i.index_id AND ic.key_ordinal > 0
JOIN sys.columns AS c ON c.object_id = ic.object_id AND c.column_id = ic.column_id
WHERE i.object_id = OBJECT_ID(CONVERT(nvarchar(1035), @table)) AND i.type IN (1, 2)
ORDER BY i.index_id, ic.key_ordinal;`;

export const COUNT_ROWS = `SELECT SUM(p.rows) AS n
FROM sys.partitions AS p
WHERE p.object_id = OBJECT_ID(CONVERT(nvarchar(1035), @table)) AND p.index_id IN (0, 1);`;

export async function listServerTables(
  db: Console,
): Promise<{ readonly tables: readonly Candidate[]; readonly ownSchema: string }> {
  const rows = await list(db, { text: LIST_TABLES });
  const [first] = rows;
  return {
    ownSchema: first === undefined ? 'dbo' : (optionalText(first, 'own_schema') ?? 'dbo'),
    tables: rows.map((row) => ({
      schema: text(row, 'schema_name'),
      name: text(row, 'name'),
      kind: flag(row, 'is_ms_shipped') ? 'system' : text(row, 'type') === 'U' ? 'table' : 'view',
    })),
  };
}

export async function describeServerTable(db: Console, schema: string, name: string): Promise<Table> {
  const quoted = `${quoteName('sqlserver', schema)}.${quoteName('sqlserver', name)}`;
  const parameters = { table: quoted };
  const columns = (await list(db, { text: LIST_COLUMNS, parameters })).map(toColumn);
  const indexes = toIndexes(await list(db, { text: LIST_INDEXES, parameters }));
  const [counted] = await list(db, { text: COUNT_ROWS, parameters });
  return {
    schema,
    name,
    quoted,
    columns,
    primaryKey: indexes.find(({ isPrimaryKey }) => isPrimaryKey)?.columns ?? [],
    indexes,
    rows: counted === undefined || counted.n === null ? 0 : number(counted, 'n'),
    isRowsExact: false,
    hasRowid: false,
  };
}

function toColumn(row: Row): Column {
  const isComputed = flag(row, 'is_computed');
  const definition = optionalText(row, 'definition');
  return {
    name: text(row, 'name'),
    type: typeText(row),
    nullable: flag(row, 'is_nullable'),
    isComputed,
    ...(definition === undefined ? {} : { expression: withoutParentheses(definition) }),
    ...(isComputed ? { isPersisted: row.is_persisted === null ? false : flag(row, 'is_persisted') } : {}),
    isIdentity: flag(row, 'is_identity'),
  };
}

/** Of two octets a character. */
const WIDE = new Set(['nchar', 'nvarchar']);
const SIZED = new Set([...WIDE, 'char', 'varchar', 'binary', 'varbinary']);
const SCALED = new Set(['datetime2', 'datetimeoffset', 'time']);
const PRECISE = new Set(['decimal', 'numeric']);

/** As it would be declared. max_length is in octets; -1 is `max`. */
function typeText(row: Row): string {
  const name = text(row, 'type_name');
  const length = number(row, 'max_length');
  if (SIZED.has(name)) return `${name}(${length === -1 ? 'max' : WIDE.has(name) ? length / 2 : length})`;
  if (SCALED.has(name)) return `${name}(${number(row, 'scale')})`;
  return PRECISE.has(name) ? `${name}(${number(row, 'precision')},${number(row, 'scale')})` : name;
}

/** The server keeps a definition in parentheses of its own. */
function withoutParentheses(definition: string): string {
  if (!definition.startsWith('(') || !definition.endsWith(')')) return definition;
  let depth = 0;
  for (const [at, character] of [...definition].entries()) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (depth === 0 && at < definition.length - 1) return definition;
  }
  return definition.slice(1, -1);
}

function toIndexes(rows: readonly Row[]): readonly Index[] {
  const byName = Map.groupBy(rows, (row) => text(row, 'name'));
  return [...byName].map(([name, [first, ...more]]) => {
    if (first === undefined) throw new TypeError('a group has a row');
    const filter = optionalText(first, 'filter_definition');
    return {
      name,
      isUnique: flag(first, 'is_unique'),
      ignoresDuplicates: flag(first, 'ignore_dup_key'),
      isPrimaryKey: flag(first, 'is_primary_key'),
      columns: [first, ...more].map((row) => text(row, 'column_name')),
      ...(filter === undefined ? {} : { filter }),
      isDisabled: flag(first, 'is_disabled'),
    };
  });
}
