/** SQL types of parameters: the ones that our statements use, each named where it is used. */
export type SqlType =
  | 'int'
  | 'bigint'
  | 'float'
  | 'binary(16)'
  | 'varbinary(32)'
  | 'varchar(8)'
  | 'varchar(16)'
  | 'varchar(36)'
  | 'varchar(64)'
  | 'nvarchar(64)'
  | 'nvarchar(256)'
  | 'nvarchar(4000)'
  | 'nvarchar(max)';

/** SQL types of columns that are loaded in bulk. */
export type ColumnType =
  | 'int'
  | 'bigint'
  | 'smallint'
  | 'float'
  | 'bit'
  | `nvarchar(${number})`
  | 'nvarchar(max)'
  | `varbinary(${number})`;

export type Cell = string | number | Buffer | null;

/** Rows that are brought to the server in bulk, into a temporary table of the session. */
export interface Load {
  /** Makes the table; sent as a batch of its own, since what a parameterised statement makes ends with it. */
  readonly create: string;
  /** Its name, which starts with `#`. */
  readonly table: string;
  readonly columns: readonly { readonly name: string; readonly type: ColumnType; readonly nullable: boolean }[];
  readonly rows: readonly (readonly Cell[])[];
}

/** A batch of T-SQL with its parameters, by name without the `@`. */
export interface Statement {
  readonly text: string;
  readonly parameters?: Readonly<Record<string, readonly [SqlType, string | number | Buffer]>>;
  /** What is loaded before the text runs, which removes the table. Inside a transaction only. */
  readonly load?: Load;
}

/** A row by column name. The driver gives `bigint` as text and `binary` as a Buffer. */
export type Row = Readonly<Record<string, unknown>>;

/** Runs a statement; its result sets in order. Rejects with `SqlServerError`. */
export type Run = (statement: Statement) => Promise<readonly (readonly Row[])[]>;

/** Sessions with one SQL Server. Everything rejects with `SqlServerError`, or with what `work` itself throws. */
export interface Sessions {
  /** Runs one statement by itself. */
  readonly run: Run;
  /** Runs `work` in one transaction (READ COMMITTED); whatever it throws undoes all of it. Statements one at a time. */
  transaction<T>(work: (run: Run) => Promise<T>): Promise<T>;
  /** Sessions that are lent now, and at most; absent where nobody counts. */
  readonly usage?: () => { readonly inUse: number; readonly most: number };
  close(): Promise<void>;
}

/** The number in a column of an integer or float type; undefined for NULL. Throws where there is no such column. */
export function optionalNumber(row: Row, column: string): number | undefined {
  const value = row[column];
  if (value === null) return undefined;
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) throw new TypeError(`column ${column} holds no number`);
  return number;
}

/** The same for a column that is never NULL. */
export function number(row: Row, column: string): number {
  const value = optionalNumber(row, column);
  if (value === undefined) throw new TypeError(`column ${column} is NULL`);
  return value;
}

/** The text in a column that is never NULL. */
export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new TypeError(`column ${column} holds no text`);
  return value;
}

/** The text in a column; undefined for NULL. */
export function optionalText(row: Row, column: string): string | undefined {
  return row[column] === null ? undefined : text(row, column);
}

/** The bytes in a column that is never NULL, as hexadecimal digits in lower case. */
export function hex(row: Row, column: string): string {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw new TypeError(`column ${column} holds no bytes`);
  return Buffer.from(value).toString('hex');
}
