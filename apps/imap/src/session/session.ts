/**
 * One client's session: takes commands out of the inbox one after the other, runs them, and sends what they yield.
 *
 * The order of a command: where a mailbox is selected, look at the disk first, so that no handler works on a past that
 * somebody else has changed; run; drain what the view has to tell; then the tagged response (RFC 3501 §5.2, §7). The
 * session knows no sockets: everything that touches one is behind `SessionPorts`.
 */
import type { SignIn } from '../auth/sign-in.ts';
import {
  type Context,
  type Line,
  no,
  type Outcome,
  type Run,
  type SessionState,
  type Transport,
} from '../commands/context.ts';
import { farewell, STORE_REPLACED, storeReplaced } from '../commands/farewell.ts';
import { BAD_COMMANDS, FAILED_SIGN_INS } from '../limits.ts';
import { isIndexReplaced } from '../mailbox/store.ts';
import type { Mail } from '../mailbox/user-mail.ts';
import type { CommandBody, CommandName, ParseFailure } from '../wire/command.ts';
import type { Frame } from '../wire/frame.ts';
import { AFTER_SIGN_IN } from '../wire/limits.ts';
import { parseCommand } from '../wire/parse.ts';
import type { Condition, Response } from '../wire/response.ts';
import { Breather } from './breather.ts';
import { capabilitiesIn } from './capabilities.ts';
import { dispatch, expungeRule } from './dispatch.ts';
import type { Inbox } from './inbox.ts';
import { IncomingMessage } from './incoming-message.ts';

/** What somebody outside wants to know of sessions. */
export interface SessionObserver {
  /** A command ended. `durationMs` is the time it took. */
  command(name: CommandName, condition: Condition, durationMs: number): void;
  /** Something failed that is not the client's fault. No mail content. */
  trouble(message: string, error?: unknown): void;
  /** A sign-in was refused: somebody mistypes, or guesses. */
  signInRefused(): void;
}

export interface SessionPorts {
  readonly inbox: Inbox;
  readonly transport: Transport;
  /** Takes a response on its way; waits while too much is on its way already. Rejects when there is no way any more. */
  send(response: Response): Promise<void>;
  /** Says what `announce` sends, turns TLS on, and forgets what the client sent before (RFC 3501 §6.2.1). */
  startTls(announce: () => Promise<void>): Promise<void>;
  /** The session has signed in. */
  signedIn(user: string): void;
  readonly signIn: SignIn;
  readonly mail: Mail;
  readonly observer: SessionObserver;
  /** Milliseconds on a clock that never jumps. */
  now(): number;
}

const NO_MESSAGE = {
  chunks: (async function* (): AsyncGenerator<Uint8Array, void, void> {})(),
  failure: undefined,
};

export class Session {
  readonly #ports: SessionPorts;
  readonly #breather: Breather;
  readonly #context: Context;
  #state: SessionState = { name: 'not-authenticated' };
  #message: IncomingMessage | undefined;
  #badCommands = 0;
  #failedSignIns = 0;
  #farewell: string | undefined;
  #forgetStore: () => void = () => {};

  constructor(ports: SessionPorts) {
    this.#ports = ports;
    this.#breather = new Breather(ports.now);
    this.#context = this.#makeContext();
  }

  get state(): SessionState {
    return this.#state;
  }

  /** From the greeting to the end. Rejects when the connection fails; either way everything is let go. */
  async run(): Promise<void> {
    try {
      const capabilities = this.#context.capabilities();
      const code = { code: 'CAPABILITY', capabilities } as const;
      await this.#ports.send({ type: 'greeting', condition: 'OK', code, text: 'Scorpiox ready.' });
      await this.#loop();
      if (this.#farewell !== undefined) await this.#ports.send({ type: 'bye', text: this.#farewell });
    } finally {
      await this.#become({ name: 'logout' });
    }
  }

  /** Ends the session after the command that runs, with this BYE. */
  end(text: string): void {
    this.#farewell ??= text;
    this.#ports.inbox.end();
  }

  async #loop(): Promise<void> {
    while (this.#state.name !== 'logout' && this.#farewell === undefined) {
      const frame = await this.#ports.inbox.next();
      if (frame === undefined) return;
      await this.#handle(frame);
    }
  }

