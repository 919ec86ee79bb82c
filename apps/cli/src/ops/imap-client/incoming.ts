/**
 * Octets that come, taken only when somebody asks for them: what nobody asks for stays in the socket, then in the
 * kernel, then with the server. So memory is bounded, and a reader can be as slow as it likes.
 */
import type { Duplex } from 'node:stream';
import { ImapError } from './errors.ts';

const LF = 0x0a;
const CR = 0x0d;
const NOTHING = Buffer.alloc(0);
const EVENTS = ['readable', 'end', 'close'];

export class Incoming {
  readonly #patience: number;
  #socket: Duplex;
  #held: Buffer = NOTHING;
  #failure: Error | undefined;
  /** When the server last took something. */
  #moved = 0;
  /** What the server said when it hung up. */
  #farewell = '';

  /** @param patience milliseconds without an octet, while one is waited for, until the server is taken for stalled. */
  constructor(socket: Duplex, patience: number) {
    this.#patience = patience;
    this.#socket = socket;
    this.#watch();
  }

  /** Goes on with another socket; whatever the one before has left is lost. */
  become(socket: Duplex): void {
    this.#socket = socket;
    this.#held = NOTHING;
    this.#watch();
  }

  /** Whether octets are here that nobody has asked for yet. */
  get hasMore(): boolean {
    return this.#held.length > 0 || this.#socket.readableLength > 0;
  }

  /** The server takes what it is sent: as long as it does so it has stalled no more than if it spoke. */
  alive(): void {
    this.#moved = performance.now();
  }

  /** The reason that errors give for an end from now on. */
  bye(text: string): void {
    this.#farewell = text;
  }

  /** A line without its end; a bare LF ends one too. Rejects with `protocol` where it is longer than `limit` octets. */
  async line(limit: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (let length = 0; ; ) {
      const chunk = await this.#next();
      const end = chunk.indexOf(LF);
      const part = end === -1 ? chunk : chunk.subarray(0, end);
      length += part.length;
      if (length > limit) throw new ImapError('protocol', `The server sent a line of more than ${limit} octets.`);
      parts.push(part);
      if (end === -1) continue;
      this.#held = chunk.subarray(end + 1);
      const line = parts.length === 1 ? part : Buffer.concat(parts);
      return line.at(-1) === CR ? line.subarray(0, -1) : line;
    }
  }

  /** So many octets, in the pieces in which they come. */
  async *take(length: number): AsyncGenerator<Buffer> {
    for (let left = length; left > 0; ) {
      const chunk = await this.#next();
      this.#held = chunk.subarray(left);
      left -= Math.min(left, chunk.length);
      yield this.#held.length === 0 ? chunk : chunk.subarray(0, chunk.length - this.#held.length);
    }
  }

  async #next(): Promise<Buffer> {
    if (this.#held.length > 0) {
      const held = this.#held;
      this.#held = NOTHING;
      return held;
    }
    for (;;) {
      const chunk: Buffer | null = this.#socket.read();
      if (chunk !== null) return chunk;
      await this.#readable();
    }
  }

  /** Resolves when octets are here, rejects at the end and where the server is silent for too long. */
  #readable(): Promise<void> {
    const socket = this.#socket;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const look = () => {
      if (socket.readableLength > 0) resolve();
      else if (socket.readableEnded || socket.destroyed) reject(this.#end());
    };
    let timer: NodeJS.Timeout;
    const wait = (ms: number) => {
      // Where this process itself was held up, what has come meanwhile is looked at first.
      timer = setTimeout(() => setImmediate(judge), ms);
    };
    const judge = () => {
      const left = this.#moved + this.#patience - performance.now();
      if (left > 0) wait(left);
      else reject(this.#silence());
    };
    wait(this.#patience);
    for (const event of EVENTS) socket.on(event, look);
    look();
    return promise.finally(() => {
      clearTimeout(timer);
      for (const event of EVENTS) socket.off(event, look);
    });
  }

  #watch(): void {
    this.#socket.on('error', (error) => {
      this.#failure ??= error;
    });
  }

  #end(): ImapError {
    if (this.#failure instanceof ImapError) return this.#failure;
    const why = this.#farewell || this.#failure?.message;
    return new ImapError('closed', `The server hung up${why === undefined ? '' : `: ${why}`}.`.replace('..', '.'));
  }

  #silence(): ImapError {
    return new ImapError('silent', `The server has said nothing for ${this.#patience / 1000} s.`);
  }
}
