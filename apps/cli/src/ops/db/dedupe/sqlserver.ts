/**
 * `db dedupe` on SQL Server. DELETE … OUTPUT archives the very rows that it removes, whoever else is at the table. The row
 * that stays is locked until the batch is committed (REPEATABLEREAD), so that nobody removes it meanwhile.
 */
import type { Statement } from '@scorpiox/shared/database/console';
import { quoteName, quoteText } from '../catalog/names.ts';
import { columnList, place, type Table } from '../rows/table.ts';
import { type DedupeTexts, doomedRows, numbered, type Removal, type Span, stillDoomed } from './removal.ts';

const list = (names: readonly string[], alias?: string): string => columnList('sqlserver', names, alias);

/** The server gives these a value of their own (`timestamp` is their old name). */
const isVersion = (type: string): boolean => /^(timestamp|rowversion)\b/i.test(type);

const allColumns = ({ table }: Removal): readonly string[] => table.columns.map(({ name }) => name);

const givenColumns = ({ table }: Removal): readonly string[] =>
  table.columns.filter(({ isComputed, type }) => !isComputed && !isVersion(type)).map(({ name }) => name);

/** SELECT … INTO takes over types and collations; a join leaves out that a column is an identity. */
function makeArchive(removal: Removal): readonly Statement[] {
  const { table } = removal;
  const columns = table.columns.map(({ name, type }) =>
    isVersion(type) ? `CONVERT(binary(8), ${list([name], 'x')}) AS ${quoteName('sqlserver', name)}` : list([name], 'x'),
  );
  const archive = place(table, removal.archive);
  return [
    {
      text: `SELECT TOP (0) IDENTITY(bigint, 1, 1) AS scorpiox_n, SYSUTCDATETIME() AS scorpiox_at,
  ${columns.join(', ')}
INTO ${archive}
FROM ${place(table)} AS x
CROSS JOIN (SELECT 1 AS one) AS y;`,
    },
    { text: `ALTER TABLE ${archive} ADD PRIMARY KEY (scorpiox_n);` },
  ];
}

function makeDoomed(removal: Removal): readonly Statement[] {
  const name = place(removal.table, removal.doomed);
  const columns = [...numbered('i', removal), ...numbered('k', removal)].map((one) => `w.${one}`).join(', ');
  const order = numbered('i', removal).map((one) => `w.${one}`);
  return [
    {
      text: `SELECT ISNULL(ROW_NUMBER() OVER (ORDER BY ${order.join(', ')}), 0) AS n, ${columns}
INTO ${name}
FROM (
  ${doomedRows(removal)}
) AS w
WHERE w.place > 1;`,
    },
    { text: `CREATE UNIQUE CLUSTERED INDEX by_number ON ${name} (n);` },
  ];
}

function remove(removal: Removal, { above, upTo }: Span): readonly Statement[] {
  const columns = allColumns(removal);
  return [
    {
      text: `DELETE x
OUTPUT SYSUTCDATETIME(), ${list(columns, 'deleted')}
INTO ${place(removal.table, removal.archive)} (scorpiox_at, ${list(columns)})
${stillDoomed(removal, ' WITH (REPEATABLEREAD)')};`,
      parameters: { above, upTo },
    },
  ];
}

function putBack(removal: Removal, { above, upTo }: Span): readonly Statement[] {
  const { table } = removal;
  const [columns, archive] = [list(givenColumns(removal)), place(table, removal.archive)];
  const parameters = { above, upTo };
  const some = 'WHERE scorpiox_n > @above AND scorpiox_n <= @upTo';
  const insert = `INSERT INTO ${place(table)} (${columns})\nSELECT ${columns}\nFROM ${archive}\n${some}`;
  return [
    { text: withIdentities(table, insert), parameters },
    { text: `DELETE FROM ${archive}\n${some};`, parameters },
  ];
}

/** In one text: the setting is the session's. */
function withIdentities(table: Table, insert: string): string {
  if (!table.columns.some(({ isIdentity }) => isIdentity)) return `${insert};`;
  const set = (to: string): string => `SET IDENTITY_INSERT ${place(table)} ${to};`;
  return `${set('ON')}\n${insert}\nORDER BY scorpiox_n;\n${set('OFF')}`;
}

export const TEXTS: DedupeTexts = {
  makeNotes: (notes) => ({
    text: `IF OBJECT_ID(${quoteText('sqlserver', notes)}, N'U') IS NULL
CREATE TABLE ${notes} (
  id bigint NOT NULL PRIMARY KEY,
  table_name nvarchar(300) NOT NULL,
  key_columns nvarchar(max) NOT NULL,
  archive nvarchar(128) NOT NULL,
  [state] varchar(16) NOT NULL,
  begun_at datetime2(3) NOT NULL DEFAULT SYSUTCDATETIME()
);`,
  }),
  makeArchive,
  makeDoomed,
  remove,
  putBack,
  dropTable: (table) => ({
    text: `IF OBJECT_ID(${quoteText('sqlserver', table)}, N'U') IS NOT NULL\nDROP TABLE ${table};`,
  }),
};
