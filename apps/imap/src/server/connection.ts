/**
 * One client's connection: the socket, its TLS, its clocks, and the session behind it. Octets in go to the inbox, and
 * reading pauses while the inbox is full; responses go out through `Outgoing`. Nothing here knows what a command means.
 */
import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { SessionReport } from '../admin/operator.ts';
import type { SignIn } from '../auth/sign-in.ts';
import type { Transport } from '../commands/context.ts';
import { CONNECTION, type ConnectionLimits, LINGER, SHUTDOWN } from '../limits.ts';
import type { Mail } from '../mailbox/user-mail.ts';
import { Inbox } from '../session/inbox.ts';
import { Session } from '../session/session.ts';
import type { SessionTrace } from '../trace/session-trace.ts';
import type { Tracer } from '../trace/tracer.ts';
import { BEFORE_SIGN_IN } from '../wire/limits.ts';
import type { Presence } from './admission.ts';
import { channelBindingOf } from './channel-binding.ts';
import { Deflated } from './deflate.ts';
import type { ConnectionObserver, Observers } from './observer.ts';
import { Disconnected, Outgoing } from './outgoing.ts';
import type { Reporting } from './reporting.ts';
import { type Tls, tlsFacts, upgrade } from './tls.ts';
import { Untaken } from './untaken.ts';

export interface ConnectionDeps {
  readonly tls: Tls;
  readonly signIn: SignIn;
  readonly mail: Mail;
  readonly observers: Observers;
  /** Traces on demand. */
  readonly tracer?: Tracer;
  readonly limits?: ConnectionLimits;
  /** A proxy passes clients on: an address of this machine says nothing of where they are. */
  readonly proxied?: boolean;
  /** Its place among the other connections. */
  readonly presence: Presence;
  now(): number;
}

export class Connection implements Reporting {
  readonly id = randomUUID();
  readonly #deps: ConnectionDeps;
  readonly #limits: ConnectionLimits;
  readonly #inbox = new Inbox(BEFORE_SIGN_IN);
  readonly #outgoing: Outgoing;
  readonly #untaken: Untaken;
  readonly #session: Session;
  readonly #observer: ConnectionObserver;
  readonly #trace: SessionTrace | undefined;
  readonly #onData = (chunk: Buffer) => this.#received(chunk);
  #socket: Socket;
  /** Between the session and the socket once COMPRESS was answered. */
  #deflated: Deflated | undefined;
  #transport: Transport;
  #clock: NodeJS.Timeout;
  /** Milliseconds without a word from the client, counted by periods of the clock. */
  #silent = 0;
  readonly #connected: number;
  /** When octets last went either way. */
  #progress: number;
  #impatience: NodeJS.Timeout | undefined;
  readonly #gone = new AbortController();

  constructor(socket: Socket, deps: ConnectionDeps) {
    this.#deps = deps;
    this.#limits = deps.limits ?? CONNECTION;
    this.#socket = socket;
    this.#connected = deps.now();
    this.#progress = this.#connected;
    this.#transport = transportOf(socket, deps.proxied === true);
    this.#observer = deps.observers.opened(this.#transport.address, this.id);
    this.#trace = deps.tracer?.session(this.id);
    this.#outgoing = new Outgoing(socket, this.#limits.outgoing);
    this.#untaken = new Untaken(() => this.#written, deps.now);
    this.#clock = setTimeout(() => this.end('Autologout: no sign-in in time.'), this.#limits.beforeSignIn);
    this.#session = this.#makeSession();
  }

