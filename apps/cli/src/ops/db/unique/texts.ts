/** The statements of `db unique`. */
import type { Statement } from '@scorpiox/shared/database/console';
import { quoteName } from '../catalog/names.ts';
import { type Column, column, columnList, place, type Table, type TableName } from '../rows/table.ts';

export interface NewIndex {
  readonly table: Table;
  readonly name: string;
  readonly columns: readonly string[];
  /** SQL Server: inserts of a key that is there are skipped, with a message and no error. */
  readonly ignoresDuplicates: boolean;
  /** SQL Server: others may write meanwhile. */
  readonly isOnline: boolean;
}

export function createIndex({ table, name, columns, ignoresDuplicates, isOnline }: NewIndex): Statement {
  const { dialect } = table;
  const keys = columnList(dialect, columns);
  if (dialect === 'sqlite') {
    return { text: `CREATE UNIQUE INDEX ${quoteName(dialect, name)}\nON ${place(table)} (${keys})` };
  }
  const options = [...(ignoresDuplicates ? ['IGNORE_DUP_KEY = ON'] : []), ...(isOnline ? ['ONLINE = ON'] : [])];
  const how = options.length === 0 ? '' : `\nWITH (${options.join(', ')})`;
  return {
    text: `CREATE UNIQUE NONCLUSTERED INDEX ${quoteName(dialect, name)}\nON ${place(table)} (${keys})${how};`,
  };
}

export const dropIndex = ({ table, name }: Pick<NewIndex, 'table' | 'name'>): Statement =>
  table.dialect === 'sqlite'
    ? { text: `DROP INDEX ${quoteName(table.dialect, name)}` }
    : { text: `DROP INDEX ${quoteName(table.dialect, name)} ON ${place(table)};` };

/**
 * Nobody else reads or writes the table until the transaction ends. SQLite's transactions are so from their beginning. TOP (1)
 * and not 0: what reads nothing locks nothing.
 */
export const lockTable = (table: TableName): readonly Statement[] =>
  table.dialect === 'sqlite'
    ? []
    : [{ text: `SELECT TOP (1) 1 AS one FROM ${place(table)} WITH (TABLOCKX, HOLDLOCK);` }];

/** Which edition it is (https://learn.microsoft.com/sql/t-sql/functions/serverproperty-transact-sql): `edition`. */
export const ENGINE_EDITION: Statement = {
  text: `SELECT CONVERT(int, SERVERPROPERTY('EngineEdition')) AS edition;`,
};

/** Enterprise and Developer; Azure SQL Database, Azure SQL Managed Instance. */
const ONLINE_EDITIONS = new Set([3, 5, 8]);
export const canBuildOnline = (edition: number): boolean => ONLINE_EDITIONS.has(edition);

/**
 * A column of 32 bytes in place of a key that is too long for an index. Each part stands there as whether it is NULL, its
 * length (8 bytes) and its bytes, so no two keys of different parts make the same text. Equal are then keys of the same
 * bytes: letters' case and blanks at the end count, whatever the collation says.
 */
export function addHash(table: Table, name: string, key: readonly Column[]): Statement {
  const parts = key.map((part) => {
    const own = column('sqlserver', part.name);
    const bytes = `CONVERT(varbinary(max), ${own})`;
    const told = `0x01 + CONVERT(binary(8), CONVERT(bigint, DATALENGTH(${own}))) + ${bytes}`;
    return `CASE WHEN ${own} IS NULL THEN 0x00 ELSE ${told} END`;
  });
  return {
    text: `ALTER TABLE ${place(table)} ADD ${quoteName('sqlserver', name)} AS
  CONVERT(binary(32), HASHBYTES('SHA2_256', CONVERT(varbinary(max), 0x)
    + ${parts.join('\n    + ')})) PERSISTED;`,
  };
}

export const dropColumn = (table: Table, name: string): Statement => ({
  text: `ALTER TABLE ${place(table)} DROP COLUMN ${quoteName(table.dialect, name)};`,
});
