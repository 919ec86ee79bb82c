/**
 * What a client has sent, as its session takes it: lines of commands, then the octets of a message, then lines again.
 * Chunks come as the socket cut them; nobody here sees where.
 */
import { DataDecoder } from './data.ts';

/** A command's line without its CRLF; or what makes it none. */
export type Line =
  | { readonly kind: 'line'; readonly octets: Uint8Array }
  | { readonly kind: 'too-long' }
  /** It ended in a lone LF, or has a lone CR or a NUL in it. */
  | { readonly kind: 'malformed' };

/** The client will send no more, or nobody listens any more. */
export class InputEnded extends Error {
  override readonly name = 'InputEnded';
  readonly reason: EndReason;

  constructor(reason: EndReason) {
    super(`The input ended: ${reason}.`);
    this.reason = reason;
  }
}

/** `gone`: the client closed; `idle`: it kept silent for too long; `stopping`: this server ends; `kicked`: the operator's will. */
export type EndReason = 'gone' | 'idle' | 'stopping' | 'kicked';

const LF = 0x0a;
const CR = 0x0d;

export class Input {
  readonly #lineLimit: number;
  #chunks: Uint8Array[] = [];
  #buffered = 0;
  #ended: EndReason | undefined;
  #taken = 0;
  #wake: (() => void) | undefined;
  #onTaken: () => void = () => {};

  /** @param lineLimit octets of a command's line, CRLF included. */
  constructor(lineLimit: number) {
    this.#lineLimit = lineLimit;
  }

  /** Octets received and not taken. */
  get buffered(): number {
    return this.#buffered;
  }

  /** Counts what the session takes, lines and pieces of messages: where it stands still, the client says nothing. */
  get taken(): number {
    return this.#taken;
  }

  /** Whether the session waits for the client. */
  get waits(): boolean {
    return this.#wake !== undefined;
  }

  /** Called whenever there is more room. */
  onTaken(listener: () => void): void {
    this.#onTaken = listener;
  }

  push(chunk: Uint8Array): void {
    if (chunk.length === 0 || this.#ended !== undefined) return;
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    this.#wake?.();
  }

  /** No more will come. What has come is still taken where the client is `gone`: it may have said QUIT, or all of it. */
  end(reason: EndReason): void {
    this.#ended ??= reason;
    if (reason !== 'gone') {
      this.#ended = reason;
      this.#chunks = [];
      this.#buffered = 0;
    }
    this.#wake?.();
  }

  /** The next line. Rejects with `InputEnded`; what is no whole line by then is dropped. */
  async line(): Promise<Line> {
    const pieces: Uint8Array[] = [];
    let length = 0;
    for (;;) {
      const chunk = await this.#next();
      const end = chunk.indexOf(LF);
      const piece = end === -1 ? chunk : chunk.subarray(0, end + 1);
      length += piece.length;
      if (length <= this.#lineLimit) pieces.push(piece);
      else pieces.length = 0; // the rest of it is passed over, so that the next line is in step
      this.#take(piece.length, chunk);
      if (end === -1) continue;
      this.#taken += 1;
      return length > this.#lineLimit ? { kind: 'too-long' } : lineOf(Buffer.concat(pieces));
    }
  }

  /** The message that comes now, without stuffing, to its end. Rejects with `InputEnded` where that does not come. */
  async *data(): AsyncGenerator<Uint8Array, void, void> {
    const decoder = new DataDecoder();
    while (!decoder.ended) {
      const chunk = await this.#next();
      const pieces: Uint8Array[] = [];
      const consumed = decoder.decode(chunk, (piece) => pieces.push(piece));
      this.#taken += 1;
      yield pieces.length === 1 ? (pieces[0] ?? chunk) : Buffer.concat(pieces);
      // Only now: what is being stored still counts as held, so reading pauses while the disk is slow.
      this.#take(consumed, chunk);
    }
  }

  /** The first chunk that waits; it stays where it is. */
  async #next(): Promise<Uint8Array> {
    for (;;) {
      const chunk = this.#chunks[0];
      if (chunk !== undefined) return chunk;
      if (this.#ended !== undefined) throw new InputEnded(this.#ended);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
  }

  /** Takes so many octets of the chunk that is first, unless the input was ended meanwhile. */
  #take(octets: number, chunk: Uint8Array): void {
    if (this.#chunks[0] !== chunk) return;
    if (octets === chunk.length) this.#chunks.shift();
    else this.#chunks[0] = chunk.subarray(octets);
    this.#buffered -= octets;
    this.#onTaken();
  }
}

function lineOf(octets: Uint8Array): Line {
  const line = octets.subarray(0, -2);
  if (octets.at(-2) !== CR || line.includes(CR) || line.includes(0)) return { kind: 'malformed' };
  return { kind: 'line', octets: line };
}
