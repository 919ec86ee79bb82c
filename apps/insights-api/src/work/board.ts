/** Long work under way in this process, as an operator sees it: what, how far, and how long it will take yet. */

/** A piece of work as it is told. */
export interface WorkState {
  readonly name: string;
  /** What it is busy with now, in a few words. */
  readonly detail?: string;
  /** 0 … 100; null where it cannot be told. */
  readonly percent: number | null;
  /** Seconds, if it goes on as it went; null where that cannot be told. */
  readonly secondsLeft: number | null;
  /** ISO 8601. */
  readonly startedAt: string;
}

/** A piece of work under way. */
export interface Work {
  /** How much of it is done, 0 … 1; undefined while that cannot be told, after which time counts from anew. */
  progress(done: number | undefined, detail?: string): void;
  end(): void;
}

interface Entry {
  readonly name: string;
  readonly startedAt: number;
  /** From when on its speed is reckoned, and what was done then, 0 … 1. */
  since: number;
  already: number;
  detail: string | undefined;
  done: number | undefined;
}

export class WorkBoard {
  readonly #now: () => number;
  readonly #entries = new Set<Entry>();

  /** @param now milliseconds since 1970. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** @param already how much of it an earlier process has done, 0 … 1. */
  begin(name: string, detail?: string, already = 0): Work {
    const startedAt = this.#now();
    const entry: Entry = { name, startedAt, since: startedAt, already, detail, done: undefined };
    let halted = false;
    this.#entries.add(entry);
    return {
      progress: (done, now) => {
        entry.done = done === undefined ? undefined : Math.min(1, Math.max(0, done));
        entry.detail = now ?? entry.detail;
        if (halted && entry.done !== undefined) Object.assign(entry, { since: this.#now(), already: entry.done });
        halted = entry.done === undefined;
      },
      end: () => this.#entries.delete(entry),
    };
  }

  states(): readonly WorkState[] {
    return [...this.#entries].map((entry) => this.#stateOf(entry));
  }

  #stateOf({ name, startedAt, since, already, detail, done }: Entry): WorkState {
    const elapsed = Math.max(0, this.#now() - since) / 1000;
    const left = done === undefined || done <= already ? null : Math.round((elapsed * (1 - done)) / (done - already));
    return {
      name,
      ...(detail === undefined ? {} : { detail }),
      percent: done === undefined ? null : Math.round(done * 1000) / 10,
      secondsLeft: left,
      startedAt: new Date(startedAt).toISOString(),
    };
  }
}
