/*
 * A console to a database that need not be ours
 *
 * What an operator's tool works with: statements as text, rows as they come. One at a time, whoever asks: a statement by
 * itself waits until the transaction that is under way has ended. So inside `transaction` only the `run` that is given
 * there may be used; anything else would wait for itself, and is refused.
 *
 * Nothing about the database is changed that no statement changes: its journal mode stays, its schema is not brought up to
 * date.
 */

/**
 * A value in a parameter or a cell. Integers are numbers where they are safe and bigint beyond. Of SQL Server's types
 * decimal, datetime2, uniqueidentifier and their like lose digits or meaning in JavaScript: statements CONVERT them to text.
 */
export type Value = null | number | bigint | string | Uint8Array;

/** By column name, in the order of the columns. Two columns of one name are a mistake of the statement. */
export type Row = Readonly<Record<string, Value>>;

/**
 * Parameters are `@name` in the text. A SQL Server gets integers as bigint, other numbers as float, texts and null as
 * nvarchar(max), bytes as varbinary(max): the text CONVERTs them to what it compares them with.
 *
 * SQLite takes one statement a text. A SQL Server takes several; each text is a batch of its own, so variables and temporary
 * tables end with it, and a module (view, trigger, procedure) is made by EXEC (N'…'), because the batch begins with SET
 * LOCK_TIMEOUT.
 */
export interface Statement {
  readonly text: string;
  readonly parameters?: Readonly<Record<string, Value>>;
}

/** What came of a statement. */
export interface Ran {
  /** The rows of each SELECT, RETURNING or OUTPUT. */
  readonly sets: readonly (readonly Row[])[];
  /** Rows that the last statement of the text inserted, changed or removed; on SQL Server of a SELECT those that it gave. */
  readonly affected: number;
  /** What a SQL Server said beside: `Duplicate key was ignored.` */
  readonly messages: readonly string[];
}

/** Rejects with `ConsoleError`. */
export type Run = (statement: Statement) => Promise<Ran>;

export interface Console {
  readonly kind: 'sqlite' | 'sqlserver';
  /** For people and journals, without secrets: `sqlite:/x/insights.db`, `mssql://sa@host:1433/insights`. */
  readonly name: string;
  /** Runs one statement by itself. */
  readonly run: Run;
  /**
   * Runs `work` in one transaction; whatever it throws undoes all of it. SQLite: BEGIN IMMEDIATE, and a commit is on disk.
   * SQL Server: READ COMMITTED, and any error ends the transaction (XACT_ABORT).
   */
  transaction<T>(work: (run: Run) => Promise<T>): Promise<T>;
  /**
   * The rows of one SELECT as they are read, in flat memory, over a connection of their own: they show what was committed
   * when it began, and statements may run meanwhile. On SQLite the log cannot be emptied until they end. Throws `ConsoleError`.
   */
  rows(statement: Statement): AsyncIterable<Row>;
  close(): Promise<void>;
}

export interface ConsoleOptions {
  /** Called before each statement is run: that is how every statement is printed. */
  readonly tell: (statement: Statement) => void;
  /** How long a statement waits for somebody else's lock, milliseconds: LOCK_TIMEOUT, PRAGMA busy_timeout. */
  readonly lockTimeoutMs: number;
  /** SQLite: the file is opened for reading only. A SQL Server has nothing of the kind. */
  readonly readOnly?: boolean;
  /** SQLite: the file is made, for its owner only, where it is not there. A SQL Server's database must be there. */
  readonly create?: boolean;
  /** SQL Server: how long a statement may run, milliseconds; for ever where absent. SQLite's cannot be cut off. */
  readonly statementTimeoutMs?: number;
}
