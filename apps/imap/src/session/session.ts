/**
 * One client's session: takes commands out of the inbox one after the other, runs them, and sends what they yield.
 *
 * The order of a command: where a mailbox is selected, look at the disk first, so that no handler works on a past that
 * somebody else has changed; run; drain what the view has to tell; then the tagged response (RFC 3501 §5.2, §7). The
 * session knows no sockets: everything that touches one is behind `SessionPorts`.
 */
import { bad, type Context, type Line, no, type Outcome, type Run, type SessionState } from '../commands/context.ts';
import { farewell, STORE_REPLACED, storeReplaced } from '../commands/farewell.ts';
import { BAD_COMMANDS, CONNECTION, FAILED_SIGN_INS } from '../limits.ts';
import { isIndexReplaced } from '../mailbox/store.ts';
import type { CommandBody, ParseFailure } from '../wire/command.ts';
import type { Frame } from '../wire/frame.ts';
import { AFTER_SIGN_IN } from '../wire/limits.ts';
import { parseCommand } from '../wire/parse.ts';
import type { Response } from '../wire/response.ts';
import { Breather } from './breather.ts';
import { capabilitiesIn } from './capabilities.ts';
import { dispatch, expungeRule } from './dispatch.ts';
import { enablesCondstore, needsQresync } from './enabling.ts';
import { failureResponse } from './failure-response.ts';
import { Features } from './features.ts';
import { type ClientIdentity, identityOf } from './identity.ts';
import type { Inbox } from './inbox.ts';
import { IncomingAppend } from './incoming-append.ts';
import type { Running, SessionPorts } from './ports.ts';

const NO_MESSAGES = (async function* (): AsyncGenerator<never, void, void> {})();

const OUT_OF_STEP = 'The stream is out of step.';

export class Session {
  readonly #ports: SessionPorts;
  readonly #breather: Breather;
  readonly #context: Context;
  #state: SessionState = { name: 'not-authenticated' };
  readonly #features = new Features(() => this.#state);
  #append: IncomingAppend | undefined;
  #tag = '';
  #badCommands = 0;
  #failedSignIns = 0;
  #farewell: string | undefined;
  #running: Running | undefined;
  #client: ClientIdentity | undefined;
  #forgetStore: () => void = () => {};

  constructor(ports: SessionPorts) {
    this.#ports = ports;
    this.#breather = new Breather(ports.now);
    this.#context = this.#makeContext();
  }

  get state(): SessionState {
    return this.#state;
  }

  /** The command that runs, until its answer is sent. */
  get running(): Running | undefined {
    return this.#running;
  }

  /** Who the client says it is. */
  get client(): ClientIdentity | undefined {
    return this.#client;
  }

  /** From the greeting to the end. Rejects when the connection fails; either way everything is let go. */
  async run(): Promise<void> {
    try {
      const capabilities = this.#context.capabilities();
      const code = { code: 'CAPABILITY', capabilities } as const;
      await this.#send({ type: 'greeting', condition: 'OK', code, text: 'Scorpiox ready.' });
      await this.#loop();
      if (this.#farewell !== undefined) await this.#send({ type: 'bye', text: this.#farewell });
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
        const command = parseCommand(frame.raw, this.#features);
        if (!command.ok) return this.#answerFailure(command.error);
        this.#badCommands = 0;
        return this.#perform(command.value.tag, command.value.body);
      }
      case 'literal-wanted':
        await this.#send({ type: 'continue', text: 'Ready for more.' });
        return inbox.accept();
      case 'append':
        return this.#performAppend(frame);
      case 'rejected':
        if (!Number.isFinite(frame.skipping)) this.#farewell = OUT_OF_STEP;
        return this.#answerFailure(frame.failure);
      case 'append-data':
      case 'append-next':
      case 'append-end':
      case 'line':
        // The inbox hands these out only to those who ask for them.
        throw new Error(`A frame out of place: ${frame.kind}`);
    }
  }

  async #performAppend({ head, synchronizing }: Frame & { kind: 'append' }): Promise<void> {
    const ask = () => this.#send({ type: 'continue', text: 'Ready for the message.' });
    const append = new IncomingAppend(this.#ports.inbox, { attributes: head.body.first, synchronizing }, ask);
    this.#append = append;
    this.#badCommands = 0;
    try {
      await this.#perform(head.tag, head.body, () => append.finish());
    } finally {
      this.#append = undefined;
    }
    if (append.outOfStep) this.#farewell ??= OUT_OF_STEP;
  }

  async #perform(tag: string, body: CommandBody, settle?: () => void): Promise<void> {
    const running = { name: body.name, began: this.#ports.now() };
    this.#running = running;
    this.#ports.trace?.command(tag, body);
    if (body.name === 'ID') this.#client = identityOf(body.fields);
    try {
      await this.#run(tag, body, running, settle);
    } finally {
      this.#running = undefined;
    }
  }

  async #run(tag: string, body: CommandBody, { began }: Running, settle: () => void = () => {}): Promise<void> {
    this.#breather.start();
    this.#tag = tag;
    const outcome = await this.#outcomeOf(body);
    settle();
    this.#ports.observer.command(body.name, outcome.condition, this.#ports.now() - began);
    if (outcome.code?.code === 'APPENDUID') this.#ports.observer.appended(outcome.code.uids.length);
    if (outcome.next === 'gone') return;
    if (outcome.next === 'bye') return this.#lastWords(outcome);
    if (outcome.next === 'abandon-store') this.#abandonStore();
    else await this.#tell(await this.#notices(body));
    await this.#finish(tag, outcome);
    this.#countSignIns(outcome);
    this.#ports.inbox.setOptions({ utf8: this.#features.utf8 });
  }

