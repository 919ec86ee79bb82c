import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { Row, Statement } from '@scorpiox/shared/database/sqlserver';
import { MESSAGE, type Message, MessageReader, writeMessage } from './packets.ts';
import { readBatch, readRpc, readTransaction } from './requests.ts';
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

/** What a client asked: a statement, or the end of its transaction. */
export type Asked = Statement | { readonly text: 'COMMIT' | 'BEGIN' };

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

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    this.mostSessions = Math.max(this.mostSessions, this.#sockets.size);
    const reader = new MessageReader();
    const session = new Session(this, this.#backend, socket);
    let last: Promise<void> = Promise.resolve();
    socket.on('data', (piece) => {
      for (const message of reader.push(piece)) last = last.then(() => session.take(message));
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

  constructor(peer: TdsPeer, backend: Backend, socket: Socket) {
    this.#peer = peer;
    this.#backend = backend;
    this.#socket = socket;
  }

  /** The connection is gone: the server undoes what was not committed. */
  end(): void {
    this.#transaction?.rollback();
    this.#transaction = undefined;
  }

  async take({ type, data }: Message): Promise<void> {
    if (this.#socket.destroyed) return;
    if (type === MESSAGE.prelogin) this.#say(tokens.prelogin());
    else if (type === MESSAGE.login) this.#login();
    else if (type === MESSAGE.attention) this.#say(tokens.doneWithAttention());
    else if (type === MESSAGE.transaction) await this.#inTransaction(readTransaction(data));
    else if (type === MESSAGE.rpc) this.#ask(readRpc(data));
    else if (type === MESSAGE.batch && /^\s*set /i.test(readBatch(data))) this.#say(tokens.done());
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

  #ask(statement: Statement): void {
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
function skipped({ parameters }: Statement, [stored]: readonly (readonly Row[])[]): readonly Buffer[] {
  const sent = parameters?.events?.[1];
  if (typeof sent !== 'string' || stored === undefined) return [];
  const rows: unknown = JSON.parse(sent);
  const left = Array.isArray(rows) && rows.length > stored.length;
  return left ? [tokens.info({ number: 3604, message: 'Duplicate key was ignored.', class: 0 })] : [];
}
