/**
 * One client's dialogue (RFC 2033): commands one after the other, and for DATA an answer for each recipient that was
 * accepted, each once the message is on disk for that one. Knows neither sockets nor files.
 *
 * What a mail server must be able to rely on: 250 is said after the store's fsync and never before; a recipient without
 * an answer may be tried again; and where the client goes away, or this server ends, in the middle of a message, nothing
 * of it was stored.
 */
import type { LmtpLimits } from '../limits.ts';
import type { StoreErrorCode } from '../mailbox/store.ts';
import { type Address, isBeyondAscii } from './address.ts';
import { type Command, parseCommand, type Sender } from './command.ts';
import type { Delivery, NewMail, Recipient } from './delivery.ts';
import { type EndReason, type Input, InputEnded, type Line } from './input.ts';
import { printReply, REPLIES, type Reply } from './reply.ts';
import type { Spool } from './spool.ts';
import { traceFields } from './trace-fields.ts';

/** Who watches. No addresses of senders, no content. */
export interface SessionObserver {
  stored(delivery: { readonly id: string; readonly user: string; readonly octets: number }): void;
  /** A recipient was refused, as there is nobody of that name. */
  unknown(): void;
  /** The message was not stored for this user, and why. */
  failed(delivery: { readonly id: string; readonly user: string; readonly code: StoreErrorCode | 'error' }): void;
  /** Something that should not happen. */
  trouble(message: string, error: unknown): void;
}

export interface SessionDeps {
  readonly input: Input;
  readonly delivery: Delivery;
  readonly observer: SessionObserver;
  readonly limits: LmtpLimits;
  /** Octets that a message may have. */
  readonly messageSize: number;
  /** This machine's name. */
  readonly host: string;
  /** The client's IP address; undefined for a Unix socket. */
  readonly address: string | undefined;
  openSpool(): Spool;
  newId(): string;
  /** Milliseconds since the epoch. */
  clock(): number;
  /** Milliseconds on a clock that never jumps. */
  now(): number;
  /** Sends text; resolves when there is room for more. */
  send(text: string): Promise<void>;
}

interface Accepted {
  readonly address: Address;
  readonly recipient: Recipient;
}

interface Transaction {
  readonly sender: Sender;
  readonly accepted: Accepted[];
}

/** What came of receiving a message: it is in the spool, or this is everybody's answer. */
type Received = { readonly spool: Spool } | { readonly answer: Reply };

const FAREWELL: Readonly<Record<Exclude<EndReason, 'gone'>, Reply>> = {
  idle: REPLIES.idle,
  stopping: REPLIES.stopping,
  kicked: REPLIES.kicked,
};

/** What goes wrong with storing, as the mail server has to hear it: all but a message too big may be better next time. */
const TROUBLE: Partial<Record<StoreErrorCode, Reply>> = {
  'quota-exceeded': REPLIES.overQuota,
  'no-space': REPLIES.noSpace,
  'too-large': REPLIES.tooBig,
};

export class Session {
  readonly #deps: SessionDeps;
  #client: string | undefined;
  #transaction: Transaction | undefined;
  #errors = 0;
  #running: { readonly name: string; readonly began: number } | undefined;

  constructor(deps: SessionDeps) {
    this.#deps = deps;
  }

  /** The command that runs, its message and answers included; `began` is on the clock `now`. */
  get running(): { readonly name: string; readonly began: number } | undefined {
    return this.#running;
  }

