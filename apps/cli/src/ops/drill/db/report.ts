/** What a drill tells: figures before and after, what mended it, and whether all that was promised held. */
import type { Measured } from './load/measured.ts';

/** A command that mended something, and how long it took. */
export type Mended = { readonly command: string; readonly seconds: number };

/** A promise, and whether it was kept. `found` is what was seen, in words. */
export type Check = { readonly promise: string; readonly held: boolean; readonly found: string };

export interface DrillReport {
  /** Without its password. */
  readonly database: string;
  readonly rows: number;
  readonly before: Measured;
  readonly mended: readonly Mended[];
  readonly after: Measured;
  /** What `db health` had to say of the table, by the names of its findings. */
  readonly symptoms: { readonly before: readonly string[]; readonly after: readonly string[] };
  readonly checks: readonly Check[];
}

export const hasHeld = ({ checks }: DrillReport): boolean => checks.every(({ held }) => held);
