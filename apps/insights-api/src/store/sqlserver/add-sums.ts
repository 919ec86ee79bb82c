import type { Run } from '@scorpiox/shared/database/sqlserver';

/** A column: its name and type. A `hash` is sent as hexadecimal digits and stored as binary(16). */
interface Column {
  readonly name: string;
  readonly type: 'int' | 'smallint' | 'bigint' | 'float' | 'varchar(16)' | 'varchar(64)' | 'nvarchar(1024)' | 'hash';
}

interface Sum extends Column {
  /** How a row that is there takes up what is added. `text`: stays as it was. */
  readonly merge: 'add' | 'least' | 'greatest' | 'text';
}

/** A table of sums. */
export interface SumTable {
  readonly table: string;
  readonly key: readonly Column[];
  readonly sums: readonly Sum[];
}

const stored = ({ type }: Column) => (type === 'hash' ? 'binary(16)' : type);
const sent = ({ type }: Column) => (type === 'hash' ? 'varchar(32)' : type);
const read = ({ name, type }: Column) => (type === 'hash' ? `CONVERT(binary(16), j.[${name}], 2)` : `j.[${name}]`);
const isNullable = ({ merge }: Sum) => merge === 'least' || merge === 'greatest';

function set({ name, merge }: Sum): string | undefined {
  const [old, added] = [`t.[${name}]`, `d.[${name}]`];
  if (merge === 'text') return undefined;
  if (merge === 'add') return `[${name}] = ${old} + ${added}`;
  const sign = merge === 'least' ? '<' : '>';
  return `[${name}] = CASE WHEN ${old} IS NULL OR ${added} ${sign} ${old} THEN ${added} ELSE ${old} END`;
}

/**
 * Adds rows, each key at most once, to a table: those that are there are updated, the others inserted. The two
 * statements are one step only under the lock `scorpiox_write`. The table variable's key sorts the rows.
 */
export function addSumsText({ table, key, sums }: SumTable): string {
  const columns = [...key, ...sums];
  const list = (prefix = '') => columns.map(({ name }) => `${prefix}[${name}]`).join(', ');
  const declared = [
    ...key.map((column) => `[${column.name}] ${stored(column)} NOT NULL`),
    ...sums.map((column) => `[${column.name}] ${stored(column)} ${isNullable(column) ? 'NULL' : 'NOT NULL'}`),
    `PRIMARY KEY (${key.map(({ name }) => `[${name}]`).join(', ')})`,
  ];
  const same = key.map(({ name }) => `t.[${name}] = d.[${name}]`).join(' AND ');
  return `
SET NOCOUNT ON;
DECLARE @delta TABLE (
  ${declared.join(',\n  ')}
);
INSERT INTO @delta (${list()})
SELECT ${columns.map(read).join(', ')}
FROM OPENJSON(@rows) WITH (
${columns.map((column) => `    [${column.name}] ${sent(column)} '$.${column.name}'`).join(',\n')}
) AS j;
UPDATE t SET ${sums.flatMap((sum) => set(sum) ?? []).join(',\n  ')}
FROM dbo.${table} AS t JOIN @delta AS d ON ${same};
INSERT INTO dbo.${table} (${list()})
SELECT ${list('d.')}
FROM @delta AS d
WHERE NOT EXISTS (SELECT 1 FROM dbo.${table} AS t WHERE ${same});`;
}

/** A row to add, by column name; what is absent is NULL. */
export type SumRow = Readonly<Record<string, string | number | undefined>>;

/** Makes the function that adds rows to a table. */
export function makeSumWriter(table: SumTable): (run: Run, rows: readonly SumRow[]) => Promise<void> {
  const text = addSumsText(table);
  return async (run, rows) => {
    if (rows.length === 0) return;
    await run({ text, parameters: { rows: ['nvarchar(max)', JSON.stringify(rows)] } });
  };
}
