/** What a part of the load is told to do, and what it tells of it. Plain data: it goes to other processes. */

/** How rows are inserted: `old` looks first, `new` leaves it to the unique index. */
export type Way = 'old' | 'new';

export interface Job {
  /** Tells the events of this load from those of others. */
  readonly load: string;
  readonly way: Way;
  /** The sessions that insert, by number. */
  readonly sessions: readonly number[];
  /** Whether one more asks what `/apps` asked, again and again. */
  readonly asks: boolean;
  readonly seconds: number;
}

export interface Tally {
  /** Inserts that were tried, whatever came of them. */
  readonly tried: number;
  /** Rows that went in. */
  readonly inserted: number;
  /** Those that the database refused for another reason than being there: lock time-outs, deadlocks. */
  readonly failed: number;
  /** How long each took, from when its session wanted it, milliseconds. */
  readonly insertMs: readonly number[];
  readonly askMs: readonly number[];
  /** Processor time of the process that did it, milliseconds. */
  readonly cpuMs: number;
  /** From its beginning to its end, milliseconds: what was under way when the time was up is waited for. */
  readonly ranMs: number;
}

const NOTHING: Tally = { tried: 0, inserted: 0, failed: 0, insertMs: [], askMs: [], cpuMs: 0, ranMs: 0 };

/** All parts of a load together. */
export const together = (tallies: readonly Tally[]): Tally =>
  tallies.reduce(
    (sum, one) => ({
      tried: sum.tried + one.tried,
      inserted: sum.inserted + one.inserted,
      failed: sum.failed + one.failed,
      insertMs: [...sum.insertMs, ...one.insertMs],
      askMs: [...sum.askMs, ...one.askMs],
      cpuMs: sum.cpuMs + one.cpuMs,
      ranMs: Math.max(sum.ranMs, one.ranMs),
    }),
    NOTHING,
  );
