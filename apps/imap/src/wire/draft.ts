/** A command while it is being gathered: its lines and literals in one piece, as they came. */
import type { Announcement } from './announcement.ts';
import type { LiteralSpan, RawCommand } from './frame.ts';
import { readTag } from './tag.ts';

export class Draft {
  #bytes = new Uint8Array(0);
  #used = 0;
  #literals: LiteralSpan[] = [];
  /** Octets outside literals, line ends included. */
  textOctets = 0;
  literalOctets = 0;

  get isEmpty(): boolean {
    return this.#used === 0;
  }

  get literalCount(): number {
    return this.#literals.length;
  }

  /** The tag, once the first line is there and begins with a legal one. */
  get tag(): string | undefined {
    return readTag(this.#bytes.subarray(0, this.#used));
  }

  /** Adds a line (`text` with its end) that announces a literal. */
  addAnnouncing(line: Uint8Array, text: Uint8Array, { width, length, binary }: Announcement): void {
    const announced = this.#used + text.length - width;
    this.#append(line);
    this.textOctets += line.length;
    this.#literals.push({ announced, start: this.#used, length, binary });
  }

  /** Room for the literal just announced, so that its octets are copied once. */
  reserve(length: number): void {
    this.#grow(this.#used + length);
    this.literalOctets += length;
  }

  addLiteralOctets(octets: Uint8Array): void {
    this.#append(octets);
  }

  /** What is there so far. */
  sofar(): RawCommand {
    return { bytes: this.#bytes.subarray(0, this.#used), literals: this.#literals };
  }

  /** The whole command, whose last line is `text`. A command of one line is not copied. */
  finish(text: Uint8Array): RawCommand {
    if (this.isEmpty) return { bytes: text, literals: [] };
    this.#append(text);
    return this.sofar();
  }

  #append(octets: Uint8Array): void {
    this.#grow(this.#used + octets.length);
    this.#bytes.set(octets, this.#used);
    this.#used += octets.length;
  }

  #grow(needed: number): void {
    if (needed <= this.#bytes.length) return;
    const bytes = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
    bytes.set(this.#bytes.subarray(0, this.#used));
    this.#bytes = bytes;
  }
}
