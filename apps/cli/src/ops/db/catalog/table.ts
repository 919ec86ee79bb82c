/** A table as its database describes it. */

export interface Column {
  readonly name: string;
  /** As it was declared (SQLite; empty where it was not) or as it would be (`nvarchar(64)`, `datetime2(3)`). */
  readonly type: string;
  readonly nullable: boolean;
  readonly isComputed: boolean;
  /** Of a computed one, without the parentheses around it. */
  readonly expression?: string;
  /** Of a computed one: whether its values are stored. */
  readonly isPersisted?: boolean;
  /** Of a computed one of SQLite: what goes when it goes, `CHECK` and `COLLATE`. Absent where there is neither. */
  readonly clauses?: readonly string[];
  readonly isIdentity: boolean;
}

export interface Index {
  readonly name: string;
  readonly isUnique: boolean;
  /** SQL Server's IGNORE_DUP_KEY: a key that is there is skipped and not refused. */
  readonly ignoresDuplicates: boolean;
  readonly isPrimaryKey: boolean;
  /** The key, in order; an expression is empty. */
  readonly columns: readonly string[];
  /** Of an index on some rows only. */
  readonly filter?: string;
  /** Whether the server has put it out of use. */
  readonly isDisabled: boolean;
}

export interface Table {
  /** SQL Server's. */
  readonly schema?: string;
  readonly name: string;
  /** As it stands in a statement: `"event"`, `[dbo].[event]`. */
  readonly quoted: string;
  readonly columns: readonly Column[];
  /** Empty where there is none. */
  readonly primaryKey: readonly string[];
  readonly indexes: readonly Index[];
  readonly rows: number;
  /** Whether they were counted; else it is what the server has noted. */
  readonly isRowsExact: boolean;
  /** Whether SQLite numbers its rows (`rowid`); false on SQL Server. */
  readonly hasRowid: boolean;
}

/** Whether names mean the same: SQLite folds ASCII, and a SQL Server's databases do unless they were told otherwise. */
export const isSameName = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

export const columnOf = (table: Table, name: string): Column | undefined =>
  table.columns.find((column) => isSameName(column.name, name));

/** A unique index on all rows whose key is made of these columns and no other, in whatever order. */
export const uniqueIndexOn = (table: Table, columns: readonly string[]): Index | undefined =>
  table.indexes.find(
    ({ isUnique, isDisabled, filter, columns: key }) =>
      isUnique &&
      !isDisabled &&
      filter === undefined &&
      key.length === columns.length &&
      key.every((name) => columns.some((one) => isSameName(one, name))),
  );
