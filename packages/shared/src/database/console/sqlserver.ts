import mssql from 'mssql';
import { err, ok, type Result } from '../../result.ts';
import { type SqlServerLocation, toDriverConfig } from '../sqlserver/sessions.ts';
import type { Console, ConsoleOptions, Ran, Row, Run, Statement, Value } from './console.ts';
import { ConsoleError, fromServer } from './errors.ts';
import { Turns } from './turns.ts';

/** Connects. Errors: `unavailable`, `not-permitted`. */
export async function openServerConsole(
  location: SqlServerLocation,
  name: string,
  options: ConsoleOptions,
): Promise<Result<Console, ConsoleError>> {
  const made = new ServerConsole(location, name, options);
  try {
    await made.connect();
    return ok(made);
  } catch (error) {
    await made.close();
    return err(fromServer(error, true));
  }
}

/** What the sessions are called in sys.dm_exec_sessions.program_name. */
const PROGRAM_NAME = 'scorpiox-db';

/** Rows that are held ready for whoever reads them one by one. */
const ROWS_AHEAD = 500;

/** One session for statements and transactions, and one more while rows are read. A lost one is made anew at the next statement. */
class ServerConsole implements Console {
  readonly kind = 'sqlserver';
  readonly name: string;
  readonly #location: SqlServerLocation;
  readonly #options: ConsoleOptions;
  readonly #turns = new Turns();
  #session: Promise<mssql.ConnectionPool> | undefined;

  constructor(location: SqlServerLocation, name: string, options: ConsoleOptions) {
    this.name = name;
    this.#location = location;
    this.#options = options;
  }

  async connect(): Promise<void> {
    this.#options.tell({ text: lockTimeout(this.#options) });
    await this.#connected();
  }

  readonly run: Run = (statement) =>
    this.#turns.take(() => this.#trusting(async (pool) => this.#send(new mssql.Request(pool), statement)));

  transaction<T>(work: (run: Run) => Promise<T>): Promise<T> {
    return this.#turns.take(() => this.#trusting((pool) => this.#within(new mssql.Transaction(pool), work)));
  }

