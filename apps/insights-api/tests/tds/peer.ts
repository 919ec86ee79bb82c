import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { Load, Row, Statement } from '@scorpiox/shared/database/sqlserver';
import { type Loaded, readBulk } from './bulk.ts';
import { MESSAGE, type Message, MessageReader, writeMessage } from './packets.ts';
import { Cursor, readBatch, readRpc, readTransaction } from './requests.ts';
import * as tokens from './tokens.ts';

/*
 * A peer that speaks TDS 7.4 on loopback, for tests
 *
 * It proves what goes over the wire: logging in, statements with their parameters, transactions, errors by number, a
 * connection that ends at an awkward moment, an answer that does not come. It runs no SQL: what answers statements is a
 * model that knows them by their text. That a statement is right is proved by a SQL Server alone.
 */

/** What answers statements. Throws `Refused` for an error of the server's. */
export interface Backend {
  /** Begins a transaction; waits for its turn. */
  begin(): Promise<BackendTransaction>;
  /** A statement outside any transaction. */
  answer(statement: Statement): readonly (readonly Row[])[];
}

interface BackendTransaction {
  answer(statement: Statement): readonly (readonly Row[])[];
  commit(): void;
  rollback(): void;
}

/** An error that the server answers with. */
export class Refused extends Error {
  readonly number: number;
  readonly severity: number;

  constructor(number: number, message: string, severity = 16) {
    super(message);
    this.number = number;
    this.severity = severity;
  }
}

/** What happens instead of an answer: the connection ends before or after the work, or nothing comes at all. */
export type Mishap = Refused | 'drop-before' | 'drop-after' | 'silence';

/** What a client asked: a statement, the beginning or end of its transaction, or that the rows of a bulk load be taken. */
export type Asked = Statement | { readonly text: 'COMMIT' | 'BEGIN' | 'BULK' };

export class TdsPeer {
  readonly #backend: Backend;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #port = 0;
  /** Decides for each request whether something goes wrong. */
  mishap: (asked: Asked) => Mishap | undefined = () => undefined;
  /** The error that log-ins get. */
  refusesLogin: Refused | undefined;
  /** Sessions that are open, and the most there were at once. */
  mostSessions = 0;
  logins = 0;
  /** Bulk loads that came whole, and the statements that announced them. */
  readonly loads: Loaded[] = [];
  readonly announced: string[] = [];
  #cutsBulk = false;

  constructor(backend: Backend) {
    this.#backend = backend;
    this.#server = createServer((socket) => this.#serve(socket));
  }

  get sessions(): number {
    return this.#sockets.size;
  }

  get port(): number {
    return this.#port;
  }

  /** Listens; after `goAway` on the same port again. */
  async listen(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    if (typeof address === 'object' && address !== null) this.#port = address.port;
  }

