/**
 * Where mail servers deliver: a port on loopback, a Unix socket, or both. Whoever can connect may put mail into every
 * mailbox, so no other address is offered, and who may open the socket is for its folder's permissions to say.
 */
import type { Socket } from 'node:net';
import { LINGER, LMTP, type LmtpLimits, SHUTDOWN } from '../limits.ts';
import { printReply, reply } from '../lmtp/reply.ts';
import { Admission, lmtpRoom, type Presence } from './admission.ts';
import { LmtpConnection, type LmtpConnectionDeps } from './lmtp-connection.ts';
import { lmtpPlaces, Ports } from './ports.ts';

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
  readonly #admission: Admission;
  readonly #ports = new Ports({ arrived: (socket) => this.#arrived(socket) });
  readonly #connections = new Set<LmtpConnection>();
  readonly #running = new Set<Promise<void>>();

  constructor(options: LmtpListenerOptions) {
    this.#options = options;
    this.#limits = options.limits ?? LMTP;
    this.#admission = new Admission(lmtpRoom(this.#limits));
  }

  /** Listens on what is configured, or on none of it; the port that was had. Rejects with `PortError`. */
  async start(): Promise<number | undefined> {
    const ports = await this.#ports.open(lmtpPlaces(this.#options));
    return this.#options.port === undefined ? undefined : ports.at(-1);
  }

  /** Takes a connection in, wherever it came to. */
  take(socket: Socket, { verdict }: Pick<Presence, 'verdict'>): void {
    if (verdict !== 'served') this.#options.observer.refused();
    if (verdict === 'served') this.#serve(socket);
    else if (verdict === 'refused') this.#refuse(socket);
    else socket.destroy();
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
    this.#ports.close();
    for (const connection of this.#connections) connection.end('stopping');
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const patience = setTimeout(resolve, SHUTDOWN.sessions + LINGER);
    await Promise.race([Promise.all(this.#running), late]);
    clearTimeout(patience);
  }

  #arrived(socket: Socket): void {
    const entry = this.#admission.enter(socket.remoteAddress ?? '');
    socket.once('close', () => entry.leave());
    this.take(socket, entry);
  }

  #serve(socket: Socket): void {
    this.#options.observer.opened();
    const connection = new LmtpConnection(socket, { ...this.#options, limits: this.#limits });
    this.#connections.add(connection);
    const running = connection.run().finally(() => {
      this.#connections.delete(connection);
      this.#running.delete(running);
    });
    this.#running.add(running);
  }

  #refuse(socket: Socket): void {
    socket.on('error', () => socket.destroy());
    socket.resume();
    socket.end(printReply(reply(421, '4.3.2', 'Too many connections; try again later.')), () => socket.destroySoon());
  }
}
