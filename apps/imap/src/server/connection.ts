/**
 * One client's connection: the socket, its TLS, its clocks, and the session behind it. Octets in go to the inbox, and
 * reading pauses while the inbox is full; responses go out through `Outgoing`. Nothing here knows what a command means.
 */
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { SignIn } from '../auth/sign-in.ts';
import type { Transport } from '../commands/context.ts';
import { CONNECTION, type ConnectionLimits, LINGER, SHUTDOWN } from '../limits.ts';
import type { Mail } from '../mailbox/user-mail.ts';
import { Inbox } from '../session/inbox.ts';
import { Session } from '../session/session.ts';
import { BEFORE_SIGN_IN } from '../wire/limits.ts';
import type { ConnectionObserver, Observers } from './observer.ts';
import { Disconnected, Outgoing } from './outgoing.ts';
import { type Tls, upgrade } from './tls.ts';

export interface ConnectionDeps {
  readonly tls: Tls;
  readonly signIn: SignIn;
  readonly mail: Mail;
  readonly observers: Observers;
  readonly limits?: ConnectionLimits;
  now(): number;
}

export class Connection {
  readonly #deps: ConnectionDeps;
  readonly #limits: ConnectionLimits;
  readonly #inbox = new Inbox(BEFORE_SIGN_IN);
  readonly #outgoing: Outgoing;
  readonly #session: Session;
  readonly #observer: ConnectionObserver;
  readonly #onData = (chunk: Buffer) => this.#received(chunk);
  #socket: Socket;
  #transport: Transport;
  #clock: NodeJS.Timeout;
  /** Milliseconds without a word from the client, counted by periods of the clock. */
  #silent = 0;
  #impatience: NodeJS.Timeout | undefined;

  constructor(socket: Socket, deps: ConnectionDeps) {
    this.#deps = deps;
    this.#limits = deps.limits ?? CONNECTION;
    this.#socket = socket;
    this.#transport = transportOf(socket);
    this.#observer = deps.observers.opened(this.#transport.address);
    this.#outgoing = new Outgoing(socket, this.#limits.outgoing);
    this.#clock = setTimeout(() => this.end('Autologout: no sign-in in time.'), this.#limits.beforeSignIn);
    this.#session = this.#makeSession();
  }

  /** From the greeting until the socket is closed. Never rejects. */
  async run(): Promise<void> {
    this.#outgoing.onProgress(() => this.#heard());
    this.#inbox.onTaken(() => this.#resume());
    this.#attach(this.#socket);
    try {
      await this.#session.run();
      await this.#outgoing.flush();
    } catch (error) {
      if (!(error instanceof Disconnected)) this.#observer.trouble('A session broke.', error);
      this.#socket.destroy();
    }
    await this.#hangUp();
    this.#observer.closed();
  }

  /** Octets held for this client: received and not handled, gathered and not written, and waiting in the socket. */
  get held(): number {
    return this.#inbox.buffered + this.#outgoing.gathered + this.#socket.writableLength;
  }

  /** Says BYE after the command that runs, and ends; a client that does not take it in time is hung up on. */
  end(text: string): void {
    this.#session.end(text);
    this.#impatience ??= setTimeout(() => this.#socket.destroy(), SHUTDOWN.sessions);
  }

  #makeSession(): Session {
    const { signIn, mail, now } = this.#deps;
    const transport = () => this.#transport;
    return new Session({
      inbox: this.#inbox,
      signIn,
      mail,
      observer: this.#observer,
      now,
      get transport() {
        return transport();
      },
      send: (response) => this.#outgoing.send(response),
      startTls: (announce) => this.#startTls(announce),
      signedIn: (user) => {
        this.#observer.signedIn(user);
        this.#watchIdle();
      },
    });
  }

  #attach(socket: Socket): void {
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 60_000);
    socket.on('data', this.#onData);
    socket.on('end', () => this.#inbox.end());
    socket.on('error', (error) => this.#lost(error.message));
    socket.on('close', () => this.#lost('The connection is closed.'));
    if (socket.destroyed) this.#lost('The connection is closed.');
  }

  #received(chunk: Buffer): void {
    this.#heard();
    this.#inbox.push(chunk);
    if (this.#inbox.buffered > this.#limits.incoming) this.#socket.pause();
  }

  /** The client is alive. Before sign-in that buys no time. */
  #heard(): void {
    this.#silent = 0;
    if (this.#session.state.name !== 'not-authenticated') this.#clock.refresh();
  }

  #resume(): void {
    if (this.#socket.isPaused() && this.#inbox.buffered <= this.#limits.incoming) this.#socket.resume();
  }

  #lost(reason: string): void {
    this.#outgoing.close(reason);
    this.#inbox.end();
  }

  /** After sign-in a client may be silent for long, but not leave what it asked for untaken for as long. */
  #watchIdle(): void {
    clearTimeout(this.#clock);
    const { idle, stalled } = this.#limits;
    const period = Math.min(idle, stalled);
    const tick = () => {
      this.#silent += period;
      if (this.#outgoing.waits) this.#socket.destroy();
      else if (this.#silent >= idle) this.end('Autologout: idle for too long.');
      else this.#clock.refresh();
    };
    this.#clock = setTimeout(tick, period);
  }

  /**
   * What the client sent before the handshake, knowing of TLS or not, is forgotten: somebody in between may have put it
   * there to be run under the client's name (RFC 9051 §11.1, CVE-2021-33515 and others).
   */
  async #startTls(announce: () => Promise<void>): Promise<void> {
    const plain = this.#socket;
    plain.pause();
    plain.off('data', this.#onData);
    await announce();
    await this.#outgoing.flush();
    while (plain.read() !== null); // what has come by now
    this.#inbox.reset();
    const secure = await upgrade(plain, this.#deps.tls, this.#limits.handshake);
    if (secure === undefined) throw new Disconnected('The TLS handshake failed.');
    this.#socket = secure;
    this.#transport = { ...this.#transport, secure: true };
    this.#outgoing.become(secure);
    this.#attach(secure);
  }

  /** Closes the socket, and does not wait for ever for the client to do so too. */
  async #hangUp(): Promise<void> {
    clearTimeout(this.#clock);
    clearTimeout(this.#impatience);
    if (this.#socket.destroyed) return;
    const closed = new Promise<void>((resolve) => {
      this.#socket.once('close', resolve);
    });
    const impatience = setTimeout(() => this.#socket.destroy(), LINGER);
    this.#socket.resume(); // what still comes is not read, but an end must be noticed
    this.#socket.end();
    await closed;
    clearTimeout(impatience);
  }
}

function transportOf(socket: Socket): Transport {
  const { remoteAddress = '', localAddress = '' } = socket;
  const loopback = isLoopback(remoteAddress) && isLoopback(localAddress);
  return { secure: socket instanceof TLSSocket, loopback, address: remoteAddress };
}

function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address);
}