  /** From the greeting until the socket is closed. Never rejects. */
  async run(): Promise<void> {
    this.#outgoing.onProgress(() => this.#heard());
    this.#outgoing.onTaken((octets) => {
      this.#observer.sent(octets);
      this.#progress = this.#deps.now();
      this.#untaken.taken();
    });
    this.#outgoing.onGiving(() => this.#untaken.more());
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
    this.#trace?.closed();
    this.#observer.closed();
  }

  /** Octets held for this client: received and not handled, gathered and not written, and waiting in the socket. */
  get held(): number {
    const between = this.#deflated?.held ?? 0;
    return this.#inbox.buffered + this.#outgoing.gathered + between + this.#socket.writableLength;
  }

  /** Who has signed in. */
  get user(): string | undefined {
    const { state } = this.#session;
    return 'user' in state ? state.user : undefined;
  }

  /** Octets of answers that are on their way and have not left this process. */
  get #written(): number {
    return (this.#deflated?.waiting ?? 0) + this.#socket.writableLength;
  }

  report(): SessionReport {
    const { state, running, client } = this.#session;
    const now = this.#deps.now();
    return {
      id: this.id,
      protocol: 'imap',
      pid: process.pid,
      user: this.user ?? null,
      address: this.#transport.address,
      tls: tlsFacts(this.#socket),
      compressed: this.#transport.compressed === true,
      state: state.name,
      mailbox: state.name === 'selected' ? state.hub.value.mailbox.name : null,
      command: running === undefined ? null : { name: running.name, ageMs: Math.round(now - running.began) },
      heldOctets: this.held,
      ...this.#untaken.report(),
      quietMs: Math.round(now - this.#progress),
      connectedMs: Math.round(now - this.#connected),
      client: client ?? null,
    };
  }

  kick(): void {
    this.end('The operator ended this session.');
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
      ...(this.#trace === undefined ? {} : { trace: this.#trace }),
      now,
      get transport() {
        return transport();
      },
      gone: this.#gone.signal,
      keepAlive: this.#limits.keepAlive,
      messageSize: this.#limits.messageSize,
      admit: (user) => this.#deps.presence.admit(user),
      send: (response, options) => this.#outgoing.send(response, options),
      startTls: (announce) => this.#startTls(announce),
      compress: (announce) => this.#compress(announce),
      signedIn: (user) => {
        this.#observer.signedIn(user);
        this.#trace?.signedIn(user);
        this.#deps.presence.signedIn();
        this.#watchIdle();
      },
    });
  }

  #attach(socket: Socket): void {
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 60_000);
    socket.on('data', this.#onData);
    socket.on('end', () => this.#ended());
    socket.on('error', (error) => this.#lost(error.message));
    socket.on('close', () => this.#lost('The connection is closed.'));
    if (socket.destroyed) this.#lost('The connection is closed.');
  }

  #received(chunk: Buffer): void {
    this.#progress = this.#deps.now();
    this.#heard();
    if (this.#deflated === undefined) this.#take(chunk);
    else this.#deflated.take(chunk);
  }

  #take(chunk: Buffer): void {
    this.#observer.received(chunk.length);
    this.#inbox.push(chunk);
    if (this.#inbox.buffered > this.#limits.incoming) this.#source.pause();
  }

  /** Where the session's octets come from: what is compressed pauses by itself while nobody takes it. */
  get #source(): Readable {
    return this.#deflated?.source ?? this.#socket;
  }

  #ended(): void {
    if (this.#deflated === undefined) this.#inbox.end();
    else this.#deflated.endOfInput();
  }

  /** The client is alive. Before sign-in that buys no time. */
  #heard(): void {
    this.#silent = 0;
    if (this.#session.state.name !== 'not-authenticated') this.#clock.refresh();
  }

  #resume(): void {
    if (this.#source.isPaused() && this.#inbox.buffered <= this.#limits.incoming) this.#source.resume();
  }

  #lost(reason: string): void {
    this.#gone.abort();
    this.#outgoing.close(reason);
    this.#deflated?.destroy();
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
    this.#transport = { ...this.#transport, ...security(secure) };
    this.#outgoing.become(secure);
    this.#attach(secure);
  }

  /**
   * The client must not send anything between its COMPRESS and the answer (RFC 4978 §3). Where it does so all the same,
   * what has come before the answer is written was sent by somebody who had not seen it: it stays in the inbox as it is.
   * Only what comes later is deflate. No turn of the event loop lies between `announce`, which gathers, and `flush`, which
   * writes, so nothing can come in between.
   */
  async #compress(announce: () => Promise<void>): Promise<void> {
    const socket = this.#socket;
    await this.#outgoing.flush();
    await announce();
    socket.off('data', this.#onData);
    for (let chunk: Buffer | null = socket.read(); chunk !== null; chunk = socket.read()) this.#inbox.push(chunk);
    const deflated = new Deflated(socket);
    deflated.source.on('data', (chunk: Buffer) => this.#take(chunk));
    deflated.source.on('end', () => this.#inbox.end());
    deflated.source.on('error', () => this.end('What was sent is not deflate data.'));
    this.#deflated = deflated;
    this.#transport = { ...this.#transport, compressed: true };
    socket.on('data', this.#onData);
    await this.#outgoing.flush();
    this.#outgoing.become(deflated.sink);
    socket.resume();
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
    (this.#deflated ?? this.#socket).end();
    await closed;
    clearTimeout(impatience);
  }
}

function transportOf(socket: Socket, proxied: boolean): Transport {
  const { remoteAddress = '', localAddress = '' } = socket;
  const loopback = !proxied && isLoopback(remoteAddress) && isLoopback(localAddress);
  return { ...security(socket), loopback, address: remoteAddress, proxied, compressed: false };
}

function security(socket: Socket): Pick<Transport, 'secure' | 'channelBinding'> {
  if (!(socket instanceof TLSSocket)) return { secure: false };
  const channelBinding = channelBindingOf(socket);
  return { secure: true, ...(channelBinding === undefined ? {} : { channelBinding }) };
}

function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address);
}
