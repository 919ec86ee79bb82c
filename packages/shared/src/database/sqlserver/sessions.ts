import mssql from 'mssql';
import type { DatabaseLocation } from '../../config/config.ts';
import {
  ACQUIRE_TIMEOUT_MS,
  CONNECT_TIMEOUT_MS,
  RECONNECT_FIRST_MS,
  RECONNECT_MOST_MS,
  REQUEST_TIMEOUT_MS,
  SESSION_IDLE_MS,
} from '../limits.ts';
import { bringRows } from './bulk.ts';
import { SqlServerError, toSqlServerError } from './errors.ts';
import type { Row, Run, Sessions, SqlType, Statement } from './statement.ts';

/*
 * Sessions
 *
 * A small pool of our own over the driver's (never the driver's global one).
 *
 * Invariants: at most `size` sessions, and one more for the moment in which a pool is made; no session is used again
 * that may have a transaction open from before.
 *
 * Hazards: the driver's pool does not always heal after a lost connection. A commit or rollback that failed leaves it
 * unknown whether the session still has its transaction: whoever begins another on it begins an inner one, whose commit
 * commits nothing. A server that is down must not cost every request a connection time-out.
 *
 * Rules:
 * 1. After a lost connection, or a rollback that failed, the whole pool is given up; the next statement makes a new one.
 * 2. While a pool cannot be made, statements fail at once with the last reason until the back-off is over.
 * 3. XACT_ABORT is on: any error, a time-out included, undoes the whole transaction on the server.
 */

export type SqlServerLocation = Extract<DatabaseLocation, { kind: 'mssql' }>;

export interface SessionOptions {
  /** Sessions at most. */
  readonly size: number;
  /** Milliseconds; replaced by tests. */
  readonly connectTimeoutMs?: number;
  /** How long one statement may take, milliseconds. */
  readonly requestTimeoutMs?: number;
  /** Milliseconds since some moment; replaced by tests. */
  readonly now?: () => number;
}

/** Makes sessions as they are needed: nothing is connected yet. */
export function makeSessions(location: SqlServerLocation, options: SessionOptions): Sessions {
  return new PooledSessions(location, options);
}

const TYPES: { readonly [T in SqlType]: mssql.ISqlType } = {
  int: mssql.Int(),
  bigint: mssql.BigInt(),
  float: mssql.Float(),
  'binary(16)': mssql.Binary(),
  'varbinary(32)': mssql.VarBinary(32),
  'varchar(8)': mssql.VarChar(8),
  'varchar(16)': mssql.VarChar(16),
  'varchar(36)': mssql.VarChar(36),
  'varchar(64)': mssql.VarChar(64),
  'nvarchar(64)': mssql.NVarChar(64),
  'nvarchar(256)': mssql.NVarChar(256),
  'nvarchar(4000)': mssql.NVarChar(4000),
  'nvarchar(max)': mssql.NVarChar(mssql.MAX),
};

class PooledSessions implements Sessions {
  readonly #location: SqlServerLocation;
  readonly #options: SessionOptions;
  readonly #now: () => number;
  #pool: Promise<mssql.ConnectionPool> | undefined;
  /** The same once it is open. */
  #open: mssql.ConnectionPool | undefined;
  #closed = false;
  /** Connections that failed one after the other, and what came of the last. */
  #failures = 0;
  #lastFailure: { readonly error: SqlServerError; readonly until: number } | undefined;

