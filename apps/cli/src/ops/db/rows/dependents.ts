/** What else happens when rows of a table go. */
import type { Run, Statement } from '@scorpiox/shared/database/console';
import { list, text } from '../dialect/rows.ts';
import { shownName, type TableName } from './table.ts';

/** Foreign keys that refer to the table, as `child`, and what they do then: CASCADE, SET NULL, … */
export const referrers = (table: TableName): Statement =>
  table.dialect === 'sqlite'
    ? {
        text: `SELECT m.name AS child, f.on_delete AS deed
FROM sqlite_schema AS m, pragma_foreign_key_list(m.name) AS f
WHERE m.type = 'table' AND lower(f."table") = lower(@name)
ORDER BY m.name, f.id`,
        parameters: { name: table.name },
      }
    : {
        text: `SELECT OBJECT_SCHEMA_NAME(f.parent_object_id) + N'.' + OBJECT_NAME(f.parent_object_id) AS child,
  f.delete_referential_action_desc AS deed
FROM sys.foreign_keys AS f
WHERE f.referenced_object_id = OBJECT_ID(QUOTENAME(@schema) + N'.' + QUOTENAME(@name))
ORDER BY child, f.name;`,
        parameters: { schema: table.schema ?? 'dbo', name: table.name },
      };

/** What a row of a table is done to. */
export type Deed = 'DELETE' | 'UPDATE';

/** Triggers that run for it. */
export const triggersOf = (table: TableName, deed: Deed): Statement =>
  table.dialect === 'sqlite'
    ? {
        text: `SELECT name FROM sqlite_schema
WHERE type = 'trigger' AND lower(tbl_name) = lower(@name) AND sql LIKE @deed
ORDER BY name`,
        parameters: { name: table.name, deed: `%${deed}%` },
      }
    : {
        text: `SELECT t.name
FROM sys.triggers AS t
JOIN sys.trigger_events AS e ON e.object_id = t.object_id AND e.type_desc = @deed
WHERE t.parent_id = OBJECT_ID(QUOTENAME(@schema) + N'.' + QUOTENAME(@name)) AND t.is_disabled = 0
ORDER BY t.name;`,
        parameters: { schema: table.schema ?? 'dbo', name: table.name, deed },
      };

/** What makes rows of other tables go or change with those of this one, a sentence; undefined where nothing does. */
export async function cascades(run: Run, table: TableName): Promise<string | undefined> {
  const rows = await list({ run }, referrers(table));
  const doing = rows.filter((row) => !/^(NO[ _]ACTION|RESTRICT)$/i.test(text(row, 'deed')));
  if (doing.length === 0) return undefined;
  const named = doing.map((row) => `${text(row, 'child')} (${text(row, 'deed').replaceAll('_', ' ').toLowerCase()})`);
  return `Rows of ${[...new Set(named)].join(', ')} would go or change with those of ${shownName(table)}: they refer to it by foreign keys.`;
}

/** A sentence that names them; none where there are none, or only these. */
export async function tellTriggers(
  run: Run,
  table: TableName,
  deed: Deed,
  own: readonly string[] = [],
): Promise<readonly string[]> {
  const names = (await list({ run }, triggersOf(table, deed))).map((row) => text(row, 'name'));
  const others = names.filter((name) => !own.includes(name));
  const what = deed === 'DELETE' ? 'goes' : 'is set';
  return others.length === 0
    ? []
    : [`Triggers of ${shownName(table)} run for each row that ${what}: ${others.join(', ')}.`];
}
