import type { Run } from '@scorpiox/shared/database/sqlserver';

/** A column: its name and type. A `hash` is sent as hexadecimal digits and stored as binary(16), `bytes` as varbinary(max). */
export interface Column {
  readonly name: string;
  readonly type:
    | 'int'
    | 'smallint'
    | 'bigint'
    | 'float'
    | 'varchar(16)'
    | 'varchar(64)'
    | 'nvarchar(63)'
    | 'nvarchar(1024)'
    | 'nvarchar(max)'
    | 'hash'
    | 'bytes';
}

interface Sum extends Column {
  /**
   * How a row that is there takes up what is added. `text`: stays as it was. `set`: is replaced. `newest`: that of the
   * greater `last_time`, of two at the same the greater.
   */
  readonly merge: 'add' | 'least' | 'greatest' | 'text' | 'set' | 'newest';
  /** Of what is set. */
  readonly isNullable?: boolean;
}

/** A table of sums. */
export interface SumTable {
  readonly table: string;
  readonly key: readonly Column[];
  readonly sums: readonly Sum[];
}

const STORED: Readonly<Record<string, string>> = { hash: 'binary(16)', bytes: 'varbinary(max)' };
const SENT: Readonly<Record<string, string>> = { hash: 'varchar(32)', bytes: 'varchar(max)' };
const stored = ({ type }: Column) => STORED[type] ?? type;
export const sent = ({ type }: Column) => SENT[type] ?? type;
export const read = ({ name, type }: Column) =>
  type in STORED ? `CONVERT(${STORED[type]}, j.[${name}], 2)` : `j.[${name}]`;
const isNullable = ({ merge, isNullable: may = false }: Sum) =>
  merge === 'least' || merge === 'greatest' || merge === 'newest' || may;

function set({ name, merge }: Sum): string | undefined {
  const [old, added] = [`t.[${name}]`, `d.[${name}]`];
  if (merge === 'text') return undefined;
  if (merge === 'set') return `[${name}] = ${added}`;
  if (merge === 'newest') {
    const isNewer = `d.[last_time] > t.[last_time] OR (d.[last_time] = t.[last_time] AND ${added} > ${old})`;
    return `[${name}] = CASE WHEN ${isNewer} THEN ${added} ELSE ${old} END`;
  }
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
  const changes = sums.flatMap((sum) => set(sum) ?? []);
  const update = `UPDATE t SET ${changes.join(',\n  ')}
FROM dbo.${table} AS t JOIN @delta AS d ON `;
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
${changes.length === 0 ? '' : `${update}${same};\n`}INSERT INTO dbo.${table} (${list()})
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