  constructor(location: SqlServerLocation, options: SessionOptions) {
    this.#location = location;
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  readonly run: Run = async (statement) => {
    const pool = await this.#connected();
    try {
      return await send(() => pool.request(), statement);
    } catch (error) {
      throw this.#seen(pool, error);
    }
  };

  async transaction<T>(work: (run: Run) => Promise<T>): Promise<T> {
    const pool = await this.#connected();
    const transaction = new mssql.Transaction(pool);
    try {
      await transaction.begin(mssql.ISOLATION_LEVEL.READ_COMMITTED);
    } catch (error) {
      throw this.#seen(pool, toSqlServerError(error));
    }
    try {
      const value = await work((statement) => send(() => new mssql.Request(transaction), statement));
      await commit(transaction);
      return value;
    } catch (error) {
      await this.#undo(pool, transaction);
      throw this.#seen(pool, error);
    }
  }

  readonly usage = () => ({ inUse: this.#open?.borrowed ?? 0, most: this.#options.size });

  async close(): Promise<void> {
    this.#closed = true;
    const pool = await this.#pool?.catch(() => undefined); // what never connected need not be closed
    this.#pool = undefined;
    await pool?.close();
  }

  #connected(): Promise<mssql.ConnectionPool> {
    if (this.#closed) return Promise.reject(new SqlServerError('unavailable', 'the connection is closed'));
    if (this.#pool !== undefined) return this.#pool;
    if (this.#lastFailure !== undefined && this.#now() < this.#lastFailure.until) {
      return Promise.reject(this.#lastFailure.error);
    }
    this.#pool = this.#connect();
    return this.#pool;
  }

  async #connect(): Promise<mssql.ConnectionPool> {
    const pool = new mssql.ConnectionPool(toDriverConfig(this.#location, this.#options));
    // Without a listener the driver's pool would end the process. What matters reaches the statement under way as well.
    pool.on('error', (error: unknown) => void this.#seen(pool, toSqlServerError(error)));
    try {
      await pool.connect();
      this.#failures = 0;
      this.#lastFailure = undefined;
      this.#open = pool;
      return pool;
    } catch (thrown) {
      const error = toSqlServerError(thrown);
      const wait = Math.min(RECONNECT_MOST_MS, RECONNECT_FIRST_MS * 2 ** this.#failures);
      this.#failures += 1;
      this.#lastFailure = { error, until: this.#now() + wait };
      this.#pool = undefined;
      throw error;
    }
  }

  /** Gives the pool up where the error says that its sessions cannot be trusted. */
  #seen(pool: mssql.ConnectionPool, error: unknown): unknown {
    if (error instanceof SqlServerError && error.connectionLost) this.#giveUp(pool);
    return error;
  }

  async #undo(pool: mssql.ConnectionPool, transaction: mssql.Transaction): Promise<void> {
    try {
      await transaction.rollback();
    } catch (error) {
      // EABORT: the server has undone it already. Otherwise nobody knows, and the session must not be used again.
      const code = error instanceof mssql.TransactionError ? error.code : undefined;
      if (code !== 'EABORT') this.#giveUp(pool);
    }
  }

  #giveUp(pool: mssql.ConnectionPool): void {
    if (this.#open === pool) {
      this.#open = undefined;
      this.#pool = undefined;
    }
    // Its sessions end as they come back; one that cannot be closed any more is gone already.
    pool.close().catch(() => undefined);
  }
}

async function send(
  makeRequest: () => mssql.Request,
  { text, parameters = {}, load }: Statement,
): Promise<readonly Row[][]> {
  try {
    if (load !== undefined) await bringRows(makeRequest, load);
    const request = makeRequest();
    for (const [name, [type, value]] of Object.entries(parameters)) request.input(name, TYPES[type], value);
    const { recordsets } = await request.query(text);
    // Without arrayRowMode the driver gives an array of arrays of objects by column name.
    return recordsets as Row[][];
  } catch (error) {
    throw toSqlServerError(error);
  }
}

async function commit(transaction: mssql.Transaction): Promise<void> {
  try {
    await transaction.commit();
  } catch (error) {
    throw toSqlServerError(error);
  }
}

/** The driver's configuration. The only place that reads the password. */
export function toDriverConfig(
  location: SqlServerLocation,
  { size, connectTimeoutMs, requestTimeoutMs }: SessionOptions,
  appName = 'scorpiox-insights',
): mssql.config {
  return {
    server: location.host,
    port: location.port,
    database: location.database,
    user: location.user,
    password: location.password.reveal(),
    connectionTimeout: connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    requestTimeout: requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
    // Looks at the socket's state before a session is lent; `true` would send SELECT 1 before every statement.
    validateConnection: 'socket',
    pool: { min: 0, max: size, idleTimeoutMillis: SESSION_IDLE_MS, acquireTimeoutMillis: ACQUIRE_TIMEOUT_MS },
    options: {
      appName,
      encrypt: location.encrypt,
      trustServerCertificate: location.trustServerCertificate,
      abortTransactionOnError: true, // XACT_ABORT
    },
  };
}
