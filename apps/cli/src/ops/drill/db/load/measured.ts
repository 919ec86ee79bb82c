import type { Tally } from './job.ts';

/** A load in figures. */
export type Measured = {
  readonly sessions: number;
  readonly seconds: number;
  /** Inserts a second, whether they put a row in or found it there. */
  readonly insertsPerSecond: number;
  readonly inserted: number;
  /** Refused by locks. */
  readonly failed: number;
  /** How long an insert took, milliseconds; null where there was none. */
  readonly insertP50Ms: number | null;
  readonly insertP95Ms: number | null;
  /** How often `/apps` was answered, and how long that took. */
  readonly appsAnswers: number;
  readonly appsP50Ms: number | null;
  readonly appsMostMs: number | null;
  /** Cores that the load took here: of the embedded database that is all there is, of a server the clients' part. */
  readonly cores: number;
  /** Rows that are there twice because of it. */
  readonly duplicates: number;
};

/** `duplicates`: how many rows too many there are more than before the load. */
export function measured(load: Tally, sessions: number, duplicates: number): Measured {
  const seconds = load.ranMs / 1000;
  const [insertMs, askMs] = [sorted(load.insertMs), sorted(load.askMs)];
  return {
    sessions,
    seconds: round(seconds),
    insertsPerSecond: round(load.insertMs.length / seconds),
    inserted: load.inserted,
    failed: load.failed,
    insertP50Ms: at(insertMs, 0.5),
    insertP95Ms: at(insertMs, 0.95),
    appsAnswers: askMs.length,
    appsP50Ms: at(askMs, 0.5),
    appsMostMs: at(askMs, 1),
    cores: round(load.cpuMs / 1000 / seconds),
    duplicates,
  };
}

const sorted = (values: readonly number[]): readonly number[] => values.toSorted((one, other) => one - other);

/** Nearest rank. */
function at(values: readonly number[], part: number): number | null {
  const value = values[Math.max(0, Math.ceil(values.length * part) - 1)];
  return value === undefined ? null : round(value);
}

const round = (value: number): number => Number(value.toPrecision(4));
