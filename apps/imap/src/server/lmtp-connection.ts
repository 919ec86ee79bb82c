/** One mail server's connection: its socket, its clock, and the session behind it. */
import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import type { SessionReport } from '../admin/operator.ts';
import { LINGER, type LmtpLimits, SHUTDOWN } from '../limits.ts';
import { type EndReason, Input } from '../lmtp/input.ts';
import { Session, type SessionDeps } from '../lmtp/session.ts';
import type { LmtpObserver } from './lmtp-observer.ts';
import { Disconnected } from './outgoing.ts';
import type { Reporting } from './reporting.ts';
import { Untaken } from './untaken.ts';

export type LmtpConnectionDeps = Omit<SessionDeps, 'input' | 'send' | 'limits' | 'address' | 'observer'> & {
  readonly observer: LmtpObserver;
  readonly limits: LmtpLimits;
};

export class LmtpConnection implements Reporting {
  readonly id = randomUUID();
  readonly #deps: LmtpConnectionDeps;
  readonly #socket: Socket;
  readonly #input: Input;
  readonly #session: Session;
  readonly #untaken: Untaken;
  readonly #connected: number;
  /** When octets last went either way. */
  #progress: number;
  readonly #clock: NodeJS.Timeout;
  #impatience: NodeJS.Timeout | undefined;
  /** Undefined for a Unix socket. */
  readonly #address: string | undefined;
  #corked = false;
  /** What the input had handed out at the last tick of the clock. */
  #taken = -1;

  constructor(socket: Socket, deps: LmtpConnectionDeps) {
    this.#deps = deps;
    this.#socket = socket;
    this.#input = new Input(deps.limits.line);
    this.#connected = deps.now();
    this.#progress = this.#connected;
    this.#untaken = new Untaken(() => socket.writableLength, deps.now);
    this.#clock = setTimeout(() => this.#tick(), deps.limits.idle);
    this.#address = socket.remoteAddress;
    const address = this.#address;
    this.#session = new Session({ ...deps, input: this.#input, address, send: (text) => this.#send(text) });
  }

  /** From the greeting until the socket is closed. Never rejects. */
  async run(): Promise<void> {
    this.#attach();
    try {
      await this.#session.run();
    } catch (error) {
      if (!(error instanceof Disconnected)) this.#deps.observer.trouble('A session broke.', error);
      this.#socket.destroy();
    }
    await this.#hangUp();
  }

  report(): SessionReport {
    const { running } = this.#session;
    const now = this.#deps.now();
    return {
      id: this.id,
      protocol: 'lmtp',
      pid: process.pid,
      user: null,
      address: this.#address ?? null,
      tls: null,
      compressed: false,
      state: 'not-authenticated',
      mailbox: null,
      command: running === undefined ? null : { name: running.name, ageMs: Math.round(now - running.began) },
      heldOctets: this.#input.buffered + this.#socket.writableLength,
      ...this.#untaken.report(),
      quietMs: Math.round(now - this.#progress),
      connectedMs: Math.round(now - this.#connected),
      client: null,
    };
  }

  kick(): void {
    this.end('kicked');
  }

  /** Ends the dialogue with 421 where it stands; a delivery that has begun is answered first. */
  end(reason: Exclude<EndReason, 'gone'>): void {
    this.#input.end(reason);
    this.#impatience ??= setTimeout(() => this.#socket.destroy(), SHUTDOWN.sessions);
  }

  #attach(): void {
    const socket = this.#socket;
    const { incoming } = this.#deps.limits;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
      this.#progress = this.#deps.now();
      this.#deps.observer.received(chunk.length);
      this.#input.push(chunk);
      if (this.#input.buffered > incoming) socket.pause();
    });
    this.#input.onTaken(() => {
      if (socket.isPaused() && this.#input.buffered <= incoming) socket.resume();
    });
    socket.on('end', () => this.#input.end('gone'));
    socket.on('error', () => socket.destroy()); // 'close' follows
    socket.on('close', () => this.#input.end('gone'));
    if (socket.destroyed) this.#input.end('gone');
  }

  /** Between two ticks a session has to take something from the client, unless it is busy storing. */
  #tick(): void {
    const { taken, waits } = this.#input;
    const silent = taken === this.#taken;
    this.#taken = taken;
    if (silent && this.#socket.writableNeedDrain) this.#socket.destroy();
    else if (silent && waits) this.end('idle');
    this.#clock.refresh();
  }

  /** Answers of one turn of the loop leave together: to pipelined commands they are one packet (RFC 2920 §3.2). */
  async #send(text: string): Promise<void> {
    const socket = this.#socket;
    if (!this.#corked) {
      this.#corked = true;
      socket.cork();
      setImmediate(() => {
        this.#corked = false;
        socket.uncork();
      });
    }
    this.#untaken.more();
    socket.write(text, (error) => {
      if (error !== undefined && error !== null) return;
      this.#progress = this.#deps.now();
      this.#untaken.taken();
      this.#deps.observer.sent(Buffer.byteLength(text));
    });
    while (socket.writableNeedDrain && !socket.destroyed) await drainOrClose(socket);
    if (socket.destroyed) throw new Disconnected('The connection is closed.');
  }

  /** Closes the socket, and does not wait for ever for the client to do so too. */
  async #hangUp(): Promise<void> {
    clearTimeout(this.#clock);
    clearTimeout(this.#impatience);
    const socket = this.#socket;
    if (socket.destroyed) return;
    const closed = new Promise<void>((resolve) => {
      socket.once('close', () => resolve());
    });
    const impatience = setTimeout(() => socket.destroy(), LINGER);
    socket.resume(); // what still comes is not read, but an end must be noticed
    socket.end();
    await closed;
    clearTimeout(impatience);
  }
}

function drainOrClose(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      socket.off('drain', done);
      socket.off('close', done);
      resolve();
    };
    socket.on('drain', done);
    socket.on('close', done);
  });
}