  async *rows(statement: Statement): AsyncGenerator<Row> {
    this.#options.tell(statement);
    const pool = await this.#open();
    const request = new mssql.Request(pool);
    try {
      const types = new Map<string, unknown>();
      request.on('recordset', (columns: mssql.IColumnMetadata) => {
        for (const [column, { type }] of Object.entries(columns)) types.set(column, type);
      });
      const stream = request.toReadableStream({ highWaterMark: ROWS_AHEAD });
      prepare(request, statement);
      // Its errors come through the stream.
      request.query(textOf(statement, this.#options)).catch(() => undefined);
      for await (const row of stream) yield toRow(row, (column) => types.get(column));
    } catch (error) {
      throw fromServer(error);
    } finally {
      request.cancel();
      await pool.close().catch(() => undefined); // one that cannot be closed is gone already
    }
  }

  async close(): Promise<void> {
    const pool = await this.#session?.catch(() => undefined);
    this.#session = undefined;
    await pool?.close();
  }

  #connected(): Promise<mssql.ConnectionPool> {
    if (this.#session !== undefined) return this.#session;
    const session = this.#open();
    this.#session = session;
    session.catch(() => {
      if (this.#session === session) this.#session = undefined; // the next statement tries again
    });
    return session;
  }

  async #open(): Promise<mssql.ConnectionPool> {
    const requestTimeoutMs = this.#options.statementTimeoutMs ?? 0; // 0: for ever
    const pool = new mssql.ConnectionPool(toDriverConfig(this.#location, { size: 1, requestTimeoutMs }, PROGRAM_NAME));
    // Without a listener the driver's pool would end the process. What matters reaches the statement under way as well.
    pool.on('error', () => undefined);
    try {
      await pool.connect();
      return pool;
    } catch (error) {
      throw fromServer(error, true);
    }
  }

  /** Gives the session up where the error says that nobody knows its state: it may still have a transaction open. */
  async #trusting<T>(work: (pool: mssql.ConnectionPool) => Promise<T>): Promise<T> {
    const pool = await this.#connected();
    try {
      return await work(pool);
    } catch (error) {
      if (error instanceof ConsoleError && error.code === 'lost') await this.#giveUp(pool);
      throw error;
    }
  }

  async #within<T>(transaction: mssql.Transaction, work: (run: Run) => Promise<T>): Promise<T> {
    this.#options.tell({ text: 'BEGIN TRANSACTION' });
    await asConsole(() => transaction.begin(mssql.ISOLATION_LEVEL.READ_COMMITTED));
    try {
      const value = await work((statement) => this.#send(new mssql.Request(transaction), statement));
      this.#options.tell({ text: 'COMMIT TRANSACTION' });
      await asConsole(() => transaction.commit());
      return value;
    } catch (error) {
      this.#options.tell({ text: 'ROLLBACK TRANSACTION' });
      await this.#undo(transaction);
      throw error;
    }
  }

  async #undo(transaction: mssql.Transaction): Promise<void> {
    try {
      await transaction.rollback();
    } catch (error) {
      // EABORT: the server has undone it already. Otherwise nobody knows, and the session must not be used again.
      const code = error instanceof mssql.TransactionError ? error.code : undefined;
      const pool = await this.#session?.catch(() => undefined);
      if (code !== 'EABORT' && pool !== undefined) await this.#giveUp(pool);
    }
  }

  async #giveUp(pool: mssql.ConnectionPool): Promise<void> {
    this.#session = undefined;
    await pool.close().catch(() => undefined); // one that cannot be closed is gone already
  }

  #send(request: mssql.Request, statement: Statement): Promise<Ran> {
    this.#options.tell(statement);
    return asConsole(async () => {
      const messages: string[] = [];
      request.on('info', ({ message }: { readonly message: string }) => messages.push(message));
      prepare(request, statement);
      const { recordsets, rowsAffected } = await request.query(textOf(statement, this.#options));
      // Without arrayRowMode the driver gives an array of arrays of objects by column name.
      const sets = (recordsets as mssql.IRecordSet<Record<string, unknown>>[]).map((set) =>
        set.map((row) => toRow(row, (column) => set.columns[column]?.type)),
      );
      return { sets, affected: rowsAffected.at(-1) ?? 0, messages };
    });
  }
}

const lockTimeout = ({ lockTimeoutMs }: ConsoleOptions): string => `SET LOCK_TIMEOUT ${lockTimeoutMs};`;

/** The driver sends each text to sp_executesql, where a SET holds as long as the text: so each has it. */
const textOf = ({ text }: Statement, options: ConsoleOptions): string => `${lockTimeout(options)}\n${text}`;

function prepare(request: mssql.Request, { parameters = {} }: Statement): void {
  for (const [name, value] of Object.entries(parameters)) request.input(name, typeOf(value), toDriver(value));
}

function typeOf(value: Value): mssql.ISqlType {
  if (typeof value === 'bigint' || Number.isSafeInteger(value)) return mssql.BigInt();
  if (typeof value === 'number') return mssql.Float();
  return value instanceof Uint8Array ? mssql.VarBinary(mssql.MAX) : mssql.NVarChar(mssql.MAX);
}

const toDriver = (value: Value): Exclude<Value, Uint8Array> | Buffer =>
  value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value;

type TypeOf = (column: string) => unknown;

const toRow = (row: Record<string, unknown>, type: TypeOf): Row =>
  Object.fromEntries(Object.entries(row).map(([column, value]) => [column, toValue(value, type(column))]));

/** The driver gives bigint as text, bit as a boolean, and times as Dates, which have lost digits: statements CONVERT those. */
function toValue(value: unknown, type: unknown): Value {
  if (type === mssql.BigInt && typeof value === 'string') {
    return Number.isSafeInteger(Number(value)) ? Number(value) : BigInt(value);
  }
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'string' || typeof value === 'number' || value instanceof Uint8Array) return value;
  return null;
}

async function asConsole<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw fromServer(error);
  }
}
