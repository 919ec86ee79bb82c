/**
 * A small IMAP client for the operator's commands, which need what a mail program's library hides: what goes out when,
 * and how fast what comes is taken.
 *
 * Rules:
 *  - Commands may be pipelined: `run` may be called before the one before it has ended. They go out in the order of the
 *    calls, and an untagged response goes to the oldest that runs. A server may answer a later one before it (Dovecot does,
 *    where it brings a mailbox up to date for several at once), so whoever pipelines gives them the same handlers.
 *  - Nothing is read unless a command waits for it, and the next response is read when the handler of the one before
 *    has resolved: a slow handler is a slow reader.
 *  - A handler that throws, octets that are no IMAP, silence: whatever breaks the dialogue ends the connection, and every
 *    command that runs rejects.
 *  - Memory: a response of IMAP_RESPONSE_MAX; literals of FETCH are streamed to whoever wants them, those that are sent
 *    come from an iterable.
 */
import type { Duplex } from 'node:stream';
import { type CommandParts, nameOf, type OutgoingLiteral } from './command.ts';
import { ImapError } from './errors.ts';
import { Incoming } from './incoming.ts';
import { Outgoing } from './outgoing.ts';
import { type Code, type Condition, type Data, readResponse, type Status, type TakeLiteral } from './response.ts';

export interface Handlers {
  /** Each untagged response of the command, as it comes. */
  readonly untagged?: (response: Data | Status) => void | Promise<void>;
  /** Each literal of a FETCH; without it they are held, and a large one breaks the connection. */
  readonly literal?: TakeLiteral;
}

/** How the server answered a command. */
export interface Completed {
  readonly condition: Condition;
  readonly code: Code | undefined;
  readonly text: string;
}

interface Running {
  readonly tag: string;
  readonly handlers: Handlers;
  readonly completed: PromiseWithResolvers<Completed>;
  /** Waits until the server asks for more; false where it does not want it. */
  asked: PromiseWithResolvers<boolean> | undefined;
}

export class ImapClient {
  readonly #incoming: Incoming;
  readonly #outgoing: Outgoing;
  readonly #running: Running[] = [];
  #socket: Duplex;
  #writing: Promise<void> = Promise.resolve();
  #isReading = false;
  #hasEnded = false;
  #count = 0;
  #capabilities: ReadonlySet<string> = new Set();

  /** @param patience milliseconds of silence until the server is taken for stalled. */
  constructor(socket: Duplex, patience: number) {
    this.#socket = socket;
    this.#incoming = new Incoming(socket, patience);
    this.#outgoing = new Outgoing(socket, patience, () => this.#incoming.alive());
  }

  /** What the server said last that it can do, in upper case. */
  get capabilities(): ReadonlySet<string> {
    return this.#capabilities;
  }

