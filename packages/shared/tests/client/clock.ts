import type { Clock } from '../../src/client/index.ts';

interface Timer {
  readonly due: number;
  readonly ms: number;
  readonly run: () => void;
}

/** Time that passes when the test says so. */
export class ManualClock implements Clock {
  #now = Date.UTC(2026, 2, 21, 10);
  #timers: Timer[] = [];
  #watchers: (() => void)[] = [];

  now = (): number => this.#now;

  after = (ms: number, run: () => void): (() => void) => {
    const timer = { due: this.#now + ms, ms, run };
    this.#timers.push(timer);
    this.#changed();
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
      this.#changed();
    };
  };

  #changed(): void {
    for (const watcher of this.#watchers.splice(0)) watcher();
  }

  /** The delays of the timers that are set, shortest first. */
  get pending(): number[] {
    return this.#timers.map(({ ms }) => ms).sort((a, b) => a - b);
  }

  /** Waits until a timer of this delay is set. */
  scheduled = (ms: number): Promise<void> => this.#until(() => this.pending.includes(ms));

  /** Waits until no timer of this delay is set. */
  cancelled = (ms: number): Promise<void> => this.#until(() => !this.pending.includes(ms));

  async #until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.#watchers.push(resolve));
  }

  /** Lets time pass and runs what falls due, in order. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const next = this.#timers.filter(({ due }) => due <= end).sort((a, b) => a.due - b.due)[0];
      if (next === undefined) break;
      this.#timers = this.#timers.filter((other) => other !== next);
      this.#now = Math.max(this.#now, next.due);
      next.run();
    }
    this.#now = end;
  }
}
