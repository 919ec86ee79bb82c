import { closeSync, existsSync, openSync } from 'node:fs';
import { DatabaseSync, type SQLOutputValue, type StatementSync } from 'node:sqlite';
import { err, ok, type Result } from '../../result.ts';
import type { Console, ConsoleOptions, Ran, Row, Run, Statement, Value } from './console.ts';
import { ConsoleError, fromSqlite } from './errors.ts';
import { Turns } from './turns.ts';

/** Opens a file of SQLite as it is. Errors: `unavailable`, `not-permitted`, `locked`. */
export function openSqliteConsole(file: string, name: string, options: ConsoleOptions): Result<Console, ConsoleError> {
  try {
    if (options.create === true && options.readOnly !== true) closeSync(openSync(file, 'a', 0o600));
    // SQLite would make it, and an empty database answers that there is no such table.
    if (!existsSync(file)) return err(new ConsoleError('unavailable', `there is no file ${file}`));
    options.tell({ text: `PRAGMA busy_timeout = ${options.lockTimeoutMs}` });
    return ok(new SqliteConsole(file, name, options));
  } catch (error) {
    const known = fromSqlite(error);
    if (known instanceof ConsoleError) return err(known);
    return err(new ConsoleError('unavailable', error instanceof Error ? error.message : String(error)));
  }
}

class SqliteConsole implements Console {
  readonly kind = 'sqlite';
  readonly name: string;
  readonly #file: string;
  readonly #options: ConsoleOptions;
  readonly #db: DatabaseSync;
  readonly #changes: StatementSync;
  readonly #turns = new Turns();

  constructor(file: string, name: string, options: ConsoleOptions) {
    this.name = name;
    this.#file = file;
    this.#options = options;
    this.#db = connect(file, options, options.readOnly === true);
    this.#changes = this.#db.prepare('SELECT changes() AS last, total_changes() AS total');
  }

  readonly run: Run = (statement) => this.#turns.take(async () => this.#send(statement));

  transaction<T>(work: (run: Run) => Promise<T>): Promise<T> {
    return this.#turns.take(async () => {
      this.#send({ text: 'BEGIN IMMEDIATE' });
      try {
        const value = await work(async (statement) => this.#send(statement));
        this.#send({ text: 'COMMIT' });
        return value;
      } catch (error) {
        if (this.#db.isTransaction) this.#send({ text: 'ROLLBACK' }); // a full disk has ended it already
        throw error;
      }
    });
  }

  async *rows(statement: Statement): AsyncGenerator<Row> {
    this.#options.tell(statement);
    const db = attempt(() => connect(this.#file, this.#options, true));
    try {
      const rows = attempt(() => prepare(db, statement.text).iterate(bound(statement)));
      for (;;) {
        const next = attempt(() => rows.next());
        if (next.done === true) return;
        yield toRow(next.value);
      }
    } finally {
      db.close();
    }
  }

  close(): Promise<void> {
    return this.#turns.take(async () => this.#db.close());
  }

  #send(statement: Statement): Ran {
    this.#options.tell(statement);
    return attempt(() => {
      const prepared = prepare(this.#db, statement.text);
      const before = this.#changed().total;
      const rows = prepared.all(bound(statement)).map(toRow);
      const { last, total } = this.#changed();
      const sets = prepared.columns().length === 0 ? [] : [rows];
      return { sets, affected: total === before ? 0 : last, messages: [] };
    });
  }

  /** changes() goes on telling of the last change after a statement that made none. */
  #changed(): { readonly last: number; readonly total: number } {
    const row = this.#changes.get();
    return { last: Number(row?.last), total: Number(row?.total) };
  }
}

/** A commit is on disk when it has ended, whatever the file's usual way is. */
function connect(file: string, { lockTimeoutMs }: ConsoleOptions, readOnly: boolean): DatabaseSync {
  const db = new DatabaseSync(file, { readOnly, timeout: lockTimeoutMs, enableForeignKeyConstraints: true });
  try {
    db.exec('PRAGMA synchronous = FULL');
    db.prepare('SELECT count(*) FROM sqlite_schema').get(); // what is no database shows here, and not at the first statement
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Throws where the text has more than one statement: SQLite would leave the rest undone without a word. */
function prepare(db: DatabaseSync, text: string): StatementSync {
  const prepared = db.prepare(text);
  const rest = text.slice(text.indexOf(prepared.sourceSQL) + prepared.sourceSQL.length);
  if (rest.replace(/--[^\n]*|\/\*[\s\S]*?\*\/|[\s;]/g, '') !== '') {
    throw new TypeError('A text for SQLite has one statement.');
  }
  prepared.setReadBigInts(true);
  return prepared;
}

const bound = ({ parameters = {} }: Statement) => ({ ...parameters });

const toRow = (row: Record<string, SQLOutputValue>): Row =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, toValue(value)]));

const toValue = (value: SQLOutputValue): Value =>
  typeof value === 'bigint' && BigInt(Number(value)) === value && Number.isSafeInteger(Number(value))
    ? Number(value)
    : value;

function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw fromSqlite(error);
  }
}