  /** The first response, before any command. */
  async greeting(): Promise<Status> {
    const response = await readResponse(this.#incoming);
    if (response.type !== 'status') throw new ImapError('protocol', 'The server does not begin as IMAP does.');
    if (response.condition === 'BYE') throw new ImapError('closed', `The server turns us away: ${response.text}`);
    this.#learn(response);
    return response;
  }

  /** Sends a command; resolves with the answer, whatever it is. Rejects with `ImapError` where there is none. */
  run(parts: CommandParts, handlers: Handlers = {}): Promise<Completed> {
    this.#count += 1;
    const completed = Promise.withResolvers<Completed>();
    const running: Running = { tag: `A${this.#count}`, handlers, completed, asked: undefined };
    if (this.#hasEnded) return Promise.reject(new ImapError('closed', 'The connection has ended.'));
    this.#running.push(running);
    this.#writing = this.#writing.then(() => this.#send(running, parts)).catch((error) => this.#break(error));
    void this.#read();
    return completed.promise;
  }

  /** The same for a command that is to succeed: NO and BAD are `refused`. */
  async ok(parts: CommandParts, handlers: Handlers = {}): Promise<Completed> {
    const completed = await this.run(parts, handlers);
    if (completed.condition === 'OK') return completed;
    const { condition, code, text } = completed;
    throw new ImapError('refused', `The server answers ${nameOf(parts)} with ${condition}: ${text}`, code?.name);
  }

  /** Asks what the server can do, where it has not said so by itself. */
  async learnCapabilities(): Promise<void> {
    if (this.#capabilities.size === 0) await this.ok(['CAPABILITY']);
  }

  /**
   * Goes on with another socket, TLS over this one. What the server sent before belongs to nobody: somebody in between may
   * have put it there (CVE-2021-33515 and others).
   */
  become(secure: (plain: Duplex) => Promise<Duplex>): Promise<void> {
    if (this.#incoming.hasMore) throw new ImapError('protocol', 'The server sent something between STARTTLS and TLS.');
    this.#capabilities = new Set();
    return secure(this.#socket).then((socket) => {
      this.#socket = socket;
      this.#incoming.become(socket);
      this.#outgoing.become(socket);
    });
  }

  /** Ends in good order where the server does so too. */
  async logout(): Promise<void> {
    await this.run(['LOGOUT']).catch(() => undefined); // it hung up first
    this.close();
  }

  close(): void {
    this.#break(new ImapError('closed', 'The connection has ended.'));
  }

  async #send(running: Running, parts: CommandParts): Promise<void> {
    let line = `${running.tag} `;
    for (const part of parts) {
      if (typeof part === 'string') {
        line += part;
        continue;
      }
      const isAnswer = 'answer' in part;
      const waits = isAnswer || !this.#mayFollow(part);
      const asked = waits ? this.#askedBy(running) : undefined;
      await this.#outgoing.write(`${line}${isAnswer ? '' : `{${part.length}${waits ? '' : '+'}}`}\r\n`);
      if ((await asked?.promise) === false) return; // the answer has come already
      line = isAnswer ? part.answer : '';
      if (!isAnswer) for await (const chunk of part.chunks) await this.#outgoing.write(chunk);
    }
    await this.#outgoing.write(`${line}\r\n`);
  }

  #askedBy(running: Running): PromiseWithResolvers<boolean> {
    running.asked = Promise.withResolvers<boolean>();
    return running.asked;
  }

  /** Whether a literal need not be asked for (RFC 7888): a large one is, so that a refusal does not cost its octets. */
  #mayFollow({ length }: OutgoingLiteral): boolean {
    const can = ['LITERAL+', 'LITERAL-', 'IMAP4REV2'].some((name) => this.#capabilities.has(name));
    return can && length <= 4096;
  }

  async #read(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      for (let oldest = this.#running[0]; oldest !== undefined; oldest = this.#running[0]) await this.#readOne(oldest);
    } catch (error) {
      this.#break(error);
    } finally {
      this.#isReading = false;
    }
  }

  async #readOne(oldest: Running): Promise<void> {
    const response = await readResponse(this.#incoming, oldest.handlers.literal);
    if (response.type === 'continue') {
      // Only the command that is being sent waits for it.
      for (const running of this.#running) running.asked?.resolve(true);
      return;
    }
    this.#learn(response);
    if (response.type === 'data' || response.tag === undefined) return oldest.handlers.untagged?.(response);
    this.#complete(response);
  }

  #complete({ tag, condition, code, text }: Status): void {
    const at = this.#running.findIndex((running) => running.tag === tag);
    const [running] = at === -1 ? [] : this.#running.splice(at, 1);
    if (running === undefined || condition === 'BYE' || condition === 'PREAUTH')
      throw new ImapError('protocol', 'The server answers a command that nobody sent.');
    running.asked?.resolve(false);
    running.completed.resolve({ condition, code, text });
  }

  #learn(response: Data | Status): void {
    if (response.type === 'data' && response.name === 'CAPABILITY')
      this.#capabilities = capabilitiesOf(response.values.map(String));
    if (response.type !== 'status') return;
    if (response.code?.name === 'CAPABILITY') this.#capabilities = capabilitiesOf(response.code.text.split(' '));
    if (response.condition === 'BYE') this.#incoming.bye(response.text);
  }

  #break(error: unknown): void {
    this.#hasEnded = true;
    this.#socket.destroy();
    for (const running of this.#running.splice(0)) {
      running.asked?.resolve(false);
      running.completed.reject(error);
    }
  }
}

const capabilitiesOf = (names: readonly string[]): ReadonlySet<string> =>
  new Set(names.map((name) => name.toUpperCase()));