  async #handle(frame: Frame): Promise<void> {
    const { inbox } = this.#ports;
    switch (frame.kind) {
      case 'command': {
        const command = parseCommand(frame.raw);
        if (!command.ok) return this.#answerFailure(command.error);
        this.#badCommands = 0;
        return this.#perform(command.value.tag, command.value.body);
      }
      case 'literal-wanted':
        await this.#ports.send({ type: 'continue', text: 'Ready for more.' });
        return inbox.accept();
      case 'append':
        return this.#performAppend(frame);
      case 'rejected':
        if (!Number.isFinite(frame.skipping)) this.#farewell = 'The stream is out of step.';
        return this.#answerFailure(frame.failure);
      case 'append-data':
      case 'append-end':
      case 'line':
        // The inbox hands these out only to those who ask for them.
        throw new Error(`A frame out of place: ${frame.kind}`);
    }
  }

  async #performAppend({ head, synchronizing }: Frame & { kind: 'append' }): Promise<void> {
    const ask = async () => {
      if (synchronizing) await this.#ports.send({ type: 'continue', text: 'Ready for the message.' });
    };
    const message = new IncomingMessage(this.#ports.inbox, ask);
    this.#message = message;
    this.#badCommands = 0;
    try {
      await this.#perform(head.tag, head.body, () => message.finish());
    } finally {
      this.#message = undefined;
    }
  }

  async #perform(tag: string, body: CommandBody, settle: () => void = () => {}): Promise<void> {
    const began = this.#ports.now();
    this.#breather.start();
    const outcome = await this.#outcomeOf(body);
    settle();
    this.#ports.observer.command(body.name, outcome.condition, this.#ports.now() - began);
    if (outcome.next === 'gone') return;
    if (outcome.next === 'bye') return this.#lastWords(outcome);
    if (outcome.next === 'abandon-store') this.#abandonStore();
    else for (const response of this.#notices(body)) await this.#ports.send(response);
    await this.#finish(tag, outcome);
    this.#countSignIns(outcome);
  }

  async #outcomeOf(body: CommandBody): Promise<Outcome> {
    if (this.#state.name !== 'selected') return this.#follow(() => dispatch(this.#context, body.name, body));
    const synced = await this.#state.view.sync().catch((error: unknown) => this.#fault(error));
    if ('condition' in synced) return synced;
    if (synced.kind === 'lost') return farewell(synced.why);
    if (synced.kind === 'failed')
      this.#ports.observer.trouble(`A mailbox could not be looked at: ${synced.error.code}.`);
    return this.#follow(() => dispatch(this.#context, body.name, body));
  }

  /** Sends what the handler yields. Its own failures become a NO; failures to send are the connection's end. */
  async #follow(begin: () => Run): Promise<Outcome> {
    const run = begin();
    if (!(Symbol.asyncIterator in run)) return run.catch((error: unknown) => this.#fault(error));
    try {
      for (;;) {
        const step = await run.next().catch((error: unknown) => ({ done: true as const, value: this.#fault(error) }));
        if (step.done === true) return step.value;
        await this.#ports.send(step.value);
      }
    } finally {
      // Ends it where sending failed, so that it closes what it has open. After its end this does nothing.
      await run.return(no(''));
    }
  }

  #fault(error: unknown): Outcome {
    if (isIndexReplaced(error)) return storeReplaced();
    this.#ports.observer.trouble('A command failed.', error);
    return no('Something went wrong in the server; it has been noted.', { code: 'SERVERBUG' });
  }

  /** What the view has to tell with the answer. Where the index cannot be read it waits for the next command. */
  #notices(body: CommandBody): readonly Response[] {
    const rule = expungeRule(body.name, body);
    if (this.#state.name !== 'selected' || rule === 'silent') return [];
    const withUid = 'uid' in body ? body.uid : body.name === 'UID EXPUNGE';
    try {
      return this.#state.view.drain({ allowExpunge: rule === 'allow', withUid });
    } catch (error) {
      if (isIndexReplaced(error)) this.#abandonStore();
      else this.#ports.observer.trouble('Changes in a mailbox could not be told.', error);
      return [];
    }
  }

  async #finish(tag: string, { condition, code, text, next }: Outcome): Promise<void> {
    const send = () =>
      this.#ports.send({ type: 'tagged', tag, condition, text, ...(code === undefined ? {} : { code }) });
    if (next === 'start-tls') return this.#ports.startTls(send);
    await send();
    if (next === 'close') await this.#become({ name: 'logout' });
  }

  async #lastWords({ code, text }: Outcome): Promise<void> {
    await this.#ports.send({ type: 'bye', text, ...(code === undefined ? {} : { code }) });
    await this.#become({ name: 'logout' });
  }

  /** Ends all sessions of the store, this one included. */
  #abandonStore(): void {
    this.#ports.observer.trouble(
      'The index of a mail store was replaced; the store is opened anew at the next sign-in.',
    );
    if ('mail' in this.#state) this.#state.mail.value.abandon();
  }

  #countSignIns({ code }: Outcome): void {
    if (code?.code !== 'AUTHENTICATIONFAILED') return;
    this.#ports.observer.signInRefused();
    this.#failedSignIns += 1;
    if (this.#failedSignIns >= FAILED_SIGN_INS) this.#farewell ??= 'Too many refused sign-ins.';
  }

  async #answerFailure({ tag, kind, message }: ParseFailure): Promise<void> {
    this.#badCommands += 1;
    await this.#ports.send(failureResponse(tag, kind, message));
    const limit = this.#state.name === 'not-authenticated' ? BAD_COMMANDS.beforeSignIn : BAD_COMMANDS.afterSignIn;
    if (this.#badCommands >= limit) this.#farewell ??= 'Too many bad commands.';
  }

  async #become(next: SessionState): Promise<void> {
    const before = this.#state;
    this.#state = next;
    if (before.name === 'not-authenticated' && next.name === 'authenticated') {
      this.#ports.inbox.setLimits(AFTER_SIGN_IN);
      this.#ports.signedIn(next.user);
      this.#forgetStore = next.mail.value.onAbandoned(() => this.end(STORE_REPLACED));
    }
    try {
      if (before.name === 'selected') await before.hub.release();
    } finally {
      if (next.name === 'logout') this.#forgetStore();
      if (next.name === 'logout' && 'mail' in before) await before.mail.release();
    }
  }

  #makeContext(): Context {
    const ports = this.#ports;
    const stateOf = () => this.#state;
    const messageOf = () => this.#message ?? NO_MESSAGE;
    return {
      signIn: ports.signIn,
      mail: ports.mail,
      get transport() {
        return ports.transport;
      },
      get state() {
        return stateOf();
      },
      client: {
        line: (limit) => readLine(ports.inbox, limit),
        get message() {
          return messageOf();
        },
      },
      become: (next) => this.#become(next),
      capabilities: () => capabilitiesIn(this.#state.name, ports.transport),
      breathe: () => this.#breather.breathe(),
      report: (message, error) => ports.observer.trouble(message, error),
    };
  }
}

async function readLine(inbox: Inbox, limit: number): Promise<Line> {
  const frame = await inbox.next('line');
  if (frame === undefined) return { kind: 'gone' };
  return frame.kind === 'line' && frame.bytes.length <= limit ? frame : { kind: 'too-long' };
}

function failureResponse(tag: string | undefined, kind: ParseFailure['kind'], text: string): Response {
  const condition: Condition = kind === 'bad-charset' || kind === 'bad-mailbox-name' ? 'NO' : 'BAD';
  const code = kind === 'bad-charset' ? ({ code: 'BADCHARSET', charsets: ['US-ASCII', 'UTF-8'] } as const) : undefined;
  const said = { condition, text, ...(code === undefined ? {} : { code }) };
  return tag === undefined ? { type: 'untagged', ...said } : { type: 'tagged', tag, ...said };
}
