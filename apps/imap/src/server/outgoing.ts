/**
 * Responses on their way to the socket: the only writer. Octets are gathered for one turn of the event loop and written
 * together; once the socket says stop, senders wait until it has drained. So what is held for a client that reads
 * slowly is one write of ours and the socket's own buffer, whatever the size of a message.
 */
import type { SerializeOptions } from '../wire/options.ts';
import type { Response } from '../wire/response.ts';
import { type Piece, serialize } from '../wire/serialize.ts';

/** The part of a socket that is needed here. */
export interface Sink {
  /** False: the octets are taken, but wait for 'drain' before giving more. `taken` is called when they are on their way. */
  write(chunk: Uint8Array, taken: (error?: Error | null) => void): boolean;
  once(event: 'drain', listener: () => void): unknown;
}

/** The connection is gone, or cannot go on: nothing more can be sent. */
export class Disconnected extends Error {
  override readonly name = 'Disconnected';
}

export class Outgoing {
  readonly #limit: number;
  #sink: Sink;
  #gathered: Uint8Array[] = [];
  #length = 0;
  #flushing: NodeJS.Immediate | undefined;
  #full = false;
  #closed: string | undefined;
  #waiting: (() => void)[] = [];
  #progress: () => void = () => {};
  #taken: (octets: number) => void = () => {};
  #giving: () => void = () => {};

  /** @param limit octets gathered before they are written at once. */
  constructor(sink: Sink, limit: number) {
    this.#sink = sink;
    this.#limit = limit;
  }

  /** Whether octets wait for the client to take them. */
  get waits(): boolean {
    return this.#full;
  }

  /** Octets gathered here; the socket holds others. */
  get gathered(): number {
    return this.#length;
  }

  /** Called when the client took what had filled the socket. */
  onProgress(listener: () => void): void {
    this.#progress = listener;
  }

  /** Called with the number of octets whenever some are out of this process, or with the deflater. */
  onTaken(listener: (octets: number) => void): void {
    this.#taken = listener;
  }

  /** Called whenever octets are about to be written. */
  onGiving(listener: () => void): void {
    this.#giving = listener;
  }

  /** Sends a response. Resolves when there is room for the next; rejects with `Disconnected`. */
  async send(response: Response, options?: SerializeOptions): Promise<void> {
    for (const piece of serialize(response, options)) await this.#put(piece);
  }

  /** Resolves when everything was given to the socket and there is room again. */
  async flush(): Promise<void> {
    this.#write();
    await this.#room();
  }

  /** Goes on with another socket, after `flush`. */
  become(sink: Sink): void {
    this.#sink = sink;
    this.#full = false;
  }

  /** Nothing can be sent any more; whoever waits is told. */
  close(reason: string): void {
    this.#closed ??= reason;
    if (this.#flushing !== undefined) clearImmediate(this.#flushing);
    this.#wake();
  }

  async #put(piece: Piece): Promise<void> {
    if (piece instanceof Uint8Array) return this.#add(piece);
    let left = piece.length;
    for await (const chunk of piece.chunks) {
      left -= chunk.length;
      if (left < 0) break;
      await this.#add(chunk);
    }
    // The length was announced, so the client would take what follows for part of the literal.
    if (left !== 0) throw new Disconnected('A literal did not have the length that was announced.');
  }

  async #add(octets: Uint8Array): Promise<void> {
    if (this.#closed !== undefined) throw new Disconnected(this.#closed);
    this.#gathered.push(octets);
    this.#length += octets.length;
    if (this.#length < this.#limit) {
      this.#flushing ??= setImmediate(() => this.#write());
      return;
    }
    this.#write();
    await this.#room();
  }

  #write(): void {
    if (this.#flushing !== undefined) clearImmediate(this.#flushing);
    this.#flushing = undefined;
    if (this.#length === 0 || this.#closed !== undefined) return;
    const octets = this.#gathered.length === 1 ? this.#gathered[0] : undefined;
    const chunk = octets ?? Buffer.concat(this.#gathered, this.#length);
    this.#gathered = [];
    this.#length = 0;
    const taken = (error?: Error | null) => {
      if (error === undefined || error === null) this.#taken(chunk.length);
    };
    this.#giving();
    if (this.#sink.write(chunk, taken) || this.#full) return;
    this.#full = true;
    this.#sink.once('drain', () => this.#drained());
  }

  #drained(): void {
    this.#full = false;
    this.#progress();
    this.#wake();
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  async #room(): Promise<void> {
    while (this.#full && this.#closed === undefined) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
    if (this.#closed !== undefined) throw new Disconnected(this.#closed);
  }
}
