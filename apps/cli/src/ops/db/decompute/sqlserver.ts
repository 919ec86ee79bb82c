/**
 * `db decompute` on SQL Server. A trigger is made by EXEC, since it has to be a batch of its own. It is made anew in the swap:
 * sp_rename does not rename what stands in texts.
 */
import { quoteName, quoteText } from '../catalog/names.ts';
import { place, column as quoted } from '../rows/table.ts';
import { type Conversion, type ConversionTexts, sources, triggerNames } from './conversion.ts';

const own = (name: string): string => quoted('sqlserver', name);

const literal = (text: string): string => quoteText('sqlserver', text);

/** DATEDIFF ends at 24.8 days of milliseconds (535): what does not fit is found by the one that does not. */
export const widened = (expression: string): string => expression.replace(/\bDATEDIFF\s*\(/gi, 'DATEDIFF_BIG(');

/** `UPDATE(…)` is true of an INSERT. A row that comes with a value of its own keeps it. */
function trigger(conversion: Conversion, name: string): string {
  const { table, type, expression, identity } = conversion;
  const [trigger = ''] = triggerNames(conversion);
  const same = identity.columns.map((one) => `i.${own(one)} = ${place(table)}.${own(one)}`).join(' AND ');
  const touched = sources(conversion).map((one) => `UPDATE(${own(one)})`);
  const guard = touched.length === 0 ? '' : `\n  IF NOT (${touched.join(' OR ')}) RETURN;`;
  return `CREATE TRIGGER ${place(table, trigger)} ON ${place(table)} AFTER INSERT, UPDATE AS
BEGIN
  SET NOCOUNT ON;${guard}
  UPDATE ${place(table)} SET ${own(name)} = TRY_CONVERT(${type}, (${expression}))
  WHERE EXISTS (SELECT 1 FROM inserted AS i WHERE ${same})
    AND (${own(name)} IS NULL OR EXISTS (SELECT 1 FROM deleted));
END`;
}

const makeTrigger = (conversion: Conversion, name: string) => ({
  text: `EXEC (${literal(trigger(conversion, name))});`,
});

const dropWriters: ConversionTexts['dropWriters'] = (conversion) =>
  triggerNames(conversion).map((name) => {
    const trigger = place(conversion.table, name);
    return { text: `IF OBJECT_ID(${literal(trigger)}, N'TR') IS NOT NULL\nDROP TRIGGER ${trigger};` };
  });

const dropColumn: ConversionTexts['dropColumn'] = ({ table }, name) => ({
  text: `ALTER TABLE ${place(table)} DROP COLUMN ${own(name)};`,
});

export const TEXTS: ConversionTexts = {
  misfits: ({ table, expression, type }) => {
    const value = `(${widened(expression)})`;
    return {
      text: `SELECT COALESCE(SUM(CASE WHEN v.value IS NULL THEN 0
    WHEN TRY_CONVERT(${type}, v.value) IS NULL THEN 1
    WHEN TRY_CONVERT(${type}, v.value) <> v.value THEN 1 ELSE 0 END), 0) AS "rows",
  CONVERT(nvarchar(max), MIN(v.value)) AS least, CONVERT(nvarchar(max), MAX(v.value)) AS most
FROM (SELECT ${value} AS value FROM ${place(table)}) AS v;`,
    };
  },
  addColumn: ({ table, type }, name) => ({ text: `ALTER TABLE ${place(table)} ADD ${own(name)} ${type} NULL;` }),
  writers: (conversion, name) => [makeTrigger(conversion, name)],
  dropWriters,
  swap: (conversion, fresh) => {
    const { table, column } = conversion;
    return [
      ...dropWriters(conversion),
      dropColumn(conversion, column),
      {
        text: `EXEC sp_rename ${literal(`${place(table)}.${quoteName('sqlserver', fresh)}`)}, ${literal(column)}, N'COLUMN';`,
      },
      makeTrigger(conversion, column),
    ];
  },
  dropColumn,
  addComputed: ({ table, column }, { expression, isPersisted, nullable }) => {
    const persisted = isPersisted ? ` PERSISTED${nullable ? '' : ' NOT NULL'}` : '';
    return { text: `ALTER TABLE ${place(table)} ADD ${own(column)} AS (${expression})${persisted};` };
  },
  users: ({ table, column }) => ({
    text: `SELECT N'index' AS kind, i.name
FROM sys.indexes AS i
JOIN sys.index_columns AS ic ON ic.object_id = i.object_id AND ic.index_id = i.index_id
JOIN sys.columns AS c ON c.object_id = ic.object_id AND c.column_id = ic.column_id
WHERE i.object_id = OBJECT_ID(CONVERT(nvarchar(1035), @table)) AND c.name = @column_name
UNION
SELECT N'statistics', s.name
FROM sys.stats AS s
JOIN sys.stats_columns AS sc ON sc.object_id = s.object_id AND sc.stats_id = s.stats_id
JOIN sys.columns AS c ON c.object_id = sc.object_id AND c.column_id = sc.column_id
WHERE s.object_id = OBJECT_ID(CONVERT(nvarchar(1035), @table)) AND c.name = @column_name AND s.user_created = 1
UNION
SELECT N'schema-bound', COALESCE(OBJECT_NAME(d.referencing_id), CONVERT(nvarchar(20), d.referencing_id))
FROM sys.sql_expression_dependencies AS d
JOIN sys.columns AS c ON c.object_id = d.referenced_id AND c.column_id = d.referenced_minor_id
WHERE d.referenced_id = OBJECT_ID(CONVERT(nvarchar(1035), @table)) AND c.name = @column_name
  AND d.is_schema_bound_reference = 1
ORDER BY kind, name;`,
    parameters: { table: place(table), column_name: column },
  }),
};
