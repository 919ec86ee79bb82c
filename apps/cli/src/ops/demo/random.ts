import { createHash } from 'node:crypto';

/** A stream of pseudo-random values that is the same for the same seed, everywhere. Not for secrets. */
export class Random {
  #state: number;

  constructor(seed: string) {
    this.#state = createHash('sha256').update(seed).digest().readUInt32LE(0);
  }

  /** Uniform, from 0 up to but excluding 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** One of a list that is not empty. */
  pick<T>(list: readonly [T, ...T[]]): T {
    return list[Math.floor(this.next() * list.length)] ?? list[0];
  }

  /** One of a list that is not empty, each as often as its weight says. */
  pickWeighted<T extends { readonly weight: number }>(list: readonly [T, ...T[]]): T {
    let rest = this.next() * list.reduce((sum, { weight }) => sum + weight, 0);
    for (const item of list) {
      rest -= item.weight;
      if (rest < 0) return item;
    }
    return list[0];
  }

  /** Time to the next of events that come independently of each other. */
  exponential(mean: number): number {
    return -Math.log(1 - this.next()) * mean;
  }

  /** What latencies look like: most near the median, some far above it. */
  logNormal(median: number, sigma: number): number {
    const normal = Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
    return median * Math.exp(sigma * normal);
  }

  /** Lower-case hexadecimal digits. */
  hex(digits: number): string {
    let text = '';
    while (text.length < digits)
      text += Math.floor(this.next() * 65_536)
        .toString(16)
        .padStart(4, '0');
    return text.slice(0, digits);
  }
}