  async #tell(responses: Iterable<Response>): Promise<void> {
    for (const response of responses) {
      await this.#send(response);
      await this.#breather.breathe();
    }
  }

  #send(response: Response): Promise<void> {
    this.#ports.trace?.response(response, this.#features);
    return this.#sendUntraced(response);
  }

  #sendUntraced(response: Response): Promise<void> {
    const { utf8, rev2 } = this.#features;
    return this.#ports.send(response, { utf8, rev2 });
  }

  async #outcomeOf(body: CommandBody): Promise<Outcome> {
    if (needsQresync(body) && !this.#features.qresync) return bad('ENABLE QRESYNC comes first.');
    if ('mail' in this.#state && enablesCondstore(body)) this.#features.enable('CONDSTORE');
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
        await this.#send(step.value);
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
  async #notices(body: CommandBody): Promise<Iterable<Response>> {
    const rule = expungeRule(body.name, body);
    if (this.#state.name !== 'selected' || rule === 'silent') return [];
    const withUid = 'uid' in body ? body.uid : body.name === 'UID EXPUNGE';
    try {
      await this.#state.view.takeIn();
      return this.#state.view.drain({ allowExpunge: rule === 'allow', withUid });
    } catch (error) {
      if (isIndexReplaced(error)) this.#abandonStore();
      else this.#ports.observer.trouble('Changes in a mailbox could not be told.', error);
      return this.#state.view.behind();
    }
  }

  async #finish(tag: string, { condition, code, text, next }: Outcome): Promise<void> {
    const send = () => this.#send({ type: 'tagged', tag, condition, text, ...(code === undefined ? {} : { code }) });
    if (next === 'start-tls') return this.#ports.startTls(send);
    if (next === 'compress' && this.#ports.compress !== undefined) return this.#ports.compress(send);
    await send();
    if (next === 'close') await this.#become({ name: 'logout' });
  }

  async #lastWords({ code, text }: Outcome): Promise<void> {
    await this.#send({ type: 'bye', text, ...(code === undefined ? {} : { code }) });
    await this.#become({ name: 'logout' });
  }

  /** Ends all sessions of the store, this one included. */
  #abandonStore(): void {
    this.#ports.observer.trouble(
      'The index of a mail store was replaced; the store is opened anew at the next sign-in.',
    );
    if ('mail' in this.#state) this.#state.mail.value.abandon();
  }

  #countSignIns({ code, refusal }: Outcome): void {
    if (refusal !== undefined) this.#ports.observer.signInRefused(refusal);
    if (code?.code !== 'AUTHENTICATIONFAILED') return;
    this.#failedSignIns += 1;
    if (this.#failedSignIns >= FAILED_SIGN_INS) this.#farewell ??= 'Too many refused sign-ins.';
  }

  async #answerFailure(failure: ParseFailure): Promise<void> {
    const { tag, kind, message, saves, deselects } = failure;
    this.#ports.trace?.noCommand(failure);
    if (saves === true) this.#features.saved = [];
    if (deselects === true && this.#state.name === 'selected') await this.#deselect(this.#state);
    this.#badCommands += 1;
    this.#ports.observer.badCommand();
    await this.#sendUntraced(failureResponse(tag, kind, message));
    const limit = this.#state.name === 'not-authenticated' ? BAD_COMMANDS.beforeSignIn : BAD_COMMANDS.afterSignIn;
    if (this.#badCommands >= limit) this.#farewell ??= 'Too many bad commands.';
  }

  /** What a SELECT does that cannot even say which mailbox it means. */
  async #deselect({ user, mail }: Extract<SessionState, { name: 'selected' }>): Promise<void> {
    await this.#become({ name: 'authenticated', user, mail });
    const closed = { condition: 'OK', code: { code: 'CLOSED' }, text: 'The mailbox before is closed.' } as const;
    await this.#sendUntraced({ type: 'untagged', ...closed });
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
    const { messageSize = CONNECTION.messageSize } = ports;
    const stateOf = () => this.#state;
    const appendOf = () => this.#append;
    const tagOf = () => this.#tag;
    const runningOf = () => this.#running;
    return {
      get tag() {
        return tagOf();
      },
      session: this.#features,
      keepAlive: ports.keepAlive ?? CONNECTION.keepAlive,
      messageSize,
      admit: async (user) => (await ports.admit?.(user)) ?? true,
      ...(ports.gone === undefined ? {} : { gone: ports.gone }),
      signIn: ports.signIn,
      mail: ports.mail,
      get transport() {
        return ports.transport;
      },
      get state() {
        return stateOf();
      },
      client: {
        line: async (limit) => {
          const line = await readLine(ports.inbox, limit);
          if (line.kind === 'line') ports.trace?.line(runningOf()?.name, line.bytes);
          return line;
        },
        get messages() {
          return appendOf()?.messages ?? NO_MESSAGES;
        },
        message: {
          get failure() {
            return appendOf()?.failure;
          },
        },
      },
      become: (next) => this.#become(next),
      capabilities: () => capabilitiesIn(this.#state.name, ports.transport, messageSize),
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
