/** Ids of commits, each with a number from 0 on: some 30 bytes a commit, where a map of texts takes 150. Pure. */
export class CommitIds {
  readonly #width: number;
  #bytes: Buffer;
  /** Open addressing by the id's first bytes, which are as random as any hash; a number plus one, 0 where it is free. */
  #slots = new Int32Array(1 << 12);
  #count = 0;

  /** `width` is that of an id in bytes: 20 (SHA-1) or 32 (SHA-256). */
  constructor(width: number) {
    this.#width = width;
    this.#bytes = Buffer.alloc(width << 10);
  }

  get count(): number {
    return this.#count;
  }

  /** The number of an id that was not added before. */
  add(id: string): number {
    if ((this.#count + 1) * this.#width > this.#bytes.length) {
      this.#bytes = Buffer.concat([this.#bytes], this.#bytes.length * 2);
    }
    if (this.#count * 2 > this.#slots.length) this.#grow();
    const number = this.#count;
    this.#bytes.write(id, number * this.#width, 'hex');
    this.#slots[this.#slotOf(this.#bytes.subarray(number * this.#width, (number + 1) * this.#width))] = number + 1;
    this.#count += 1;
    return number;
  }

  /** The number of an id; undefined where it was not added. */
  find(id: string): number | undefined {
    const bytes = Buffer.from(id, 'hex');
    if (bytes.length !== this.#width) return undefined;
    const found = this.#slots[this.#slotOf(bytes)] ?? 0;
    return found === 0 ? undefined : found - 1;
  }

  idOf(number: number): string {
    return this.#bytes.toString('hex', number * this.#width, (number + 1) * this.#width);
  }

  /** Where an id is, or would be. */
  #slotOf(id: Buffer): number {
    const mask = this.#slots.length - 1;
    for (let slot = id.readUInt32LE(0) & mask; ; slot = (slot + 1) & mask) {
      const found = this.#slots[slot] ?? 0;
      if (found === 0) return slot;
      if (this.#bytes.compare(id, 0, this.#width, (found - 1) * this.#width, found * this.#width) === 0) return slot;
    }
  }

  #grow(): void {
    this.#slots = new Int32Array(this.#slots.length * 2);
    for (let number = 0; number < this.#count; number += 1) {
      this.#slots[this.#slotOf(this.#bytes.subarray(number * this.#width, (number + 1) * this.#width))] = number + 1;
    }
  }
}
