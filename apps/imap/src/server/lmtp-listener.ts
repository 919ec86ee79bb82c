/**
 * Where mail servers deliver: a port on loopback, a Unix socket, or both. Whoever can connect may put mail into every
 * mailbox, so no other address is offered, and who may open the socket is for its folder's permissions to say.
 */
import { lstat, mkdir, unlink } from 'node:fs/promises';
import { connect, createServer, type ListenOptions, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { LINGER, LMTP, type LmtpLimits, SHUTDOWN } from '../limits.ts';
import { printReply, reply } from '../lmtp/reply.ts';
import { PortError } from './listener.ts';
import { LmtpConnection, type LmtpConnectionDeps } from './lmtp-connection.ts';

const HOST = '127.0.0.1';

export interface LmtpListenerOptions extends Omit<LmtpConnectionDeps, 'limits'> {
  /** On 127.0.0.1; 0 takes any free port, undefined none. */
  readonly port: number | undefined;
  /** The path of a Unix socket. */
  readonly socket: string | undefined;
  readonly limits?: LmtpLimits;
}

export class LmtpListener {
  readonly #options: LmtpListenerOptions;
  readonly #limits: LmtpLimits;
  readonly #servers: Server[] = [];
  readonly #connections = new Set<LmtpConnection>();
  readonly #running = new Set<Promise<void>>();

  constructor(options: LmtpListenerOptions) {
    this.#options = options;
    this.#limits = options.limits ?? LMTP;
  }

  /** Listens on what is configured, or on none of it; the port that was had. Rejects with `PortError`. */
  async start(): Promise<number | undefined> {
    const { port, socket } = this.#options;
    try {
      if (socket !== undefined) await this.#listenOnSocket(socket);
      return port === undefined ? undefined : await this.#listenOnPort(port);
    } catch (error) {
      for (const server of this.#servers) server.close();
      throw error;
    }
  }

  /** Connections as they are now. */
  get connections(): ReadonlySet<LmtpConnection> {
    return this.#connections;
  }

  /**
   * Accepts no more. Deliveries that have begun are stored and answered; all else is answered 421. Resolves when all are
   * gone, or do not go: what was not answered then, the mail server sends again.
   */
  async stop(): Promise<void> {
    for (const server of this.#servers) server.close();
    for (const connection of this.#connections) connection.end('stopping');
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const patience = setTimeout(resolve, SHUTDOWN.sessions + LINGER);
    await Promise.race([Promise.all(this.#running), late]);
    clearTimeout(patience);
  }

  #accept(socket: Socket): void {
    if (this.#connections.size >= this.#limits.connections) {
      socket.on('error', () => socket.destroy());
      socket.resume();
      socket.end(printReply(reply(421, '4.3.2', 'Too many connections; try again later.')), () => socket.destroySoon());
      return;
    }
    const connection = new LmtpConnection(socket, { ...this.#options, limits: this.#limits });
    this.#connections.add(connection);
    const running = connection.run().finally(() => {
      this.#connections.delete(connection);
      this.#running.delete(running);
    });
    this.#running.add(running);
  }

  async #listenOnPort(port: number): Promise<number> {
    const server = await this.#listen({ port, host: HOST }).catch((error: unknown) => {
      throw portError(error, `Port ${port} on ${HOST}`, 'imap.lmtp_port', 'another port, or to 0 for none');
    });
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : port;
  }

  async #listenOnSocket(path: string): Promise<void> {
    try {
      await mkdir(dirname(path), { recursive: true });
      await removeStale(path);
      await this.#listen({ path, readableAll: true, writableAll: true });
    } catch (error) {
      throw portError(error, `The socket ${path}`, 'imap.lmtp_socket', 'another path');
    }
  }

  #listen(options: ListenOptions): Promise<Server> {
    const server = createServer({ allowHalfOpen: true }, (socket) => this.#accept(socket));
    this.#servers.push(server);
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(options, () => resolve(server));
    });
  }
}

/** Takes the socket away that a process left that was killed; one that somebody answers on stays, and so does a file. */
async function removeStale(path: string): Promise<void> {
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (found?.isSocket() !== true || (await isAnswered(path))) return;
  await unlink(path);
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path, () => {
      probe.destroy();
      resolve(true);
    });
    probe.on('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'ECONNREFUSED'));
  });
}

function portError(error: unknown, what: string, key: string, change: string): PortError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const reason = error instanceof Error ? error.message : 'unknown reason';
  const advice = `Set ${key} (SCORPIOX_${key.replace('.', '_').toUpperCase()}) to ${change}.`;
  if (code === 'EADDRINUSE') return new PortError(`${what} is in use. ${advice}`);
  if (code === 'EACCES') return new PortError(`${what} needs more rights. ${advice}`);
  return new PortError(`${what} cannot be listened on: ${reason}. ${advice}`);
}
