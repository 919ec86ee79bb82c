import { SCHEMA_CHANGE_ROWS } from './limits.ts';

/** How far a migration is. */
export interface MigrationProgress {
  /** 0 … 1; undefined while that is not known. */
  readonly done: number | undefined;
  /** What it is busy with, in a few words. */
  readonly detail: string;
}

/** Is told whenever a migration has come further, from inside it: it must not take long, and must not throw. */
export type MigrationWatch = (progress: MigrationProgress) => void;

/** What is said while another process has the lock. */
export const WAITING: MigrationProgress = { done: undefined, detail: 'waits for another process to finish' };

/** What is said while it is counted how much there is to do. */
export const WEIGHING: MigrationProgress = { done: undefined, detail: 'counts the rows that it has to read' };

/** A part of the work, with the rows that it reads. */
export interface MeteredPart {
  readonly detail: string;
  readonly rows: number;
}

/** Tells how far work is that consists of parts, one after the other. */
export interface MigrationMeter {
  /** The part at this place begins; those before it are done. */
  begin(index: number): void;
  /** So many more rows of it have been read. */
  step(rows: number): void;
}

/**
 * Each part weighs as much as the rows that it reads, and one that reads hardly any as much as SCHEMA_CHANGE_ROWS of
 * them. Rows that came since they were counted do not make a part more than done.
 */
export function makeMeter(parts: readonly MeteredPart[], watch: MigrationWatch): MigrationMeter {
  const weights = parts.map(({ rows }) => SCHEMA_CHANGE_ROWS + rows);
  const before = weights.map((_, index) => sum(weights.slice(0, index)));
  const total = sum(weights);
  let at = 0;
  let read = 0;
  const tell = () => {
    const { detail = '', rows = 0 } = parts[at] ?? {};
    watch({ done: ((before[at] ?? total) + Math.min(read, rows)) / total, detail });
  };
  return {
    begin(index) {
      at = index;
      read = 0;
      tell();
    },
    step(rows) {
      read += rows;
      tell();
    },
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
