/** The message literals of one APPEND, on their way from the inbox to the store (RFC 3502; the frames: wire/framer.ts). */
import { type IncomingMessage, MessageIncomplete } from '../commands/context.ts';
import type { AppendedMessage } from '../wire/command.ts';
import type { Inbox } from './inbox.ts';

/** A message whose head is here and whose octets nobody has asked for. */
interface Announced {
  readonly attributes: AppendedMessage;
  readonly synchronizing: boolean;
}

export class IncomingAppend {
  readonly messages: AsyncIterable<IncomingMessage>;
  readonly #inbox: Inbox;
  readonly #ask: () => Promise<void>;
  #next: Announced | undefined;
  #ended = false;
  #failure: string | undefined;
  #outOfStep = false;

  /** @param ask tells the client to go on, where it waits for that. */
  constructor(inbox: Inbox, first: Announced, ask: () => Promise<void>) {
    this.#inbox = inbox;
    this.#next = first;
    this.#ask = ask;
    this.messages = this.#read();
  }

  get failure(): string | undefined {
    return this.#failure;
  }

  /** Nobody can tell where the client's next command begins. */
  get outOfStep(): boolean {
    return this.#outOfStep;
  }

  /** After the handler: octets that nobody wanted are skipped. */
  finish(): void {
    if (!this.#ended) this.#inbox.refuse();
    this.#ended = true;
  }

  async *#read(): AsyncGenerator<IncomingMessage, void, void> {
    for (let message = this.#next; message !== undefined; message = this.#next) {
      this.#next = undefined;
      const chunks = this.#chunks(message.synchronizing);
      yield { attributes: message.attributes, chunks };
      // What the store did not take still has to pass by before the next head can be read.
      for await (const _ of chunks);
    }
  }

  async *#chunks(synchronizing: boolean): AsyncGenerator<Uint8Array, void, void> {
    if (synchronizing) await this.#ask();
    this.#inbox.accept();
    for (;;) {
      const frame = await this.#inbox.next();
      switch (frame?.kind) {
        case 'append-data':
          yield frame.chunk;
          break;
        case 'append-next':
          this.#next = { attributes: frame.message, synchronizing: frame.synchronizing };
          return;
        case 'append-end':
          this.#ended = true;
          if (frame.failure === undefined) return;
          this.#failure = frame.failure.message;
          this.#outOfStep = !Number.isFinite(frame.skipping);
          throw new MessageIncomplete(frame.failure.message);
        default:
          this.#ended = true;
          throw new MessageIncomplete('The connection ended within the message.');
      }
    }
  }
}
