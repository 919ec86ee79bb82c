/** The ports: accepts connections, in the clear with STARTTLS and under TLS, and ends them all when told to. */
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { CONNECTION, type ConnectionLimits, LINGER } from '../limits.ts';
import { Connection, type ConnectionDeps } from './connection.ts';
import { Strangers } from './strangers.ts';
import { Tally } from './tally.ts';

export interface ListenerOptions extends Omit<ConnectionDeps, 'users' | 'onSignedIn'> {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly tlsPort: number;
}

/** A port cannot be listened on; `message` says which key to change. */
export class PortError extends Error {
  override readonly name = 'PortError';
}

export class Listener {
  readonly #options: ListenerOptions;
  readonly #limits: ConnectionLimits;
  readonly #connections = new Set<Connection>();
  readonly #servers: Server[] = [];
  readonly #running = new Set<Promise<void>>();
  readonly #users = new Tally();
  readonly #strangers: Strangers | undefined;

  constructor(options: ListenerOptions) {
    this.#options = options;
    this.#limits = options.limits ?? CONNECTION;
    // Behind a proxy all clients call from the same address.
    this.#strangers = options.proxied === true ? undefined : new Strangers(this.#limits);
  }

  /** Listens on both ports, or on none. Rejects with `PortError`. */
  async start(): Promise<{ readonly port: number; readonly tlsPort: number }> {
    const { host, port, tlsPort, tls } = this.#options;
    const plain = createServer({ allowHalfOpen: true }, (socket) => {
      if (this.#enter(socket)) this.#accept(socket);
    });
    const secure = createTlsServer(
      { ...tls.options, allowHalfOpen: true, handshakeTimeout: this.#limits.handshake },
      (socket) => this.#accept(socket),
    );
    tls.onRenewed(() => secure.setSecureContext(tls.options));
    secure.on('connection', (socket) => this.#enter(socket));
    try {
      return {
        port: await this.#listen(plain, host, port, 'imap.port'),
        tlsPort: await this.#listen(secure, host, tlsPort, 'imap.tls_port'),
      };
    } catch (error) {
      for (const server of this.#servers) server.close();
      throw error;
    }
  }

  /** Connections as they are now. */
  get connections(): ReadonlySet<Connection> {
    return this.#connections;
  }

  /** Accepts no more, says BYE to all, and resolves when all are gone. */
  async stop(): Promise<void> {
    for (const server of this.#servers) server.close();
    for (const connection of this.#connections) connection.end('The server is shutting down.');
    await Promise.all(this.#running);
  }

  /** Counts a connection before anything is done for it; false where it was dropped. */
  #enter(socket: Socket): boolean {
    if (this.#strangers?.enter(socket) ?? true) return true;
    this.#options.observers.refused(socket.remoteAddress ?? '');
    socket.on('error', () => {}); // it is on its way out
    socket.destroy();
    return false;
  }

  #accept(socket: Socket): void {
    if (this.#connections.size >= this.#limits.connections || this.#strangers?.tooMany(socket) === true) {
      this.#refuse(socket);
      return;
    }
    const connection = new Connection(socket, {
      ...this.#options,
      users: this.#users,
      onSignedIn: () => this.#strangers?.leave(socket),
    });
    this.#connections.add(connection);
    const running = connection.run().finally(() => {
      this.#connections.delete(connection);
      this.#running.delete(running);
    });
    this.#running.add(running);
  }

  #refuse(socket: Socket): void {
    this.#options.observers.refused(socket.remoteAddress ?? '');
    const impatience = setTimeout(() => socket.destroy(), LINGER);
    socket.once('close', () => clearTimeout(impatience));
    socket.on('error', () => socket.destroy());
    socket.resume(); // unread octets would keep the client's end, and with it the descriptor, waiting for ever
    socket.end('* BYE [UNAVAILABLE] Too many connections; try again later.\r\n');
  }

  #listen(server: Server, host: string, port: number, key: string): Promise<number> {
    this.#servers.push(server);
    // Counts from the accepted socket on: TLS handshakes in progress, which are no connections yet, included.
    server.maxConnections = this.#limits.connections + this.#limits.refusals;
    server.on('drop', (dropped) => this.#options.observers.refused(dropped?.remoteAddress ?? ''));
    return new Promise((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => reject(portError(error, host, port, key)));
      server.listen(port, host, () => {
        const address = server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : port);
      });
    });
  }
}

function portError(error: NodeJS.ErrnoException, host: string, port: number, key: string): PortError {
  const variable = `SCORPIOX_${key.replace('.', '_').toUpperCase()}`;
  const change = `Set ${key} (${variable}) to another port.`;
  if (error.code === 'EADDRINUSE') return new PortError(`Port ${port} on ${host} is in use. ${change}`);
  if (error.code === 'EACCES') return new PortError(`Port ${port} on ${host} needs more rights. ${change}`);
  if (error.code !== 'EADDRNOTAVAIL' && error.code !== 'ENOTFOUND') {
    return new PortError(`Cannot listen on port ${port} of ${host}: ${error.message}. ${change}`);
  }
  return new PortError(`${host} is no address of this machine. Set imap.host (SCORPIOX_IMAP_HOST) to one of its own.`);
}
