/*
 * The protobuf wire format (protobuf.dev/programming-guides/encoding), reading only.
 *
 * By hand, because these bytes come from anybody: a cursor over one buffer copies nothing but the texts it is asked for,
 * never reads beyond the message it is in, knows no recursion of its own, and every value that it hands out is paid for
 * from an allowance that the whole body shares. Groups, which protobuf gave up long ago, are malformed.
 */

/** The bytes or the JSON are not what the schema says. The message, or the whole body, is not to be read. */
export class Malformed extends Error {}

/** The body holds more values than a batch may; nothing of it is read. */
export class TooManyValues extends Error {}

/** How many more values a body may hold. */
export class Allowance {
  #left: number;

  constructor(values: number) {
    this.#left = values;
  }

  /** Throws `TooManyValues`. */
  spend(): void {
    this.#left -= 1;
    if (this.#left < 0) throw new TooManyValues();
  }
}

/** How a value lies on the wire; the other numbers are groups, or nothing. */
export const WIRE = { varint: 0, eight: 1, bytes: 2, four: 5 } as const;
export type WireType = (typeof WIRE)[keyof typeof WIRE];

export interface Tag {
  readonly field: number;
  readonly wireType: number;
}

/** Reads from `at` up to `end` of the buffer. Every method throws `Malformed` rather than read beyond. */
export class Cursor {
  readonly #bytes: Buffer;
  readonly #end: number;
  readonly allowance: Allowance;
  #at: number;

  constructor(bytes: Buffer, allowance: Allowance, at = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.allowance = allowance;
    this.#at = at;
    this.#end = end;
  }

  get done(): boolean {
    return this.#at >= this.#end;
  }

  tag(): Tag {
    this.allowance.spend();
    const tag = this.uint32();
    const field = tag >>> 3;
    if (field === 0) throw new Malformed();
    return { field, wireType: tag & 7 };
  }

  /** A varint that has to fit 32 bits: tags and lengths. */
  uint32(): number {
    // Nearly every tag and length is one byte.
    const first = this.#bytes[this.#at];
    if (first !== undefined && first < 0x80 && this.#at < this.#end) {
      this.#at += 1;
      return first;
    }
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) {
        if (value > 0xffffffff) throw new Malformed();
        return value;
      }
    }
    throw new Malformed();
  }

  /** A varint of up to 64 bits; what is above them is cut, as protobuf says. */
  uint64(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new Malformed();
  }

  fixed64(): bigint {
    return this.#bytes.readBigUInt64LE(this.#take(8));
  }

  double(): number {
    return this.#bytes.readDoubleLE(this.#take(8));
  }

  /** All that is left, as text, base64 or hex; what is no UTF-8 becomes replacement characters. */
  rest(encoding: 'utf8' | 'base64' | 'hex'): string {
    return this.#bytes.toString(encoding, this.#take(this.#end - this.#at), this.#end);
  }

  /** A cursor over the length-delimited value here; this one goes on behind it. */
  inner(): Cursor {
    const length = this.uint32();
    const start = this.#take(length);
    return new Cursor(this.#bytes, this.allowance, start, start + length);
  }

  /** Passes over a value of a field that is not known. */
  skip(wireType: number): void {
    if (wireType === WIRE.varint) this.uint64();
    else if (wireType === WIRE.eight) this.#take(8);
    else if (wireType === WIRE.bytes) this.#take(this.uint32());
    else if (wireType === WIRE.four) this.#take(4);
    else throw new Malformed();
  }

  #byte(): number {
    return this.#bytes[this.#take(1)] ?? 0; // take() has seen that it is there
  }

  /** Steps over so many bytes; where they begin. */
  #take(length: number): number {
    const start = this.#at;
    if (length > this.#end - start) throw new Malformed();
    this.#at = start + length;
    return start;
  }
}
