/** Clients' connections, in the clear with STARTTLS and under TLS: takes them in, and ends them all when told to. */
import type { Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket, type Server as TlsServer } from 'node:tls';
import { CONNECTION, LINGER } from '../limits.ts';
import { Admission, imapRoom, type Presence } from './admission.ts';
import { Connection, type ConnectionDeps } from './connection.ts';
import { type Door, imapPlaces, Ports } from './ports.ts';

export interface ListenerOptions extends Omit<ConnectionDeps, 'presence'> {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly tlsPort: number;
}

export class Listener {
  readonly #options: ListenerOptions;
  readonly #connections = new Set<Connection>();
  readonly #admission: Admission;
  readonly #ports = new Ports({ arrived: (socket, door) => this.#arrived(socket, door) });
  /** Does the handshakes, and listens nowhere. */
  readonly #tls: TlsServer;
  readonly #shakingHands = new Map<string, Presence>();
  readonly #running = new Set<Promise<void>>();

  constructor(options: ListenerOptions) {
    const { tls, limits = CONNECTION } = options;
    this.#options = options;
    this.#admission = new Admission(imapRoom(limits, options.proxied === true));
    this.#tls = createTlsServer({ ...tls.options, allowHalfOpen: true, handshakeTimeout: limits.handshake });
    this.#tls.on('secureConnection', (socket) => this.#shaken(socket));
    tls.onRenewed(() => this.#tls.setSecureContext(tls.options));
  }

  /** Listens on both ports, or on none. Rejects with `PortError`. */
  async start(): Promise<{ readonly port: number; readonly tlsPort: number }> {
    const [port = 0, tlsPort = 0] = await this.#ports.open(imapPlaces(this.#options));
    return { port, tlsPort };
  }

  /** Connections as they are now. */
  get connections(): ReadonlySet<Connection> {
    return this.#connections;
  }

  /** Takes a connection in, wherever it came to. */
  take(socket: Socket, door: Door, presence: Presence): void {
    if (presence.verdict !== 'served') this.#options.observers.refused(socket.remoteAddress ?? '');
    if (presence.verdict === 'dropped') socket.destroy();
    else if (door === 'imaps') this.#shakeHands(socket, presence);
    else this.#greet(socket, presence);
  }

  /** Accepts no more, says BYE to all, and resolves when all are gone. */
  async stop(): Promise<void> {
    this.#ports.close();
    for (const connection of this.#connections) connection.end('The server is shutting down.');
    await Promise.all(this.#running);
  }

  #arrived(socket: Socket, door: Door): void {
    const entry = this.#admission.enter(socket.remoteAddress ?? '');
    socket.once('close', () => entry.leave());
    this.take(socket, door, entry);
  }

  #shakeHands(socket: Socket, presence: Presence): void {
    const peer = peerOf(socket);
    this.#shakingHands.set(peer, presence);
    // Whoever leaves in the middle of the handshake is gone. Half open, the socket would stay until the time for it is up, and keep
    // others of its address out.
    socket.allowHalfOpen = false;
    socket.once('close', () => {
      // The client's port may be another's by now.
      if (this.#shakingHands.get(peer) === presence) this.#shakingHands.delete(peer);
    });
    this.#tls.emit('connection', socket);
  }

  #shaken(socket: TLSSocket): void {
    const peer = peerOf(socket);
    const presence = this.#shakingHands.get(peer);
    this.#shakingHands.delete(peer);
    socket.allowHalfOpen = true;
    if (presence === undefined)
      socket.destroy(); // it is gone already
    else this.#greet(socket, presence);
  }

  #greet(socket: Socket, presence: Presence): void {
    if (presence.verdict === 'refused') {
      this.#refuse(socket);
      return;
    }
    const connection = new Connection(socket, { ...this.#options, presence });
    this.#connections.add(connection);
    const running = connection.run().finally(() => {
      this.#connections.delete(connection);
      this.#running.delete(running);
    });
    this.#running.add(running);
  }

  #refuse(socket: Socket): void {
    const impatience = setTimeout(() => socket.destroy(), LINGER);
    socket.once('close', () => clearTimeout(impatience));
    socket.on('error', () => socket.destroy());
    socket.resume(); // unread octets would keep the client's end, and with it the descriptor, waiting for ever
    socket.end('* BYE [UNAVAILABLE] Too many connections; try again later.\r\n');
  }
}

/** What a TCP connection and the TLS within it have in common. */
function peerOf({ remoteAddress, remotePort, localPort }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localPort}`;
}
