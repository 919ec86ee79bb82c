import type { Console } from '@scorpiox/shared/database/console';
import { describeTable } from '../catalog/describe.ts';
import { quoteText } from '../catalog/names.ts';
import { list } from '../dialect/rows.ts';
import { DatabaseFailed } from '../failure.ts';
import { place, type Table, type TableName } from './table.ts';

/** A table by the name that somebody wrote, or as `place` gives it. Throws `DatabaseFailed` where it is none. */
export async function readTable(db: Console, name: string): Promise<Table> {
  const described = await describeTable(db, name);
  if (!described.ok) throw new DatabaseFailed(described.error);
  return { ...described.value, dialect: db.kind };
}

/** Whether there is anything of this name where the table is. */
export async function exists(db: Console, table: TableName, name: string): Promise<boolean> {
  const statement =
    table.dialect === 'sqlite'
      ? { text: 'SELECT 1 AS one FROM sqlite_schema WHERE lower(name) = lower(@name)', parameters: { name } }
      : { text: `SELECT 1 AS one WHERE OBJECT_ID(${quoteText(table.dialect, place(table, name))}) IS NOT NULL;` };
  return (await list(db, statement)).length > 0;
}