  /** From the greeting until the end of the dialogue. Rejects with what `send` rejects with. */
  async run(): Promise<void> {
    await this.#answer({ code: 220, lines: [`${this.#deps.host} LMTP ready`] });
    try {
      while (await this.#command(await this.#deps.input.line()));
    } catch (error) {
      if (!(error instanceof InputEnded)) throw error;
      if (error.reason !== 'gone') await this.#answer(FAREWELL[error.reason]);
    }
  }

  /** Runs a command; false after the last. */
  async #command(line: Line): Promise<boolean> {
    if (line.kind !== 'line') {
      return this.#refuse(line.kind === 'too-long' ? REPLIES.lineTooLong : REPLIES.malformed);
    }
    const command = parseCommand(line.octets);
    if (command.name === 'BAD') return this.#refuse(command.answer);
    this.#running = { name: command.name, began: this.#deps.now() };
    try {
      return await this.#run(command);
    } finally {
      this.#running = undefined;
    }
  }

  async #run(command: Exclude<Command, { readonly name: 'BAD' }>): Promise<boolean> {
    if (command.name === 'QUIT') {
      await this.#answer(REPLIES.bye);
      return false;
    }
    if (command.name === 'DATA') return this.#data();
    return this.#say(this.#simple(command));
  }

  /** Everything that has one answer and waits for nothing. */
  #simple(command: Exclude<Command, { readonly name: 'BAD' | 'QUIT' | 'DATA' }>): Reply {
    switch (command.name) {
      case 'LHLO':
        return this.#greeted(command.client);
      case 'MAIL':
        return this.#mail(command.sender);
      case 'RCPT':
        return this.#recipient(command.recipient);
      case 'RSET':
        this.#transaction = undefined;
        return REPLIES.ok;
      case 'NOOP':
        return REPLIES.ok;
      case 'VRFY':
        return REPLIES.noVerify;
      case 'HELP':
        return REPLIES.help;
    }
  }

  #greeted(client: string): Reply {
    this.#client = client;
    this.#transaction = undefined; // RFC 5321 §4.1.4: as RSET
    const { host, messageSize } = this.#deps;
    const extensions = ['PIPELINING', 'ENHANCEDSTATUSCODES', '8BITMIME', 'SMTPUTF8', `SIZE ${messageSize}`];
    return { code: 250, lines: [host, ...extensions] };
  }

  #mail(sender: Sender): Reply {
    if (this.#client === undefined) return REPLIES.greetFirst;
    if (this.#transaction !== undefined) return REPLIES.nested;
    if ((sender.size ?? 0) > this.#deps.messageSize) return REPLIES.tooBig;
    this.#transaction = { sender, accepted: [] };
    return REPLIES.sender;
  }

  #recipient(address: Address): Reply {
    const transaction = this.#transaction;
    if (transaction === undefined) return REPLIES.mailFirst;
    if (isBeyondAscii(address) && !transaction.sender.utf8) return REPLIES.utf8Recipient;
    if (transaction.accepted.length >= this.#deps.limits.recipients) return REPLIES.tooManyRecipients;
    try {
      const recipient = this.#deps.delivery.find(address);
      if (recipient === undefined) {
        this.#deps.observer.unknown();
        return REPLIES.unknownUser;
      }
      transaction.accepted.push({ address, recipient });
      return REPLIES.recipient;
    } catch (error) {
      this.#deps.observer.trouble('The accounts cannot be asked.', error);
      return REPLIES.accountsUnavailable;
    }
  }

  async #data(): Promise<boolean> {
    const transaction = this.#transaction;
    if (transaction === undefined) return this.#refuse(REPLIES.mailFirst);
    if (transaction.accepted.length === 0) return this.#refuse(REPLIES.noRecipients);
    await this.#answer(REPLIES.go);
    const spool = this.#deps.openSpool();
    try {
      const received = await this.#receive(spool);
      this.#transaction = undefined;
      await this.#deliverAll(transaction, received);
    } finally {
      await spool.close();
    }
    return true;
  }

  /** Takes the message to its end, also where it cannot be had, so that what follows is in step. */
  async #receive(spool: Spool): Promise<Received> {
    let answer: Reply | undefined;
    for await (const piece of this.#deps.input.data()) {
      if (answer !== undefined) continue;
      if (spool.size + piece.length > this.#deps.messageSize) answer = REPLIES.tooBig;
      else answer = await this.#spooled(spool, piece);
    }
    return answer === undefined ? { spool } : { answer };
  }

  async #spooled(spool: Spool, piece: Uint8Array): Promise<Reply | undefined> {
    try {
      await spool.write(piece);
      return undefined;
    } catch (error) {
      this.#deps.observer.trouble('A message cannot be spooled.', error);
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      return code === 'ENOSPC' || code === 'EDQUOT' ? REPLIES.noSpace : REPLIES.trouble;
    }
  }

  /** Some recipients at a time; the answers in the order of RCPT, each as soon as it and those before it are known. */
  async #deliverAll({ sender, accepted }: Transaction, received: Received): Promise<void> {
    if ('answer' in received) {
      for (const _ of accepted) await this.#answer(received.answer);
      return;
    }
    const id = this.#deps.newId();
    const time = this.#deps.clock();
    const started = new Map<string, Promise<Reply>>();
    const start = ({ address, recipient }: Accepted): Promise<Reply> => {
      const key = JSON.stringify([recipient.user, recipient.detail]);
      const same = started.get(key); // named twice, it is still one copy (RFC 2033 §4.2 wants two answers)
      if (same !== undefined) return same;
      const mail = this.#mailFor({ sender, recipient: address, id, time }, received.spool);
      const running = this.#deliver(id, recipient, mail);
      started.set(key, running);
      return running;
    };
    await this.#answerInTurn(accepted, start);
  }

  /**
   * Every delivery that was begun ends before this does, also where an answer cannot be sent any more: the spool is read
   * until then.
   */
  async #answerInTurn(accepted: readonly Accepted[], start: (one: Accepted) => Promise<Reply>): Promise<void> {
    const running: Promise<Reply>[] = [];
    try {
      for (const [at] of accepted.entries()) {
        for (const next of accepted.slice(running.length, at + this.#deps.limits.deliveries)) running.push(start(next));
        await this.#answer((await running[at]) ?? REPLIES.trouble);
      }
    } finally {
      await Promise.all(running);
    }
  }

  #mailFor(
    about: { readonly sender: Sender; readonly recipient: Address; readonly id: string; readonly time: number },
    spool: Spool,
  ): NewMail {
    const { host, address } = this.#deps;
    const fields = traceFields({ ...about, host, address, client: this.#client ?? 'unknown' });
    return {
      length: fields.length + spool.size,
      async *content() {
        yield fields;
        yield* spool.read();
      },
    };
  }

  /** Never rejects. */
  async #deliver(id: string, { user, ...more }: Recipient, mail: NewMail): Promise<Reply> {
    const { delivery, observer } = this.#deps;
    try {
      const stored = await delivery.deliver({ user, ...more }, mail);
      if (!stored.ok) {
        observer.failed({ id, user, code: stored.error.code });
        return TROUBLE[stored.error.code] ?? REPLIES.trouble;
      }
      observer.stored({ id, user, octets: mail.length });
      return { code: 250, status: '2.1.5', lines: [`Stored for ${user}, ${id}.`] };
    } catch (error) {
      observer.trouble('A delivery broke.', error);
      observer.failed({ id, user, code: 'error' });
      return REPLIES.trouble;
    }
  }

  /** Answers a mistake; the one that is too many is the last. */
  async #refuse(answer: Reply): Promise<boolean> {
    await this.#answer(answer);
    this.#errors += 1;
    if (this.#errors < this.#deps.limits.errors) return true;
    await this.#answer(REPLIES.tooManyErrors);
    return false;
  }

  /** Out of order counts as a mistake, too; what is wrong with a recipient or a size does not. */
  #say(answer: Reply): Promise<boolean> {
    return answer.code === 503 ? this.#refuse(answer) : this.#answer(answer).then(() => true);
  }

  #answer(answer: Reply): Promise<void> {
    return this.#deps.send(printReply(answer));
  }
}
