/** Digests with a count each, in flat arrays: some 40 bytes a digest, where a Map would take several times as much. */
import { DIGEST } from './digest.ts';

const WORDS = DIGEST / 4;
const FIRST_SLOTS = 1024;

export class KeyCounts {
  #words = new Uint32Array(FIRST_SLOTS * WORDS);
  /** 0 marks a slot that is free. */
  #counts = new Uint32Array(FIRST_SLOTS);
  #used = 0;

  get(key: Buffer): number {
    return this.#counts[this.#slotOf(key)] ?? 0;
  }

  /** Counts the key once more; returns how often it had been counted before. */
  add(key: Buffer): number {
    if (2 * (this.#used + 1) > this.#counts.length) this.#grow();
    const slot = this.#slotOf(key);
    const before = this.#counts[slot] ?? 0;
    this.#counts[slot] = before + 1;
    if (before > 0) return before;
    this.#used += 1;
    for (let at = 0; at < WORDS; at += 1) this.#words[slot * WORDS + at] = key.readUInt32LE(4 * at);
    return 0;
  }

  /** Where the key is, or would be. Half of the slots are free at least, so the walk ends. */
  #slotOf(key: Buffer): number {
    const slots = this.#counts.length;
    for (let slot = key.readUInt32LE(0) % slots; ; slot = (slot + 1) % slots) {
      if (this.#counts[slot] === 0 || this.#isAt(slot, key)) return slot;
    }
  }

  #isAt(slot: number, key: Buffer): boolean {
    for (let at = 0; at < WORDS; at += 1) {
      if (this.#words[slot * WORDS + at] !== key.readUInt32LE(4 * at)) return false;
    }
    return true;
  }

  #grow(): void {
    const [words, counts] = [this.#words, this.#counts];
    this.#words = new Uint32Array(2 * words.length);
    this.#counts = new Uint32Array(2 * counts.length);
    const key = Buffer.alloc(DIGEST);
    for (const [slot, count] of counts.entries()) {
      if (count === 0) continue;
      for (let at = 0; at < WORDS; at += 1) key.writeUInt32LE(words[slot * WORDS + at] ?? 0, 4 * at);
      const place = this.#slotOf(key);
      this.#counts[place] = count;
      this.#words.set(words.subarray(slot * WORDS, (slot + 1) * WORDS), place * WORDS);
    }
  }
}
