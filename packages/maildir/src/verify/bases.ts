/**
 * Which base names there are more than once, at any number of files: of each name only a number of 52 bits is kept. Two
 * names may share one (among a million once in ten thousand folders), so whoever asks looks at the names themselves then.
 */
export class Bases {
  readonly #seen = new Set<number>();
  readonly #repeated = new Set<number>();

  add(base: string): void {
    const digest = digestOf(base);
    if (this.#seen.has(digest)) this.#repeated.add(digest);
    else this.#seen.add(digest);
  }

  /** False is certain. */
  mayHave(base: string): boolean {
    return this.#seen.has(digestOf(base));
  }

  /** False is certain. */
  mayRepeat(base: string): boolean {
    return this.#repeated.has(digestOf(base));
  }

  get hasRepeated(): boolean {
    return this.#repeated.size > 0;
  }
}

/** Two FNV-1a hashes of 26 bits from different beginnings, side by side. */
function digestOf(text: string): number {
  let high = 0x811c9dc5;
  let low = 0x01000193;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    high = Math.imul(high ^ code, 0x01000193);
    low = Math.imul(low ^ code, 0x0100_00b3);
  }
  return (high >>> 6) * 2 ** 26 + (low >>> 6);
}
