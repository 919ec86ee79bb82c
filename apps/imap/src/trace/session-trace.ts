/** One session's side of the traces that it is in. */
import { TRACE } from '../limits.ts';
import type { CommandBody, CommandName, ParseFailure } from '../wire/command.ts';
import type { SerializeOptions } from '../wire/options.ts';
import type { Response } from '../wire/response.ts';
import { commandText, HIDDEN } from './commands.ts';
import type { Recording } from './recording.ts';
import { responseText } from './responses.ts';

interface Owner {
  readonly signedIn: (user: string) => void;
  readonly closed: () => void;
}

export class SessionTrace {
  readonly id: string;
  readonly #owner: Owner;
  readonly #recordings = new Set<Recording>();
  #user: string | undefined;

  constructor(id: string, owner: Owner) {
    this.id = id;
    this.#owner = owner;
  }

  get user(): string | undefined {
    return this.#user;
  }

  get recordings(): ReadonlySet<Recording> {
    return this.#recordings;
  }

  add(recording: Recording): void {
    this.#recordings.add(recording);
    this.#write('-', 'this session is in the trace from here on');
  }

  remove(recording: Recording): void {
    this.#recordings.delete(recording);
  }

  signedIn(user: string): void {
    this.#user = user;
    this.#owner.signedIn(user);
    if (this.#recordings.size > 0) this.#write('-', `signed in as ${JSON.stringify(user)}`);
  }

  closed(): void {
    if (this.#recordings.size > 0) this.#write('-', 'closed');
    this.#recordings.clear();
    this.#owner.closed();
  }

  command(tag: string, body: CommandBody): void {
    if (this.#recordings.size > 0) this.#write('C', `${this.#tag(tag)} ${commandText(body)}`);
  }

  /**
   * What came was no command. Nothing of it shows, its tag neither: a client that is out of step sends an answer of
   * AUTHENTICATE where a command should be.
   */
  noCommand({ kind }: ParseFailure): void {
    if (this.#recordings.size === 0) return;
    this.#write('C', `${HIDDEN} (${kind})`);
    this.#write('S', `${HIDDEN} BAD or NO (${kind})`);
  }

  /** A line within a command: the answers of a sign-in are never shown. */
  line(command: CommandName | undefined, octets: Uint8Array): void {
    if (this.#recordings.size === 0) return;
    const isDone = command === 'IDLE' && /^done\s*$/i.test(Buffer.from(octets).toString('latin1'));
    this.#write('C', isDone ? 'DONE' : HIDDEN);
  }

  response(response: Response, options: SerializeOptions): void {
    if (this.#recordings.size === 0) return;
    if (response.type === 'fetches') {
      for (const message of response.messages) this.response({ type: 'fetch', ...message }, options);
      return;
    }
    const shown = response.type === 'tagged' ? { ...response, tag: this.#tag(response.tag) } : response;
    this.#write('S', responseText(shown, options, TRACE.response));
  }

  /** Before sign-in a client that is out of step may have a password where a tag should be. */
  #tag(tag: string): string {
    return this.#user === undefined ? HIDDEN : tag;
  }

  #write(direction: 'C' | 'S' | '-', text: string): void {
    for (const recording of this.#recordings) recording.line(this.id, `${direction} ${text}`);
  }
}