  /** Ends all connections and takes no new ones. */
  async goAway(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** The next bulk load's connection ends when some of its packets are here and others are not. */
  cutBulkOnce(): void {
    this.#cutsBulk = true;
  }

  #cut(socket: Socket): void {
    this.#cutsBulk = false;
    socket.destroy();
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    this.mostSessions = Math.max(this.mostSessions, this.#sockets.size);
    const reader = new MessageReader();
    const session = new Session(this, this.#backend, socket);
    let last: Promise<void> = Promise.resolve();
    socket.on('data', (piece) => {
      for (const message of reader.push(piece)) last = last.then(() => session.take(message));
      if (this.#cutsBulk && reader.begun === MESSAGE.bulk) this.#cut(socket);
    });
    socket.on('error', () => undefined); // tests end connections as they like
    socket.on('close', () => {
      this.#sockets.delete(socket);
      void last.finally(() => session.end());
    });
  }
}

class Session {
  readonly #peer: TdsPeer;
  readonly #backend: Backend;
  readonly #socket: Socket;
  #transaction: BackendTransaction | undefined;
  /** The temporary table of this session. */
  #load: Load | undefined;

  constructor(peer: TdsPeer, backend: Backend, socket: Socket) {
    this.#peer = peer;
    this.#backend = backend;
    this.#socket = socket;
  }

  /** The connection is gone: the server undoes what was not committed. */
  end(): void {
    this.#transaction?.rollback();
    this.#transaction = undefined;
    this.#load = undefined;
  }

  async take({ type, data }: Message): Promise<void> {
    if (this.#socket.destroyed) return;
    if (type === MESSAGE.prelogin) this.#say(tokens.prelogin());
    else if (type === MESSAGE.login) this.#login();
    else if (type === MESSAGE.attention) this.#say(tokens.doneWithAttention());
    else if (type === MESSAGE.transaction) await this.#inTransaction(readTransaction(data));
    else if (type === MESSAGE.rpc) this.#ask(readRpc(data));
    else if (type === MESSAGE.bulk) this.#takeRows(readBulk(new Cursor(data)));
    else if (type === MESSAGE.batch) this.#runBatch(readBatch(data));
    else throw new Error(`a request that this peer does not know: ${type}`);
  }

  #login(): void {
    this.#peer.logins += 1;
    const { refusesLogin } = this.#peer;
    if (refusesLogin === undefined) {
      this.#say(tokens.databaseChanged('insights'), tokens.collationChanged(), tokens.loginAck(), tokens.done());
    } else this.#say(tokens.error(toSaid(refusesLogin)), tokens.doneWithError());
  }

  async #inTransaction(what: 'begin' | 'commit' | 'rollback'): Promise<void> {
    const mishap = what === 'rollback' ? undefined : this.#peer.mishap({ text: what === 'begin' ? 'BEGIN' : 'COMMIT' });
    if (this.#suffers(mishap)) return;
    const transaction = this.#transaction;
    if (what === 'begin') this.#transaction = await this.#backend.begin();
    else this.#transaction = undefined;
    if (what === 'commit') transaction?.commit();
    if (what === 'rollback') transaction?.rollback();
    if (mishap === 'drop-after') this.#socket.destroy();
    else if (what === 'begin') this.#say(tokens.transactionBegun(), tokens.done());
    else this.#say(tokens.transactionEnded(what), tokens.done());
  }

  /** Settings of the session, a temporary table, the announcement of a bulk load. */
  #runBatch(text: string): void {
    if (this.#suffers(this.#peer.mishap({ text }))) return;
    const table = /^\s*CREATE TABLE (#\w+)/.exec(text)?.[1];
    if (table !== undefined) {
      if (this.#load !== undefined) throw new Error(`there is a table ${table} in this session`);
      this.#load = { create: text, table, columns: [], rows: [] };
    } else if (text.startsWith('insert bulk ')) this.#peer.announced.push(text);
    else if (!/^\s*set /i.test(text)) throw new Error(`a batch that this peer does not know: ${text}`);
    this.#say(tokens.done());
  }

  #takeRows(loaded: Loaded): void {
    if (this.#suffers(this.#peer.mishap({ text: 'BULK' }))) return;
    if (this.#load === undefined) throw new Error('there is no table to load into');
    this.#peer.loads.push(loaded);
    // The model looks at names and values.
    const columns = loaded.columns.map(({ name, nullable }) => ({ name, type: 'int', nullable }) as const);
    this.#load = { ...this.#load, columns, rows: loaded.rows };
    this.#say(tokens.doneWithRows(loaded.rows.length));
  }

  #ask(asked: Statement): void {
    const statement = this.#withTable(asked);
    const mishap = this.#peer.mishap(statement);
    if (this.#suffers(mishap)) return;
    try {
      const sets = (this.#transaction ?? this.#backend).answer(statement);
      if (mishap === 'drop-after') this.#socket.destroy();
      else this.#say(...skipped(statement, sets), ...sets.map(tokens.resultSet), tokens.doneProcedure());
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.#refuse(error);
    }
  }

  /** A statement that reads the temporary table has its rows, and is the last that does. */
  #withTable(statement: Statement): Statement {
    const load = this.#load;
    if (load === undefined || !statement.text.includes(`DROP TABLE ${load.table};`)) return statement;
    this.#load = undefined;
    return { ...statement, load };
  }

  /** Whether the mishap is all there is. */
  #suffers(mishap: Mishap | undefined): boolean {
    if (mishap === 'drop-before') this.#socket.destroy();
    else if (mishap instanceof Refused) this.#refuse(mishap);
    return mishap !== undefined && mishap !== 'drop-after';
  }

  /** XACT_ABORT is on: an error ends the transaction. */
  #refuse(error: Refused): void {
    const ended = this.#transaction === undefined ? [] : [tokens.transactionEnded('rollback')];
    this.end();
    this.#say(tokens.error(toSaid(error)), ...ended, tokens.doneWithError());
  }

  #say(...parts: readonly Buffer[]): void {
    if (!this.#socket.destroyed) writeMessage(this.#socket, Buffer.concat(parts));
  }
}

const toSaid = ({ number, message, severity }: Refused): tokens.Said => ({ number, message, class: severity });

/** What a server says of an INSERT whose index left keys out. */
function skipped({ parameters, load }: Statement, [stored]: readonly (readonly Row[])[]): readonly Buffer[] {
  const sent = parameters?.events?.[1];
  const rows: unknown = typeof sent === 'string' ? JSON.parse(sent) : load?.rows;
  const left = Array.isArray(rows) && stored !== undefined && rows.length > stored.length;
  return left ? [tokens.info({ number: 3604, message: 'Duplicate key was ignored.', class: 0 })] : [];
}
