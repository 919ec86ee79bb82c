import { place, column as quoted } from '../rows/table.ts';
import { type Conversion, type ConversionTexts, sources, triggerNames } from './conversion.ts';

const own = (name: string, alias?: string): string => quoted('sqlite', name, alias);

const isWhole = (type: string): boolean => /int/i.test(type);

/**
 * The column's own affinity makes of a value what it made of the computed one's, so it is set as it is
 * (https://sqlite.org/datatype3.html §3.1). The names in the expression are those of the row that is set.
 */
function setIn({ table, expression, identity }: Conversion, name: string): string {
  const same = identity.columns.map((one) => `${own(one)} = ${own(one, 'NEW')}`).join(' AND ');
  // In a trigger a table has no schema before its name.
  return `UPDATE ${own(table.name)} SET ${own(name)} = (${expression}) WHERE ${same};`;
}

export const TEXTS: ConversionTexts = {
  misfits: ({ table, expression, type }) => {
    const value = `(${expression})`;
    const misfit = isWhole(type) ? `${value} IS NOT NULL AND NOT ${value} = CAST(${value} AS INTEGER)` : '0';
    return {
      text: `SELECT COALESCE(SUM(CASE WHEN ${misfit} THEN 1 ELSE 0 END), 0) AS "rows", MIN(${value}) AS least, MAX(${value}) AS most
FROM ${place(table)}`,
    };
  },
  addColumn: ({ table, type }, name) => ({ text: `ALTER TABLE ${place(table)} ADD COLUMN ${own(name)} ${type}` }),
  writers: (conversion, name) => {
    const { table } = conversion;
    const [onInsert = '', onUpdate = ''] = triggerNames(conversion);
    const of = sources(conversion).map((one) => own(one));
    const set = setIn(conversion, name);
    return [
      {
        text: `CREATE TRIGGER ${own(onInsert)} AFTER INSERT ON ${place(table)}
WHEN ${own(name, 'NEW')} IS NULL
BEGIN
  ${set}
END`,
      },
      ...(of.length === 0
        ? []
        : [
            {
              text: `CREATE TRIGGER ${own(onUpdate)} AFTER UPDATE OF ${of.join(', ')} ON ${place(table)}\nBEGIN\n  ${set}\nEND`,
            },
          ]),
    ];
  },
  dropWriters: (conversion) =>
    triggerNames(conversion).map((name) => ({ text: `DROP TRIGGER IF EXISTS ${own(name)}` })),
  // What RENAME COLUMN renames, it renames in triggers too.
  swap: ({ table, column }, fresh) => [
    { text: `ALTER TABLE ${place(table)} DROP COLUMN ${own(column)}` },
    { text: `ALTER TABLE ${place(table)} RENAME COLUMN ${own(fresh)} TO ${own(column)}` },
  ],
  dropColumn: ({ table }, name) => ({ text: `ALTER TABLE ${place(table)} DROP COLUMN ${own(name)}` }),
  addComputed: ({ table, column }, { type, expression }) => ({
    text: `ALTER TABLE ${place(table)} ADD COLUMN ${own(column)} ${type} GENERATED ALWAYS AS (${expression}) VIRTUAL`,
  }),
  users: ({ table }) => ({
    text: `SELECT type AS kind, name, sql FROM sqlite_schema
WHERE type IN ('index', 'view', 'trigger') AND sql IS NOT NULL AND (type = 'view' OR lower(tbl_name) = lower(@name) OR type = 'trigger')
ORDER BY type, name`,
    parameters: { name: table.name },
  }),
};
