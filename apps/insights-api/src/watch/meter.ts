import { SLOW_MS, SLOWEST_KEPT, SLOWEST_KEPT_MS } from '../limits.ts';
import { Latencies, type Percentiles } from './latencies.ts';

/** How something that is done again and again fares. */
export interface OperationState {
  readonly name: string;
  readonly underWay: number;
  readonly failed: number;
  readonly sinceStart: Percentiles;
  readonly recent: Percentiles;
}

/** Something slow that was done. */
export interface Slow {
  readonly name: string;
  /** When it ended, milliseconds since 1970. */
  readonly at: number;
  readonly ms: number;
}

interface Operation {
  readonly latencies: Latencies;
  underWay: number;
  failed: number;
}

export interface MeterClock {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds on a clock that never jumps. */
  readonly ticks: () => number;
}

/** Measures what is done with the database, by name. It knows no arguments, so what it tells holds nobody's data. */
export class Meter {
  readonly #clock: MeterClock;
  readonly #operations = new Map<string, Operation>();
  #slowest: Slow[] = [];

  constructor(clock: MeterClock) {
    this.#clock = clock;
  }

  /** Does it and notes how long it took, also when it fails. */
  async time<T>(name: string, work: () => Promise<T>, hasFailed: (value: T) => boolean = () => false): Promise<T> {
    const operation = this.#operationOf(name);
    const began = this.#clock.ticks();
    operation.underWay += 1;
    let failed = true;
    try {
      const value = await work();
      failed = hasFailed(value);
      return value;
    } finally {
      operation.underWay -= 1;
      if (failed) operation.failed += 1;
      this.#note(name, operation, this.#clock.ticks() - began);
    }
  }

  /** By name. */
  operations(): readonly OperationState[] {
    const now = this.#clock.now();
    return [...this.#operations]
      .map(([name, { latencies, underWay, failed }]) => ({
        name,
        underWay,
        failed,
        sinceStart: latencies.sinceStart(),
        recent: latencies.recent(now),
      }))
      .toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
  }

  /** The slowest first, of the last day. */
  slowest(): readonly Slow[] {
    return this.#slowest.filter(({ at }) => this.#clock.now() - at <= SLOWEST_KEPT_MS);
  }

  #note(name: string, { latencies }: Operation, ms: number): void {
    const at = this.#clock.now();
    latencies.note(ms, at);
    if (ms < SLOW_MS) return;
    const last = this.#slowest.at(-1);
    if (
      this.#slowest.length >= SLOWEST_KEPT &&
      last !== undefined &&
      last.ms >= ms &&
      at - last.at <= SLOWEST_KEPT_MS
    ) {
      return;
    }
    this.#slowest = [...this.slowest(), { name, at, ms }].toSorted((a, b) => b.ms - a.ms).slice(0, SLOWEST_KEPT);
  }

  #operationOf(name: string): Operation {
    const there = this.#operations.get(name);
    if (there !== undefined) return there;
    const made: Operation = { latencies: new Latencies(), underWay: 0, failed: 0 };
    this.#operations.set(name, made);
    return made;
  }
}
