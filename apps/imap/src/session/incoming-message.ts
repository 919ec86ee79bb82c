/** The message literal of one APPEND, on its way from the inbox to the store. */
import { MessageIncomplete, type MessageLiteral } from '../commands/context.ts';
import type { Inbox } from './inbox.ts';

export class IncomingMessage implements MessageLiteral {
  readonly chunks: AsyncIterable<Uint8Array>;
  readonly #inbox: Inbox;
  readonly #ask: () => Promise<void>;
  #ended = false;
  #failure: string | undefined;

  /** @param ask tells the client to go on, where it waits for that. */
  constructor(inbox: Inbox, ask: () => Promise<void>) {
    this.#inbox = inbox;
    this.#ask = ask;
    this.chunks = this.#read();
  }

  get failure(): string | undefined {
    return this.#failure;
  }

  /** After the handler: octets that nobody wanted are skipped. */
  finish(): void {
    if (!this.#ended) this.#inbox.refuse();
    this.#ended = true;
  }

  async *#read(): AsyncGenerator<Uint8Array, void, void> {
    await this.#ask();
    this.#inbox.accept();
    for (;;) {
      const frame = await this.#inbox.next();
      if (frame?.kind === 'append-data') {
        yield frame.chunk;
        continue;
      }
      this.#ended = true;
      if (frame?.kind !== 'append-end') throw new MessageIncomplete('The connection ended within the message.');
      if (frame.failure === undefined) return;
      this.#failure = frame.failure.message;
      throw new MessageIncomplete(frame.failure.message);
    }
  }
}
