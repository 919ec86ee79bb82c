/** Cuts chunks into lines, keeping no more of a line than its reader wants to see. */
import { binary } from './octets.ts';

interface LineSink {
  /** How many octets of the next line's beginning `line` needs. */
  readonly keep: number;
  /** Whether a line that begins with this octet matters only by its end: `pass` is told of it then, and not `line`. */
  ignores(first: number): boolean;
  pass(lineEnd: number): void;
  /**
   * A line with its end (the last one may have none): the kept octets, where it begins, how long it is, and how many
   * octets of that are its end (CRLF 2, LF 1).
   */
  line(kept: Uint8Array, start: number, length: number, lineEnd: number): void;
}

const CR = 13;

export class LineSplitter {
  readonly #sink: LineSink;
  #offset = 0;
  #start = 0;
  /** The beginning of a line whose end has not come, as far as it is kept. */
  #held: Uint8Array[] = [];
  #heldOctets = 0;
  /** The last octet of the chunk before. */
  #last = 0;

  constructor(sink: LineSink) {
    this.#sink = sink;
  }

  /** Octets pushed so far. */
  get offset(): number {
    return this.#offset;
  }

  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    // As a string of one character per octet, which is searched in a fifth of the time that the octets take.
    const text = binary(chunk);
    let from = 0;
    for (let lf = text.indexOf('\n'); lf !== -1; lf = text.indexOf('\n', from)) {
      const before = lf > from ? text.charCodeAt(lf - 1) : from === 0 ? this.#last : 0;
      const lineEnd = before === CR ? 2 : 1;
      const next = this.#offset + lf + 1;
      const isWhole = this.#start === this.#offset + from;
      if (isWhole && this.#sink.ignores(text.charCodeAt(from))) {
        this.#start = next;
        this.#sink.pass(lineEnd);
      } else this.#end(chunk.subarray(from, lf + 1), next, lineEnd);
      from = lf + 1;
    }
    if (from < chunk.length) this.#hold(chunk.subarray(from));
    this.#offset += chunk.length;
    this.#last = chunk[chunk.length - 1] ?? 0;
  }

  /** The last line, when it has no end. */
  end(): void {
    if (this.#start < this.#offset) this.#end(new Uint8Array(0), this.#offset, 0);
  }

  #end(rest: Uint8Array, next: number, lineEnd: number): void {
    const whole = this.#heldOctets === 0 ? rest : this.#joined(rest);
    const start = this.#start;
    this.#start = next;
    this.#sink.line(whole.subarray(0, this.#sink.keep), start, next - start, lineEnd);
  }

  #joined(rest: Uint8Array): Uint8Array {
    this.#hold(rest);
    const whole = Buffer.concat(this.#held);
    this.#held = [];
    this.#heldOctets = 0;
    return whole;
  }

  #hold(octets: Uint8Array): void {
    const room = this.#sink.keep - this.#heldOctets;
    if (room <= 0) return;
    this.#held.push(octets.slice(0, room)); // a copy: the chunk must not be kept alive for a few octets of it
    this.#heldOctets += Math.min(room, octets.length);
  }
}
