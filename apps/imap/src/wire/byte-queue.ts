/** Chunks of octets that wait in order. Large ones are kept as they came; small ones are packed together. */

/** A client that sends octet by octet must not cost an object per octet. */
const SMALL = 1_024;
const PACK = 8_192;
const LF = 10;

export class ByteQueue {
  #chunks: Uint8Array[] = [];
  /** Index of the first chunk still in use, and the octets of it that are used up. */
  #first = 0;
  #offset = 0;
  #length = 0;
  /** Octets from the front known to hold no LF. */
  #scanned = 0;
  /** The last chunk when it is one of our own with room left. */
  #pack: { buffer: Uint8Array; used: number } | undefined;

  get length(): number {
    return this.#length;
  }

  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#length += chunk.length;
    if (chunk.length > SMALL) {
      this.#pack = undefined;
      this.#chunks.push(chunk);
      return;
    }
    this.#packIn(chunk);
  }

  #packIn(chunk: Uint8Array): void {
    const pack = this.#pack;
    const open = pack !== undefined && this.#first < this.#chunks.length;
    if (open && pack.used + chunk.length <= pack.buffer.length) {
      pack.buffer.set(chunk, pack.used);
      pack.used += chunk.length;
      this.#chunks[this.#chunks.length - 1] = pack.buffer.subarray(0, pack.used);
      return;
    }
    if (this.#first === this.#chunks.length) {
      this.#chunks.push(chunk); // most chunks are taken at once: no copy until a second one has to wait
      this.#pack = undefined;
      return;
    }
    const buffer = new Uint8Array(PACK);
    buffer.set(chunk);
    this.#pack = { buffer, used: chunk.length };
    this.#chunks.push(buffer.subarray(0, chunk.length));
  }

  /** Offset of the first LF, or -1. Octets already looked at are not looked at again. */
  indexOfLf(): number {
    let base = -this.#offset;
    for (let i = this.#first; i < this.#chunks.length; i++) {
      const chunk = this.#chunks[i] ?? EMPTY;
      const from = Math.max(this.#scanned - base, i === this.#first ? this.#offset : 0);
      const at = from < chunk.length ? chunk.indexOf(LF, from) : -1;
      if (at !== -1) {
        this.#scanned = base + at;
        return base + at;
      }
      base += chunk.length;
    }
    this.#scanned = this.#length;
    return -1;
  }

  /** Exactly `length` octets in one piece: a view where they lie together, a copy elsewhere. */
  take(length: number): Uint8Array {
    const first = this.takeUpTo(length);
    if (first.length === length) return first;
    const whole = new Uint8Array(length);
    whole.set(first);
    for (let filled = first.length; filled < length; ) {
      const piece = this.takeUpTo(length - filled);
      if (piece.length === 0) throw new RangeError('take: more octets than are waiting');
      whole.set(piece, filled);
      filled += piece.length;
    }
    return whole;
  }

  /** A view of at least one and at most `length` octets; empty when nothing waits. */
  takeUpTo(length: number): Uint8Array {
    const chunk = this.#chunks[this.#first];
    if (chunk === undefined || length === 0) return EMPTY;
    const end = Math.min(chunk.length, this.#offset + length);
    const view = chunk.subarray(this.#offset, end);
    this.#length -= view.length;
    this.#scanned = Math.max(0, this.#scanned - view.length);
    this.#offset = end;
    if (end === chunk.length) this.#advance();
    return view;
  }

  #advance(): void {
    this.#offset = 0;
    this.#first += 1;
    if (this.#first === this.#chunks.length || this.#first >= 64) {
      this.#chunks.splice(0, this.#first);
      this.#first = 0;
    }
  }

  /** A copy of the first octets, at most `length`, which stay where they are. */
  peek(length: number): Uint8Array {
    const copy = new Uint8Array(Math.min(length, this.#length));
    let filled = 0;
    for (let i = this.#first; filled < copy.length; i++) {
      const chunk = this.#chunks[i] ?? EMPTY;
      const from = i === this.#first ? this.#offset : 0;
      const piece = chunk.subarray(from, from + copy.length - filled);
      copy.set(piece, filled);
      filled += piece.length;
    }
    return copy;
  }
}

const EMPTY = new Uint8Array(0);
