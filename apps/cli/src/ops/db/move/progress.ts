/** How far a phase of a move is, as text in its target. */
import type { Value } from '@scorpiox/shared/database/console';
import type { InsightsTable } from '@scorpiox/shared/database/tables';
import type { Range } from '../insights/range.ts';

/** Where in the tables, in their order, the phase goes on. */
export interface Place {
  readonly table: string;
  /** The group that was last; absent: from the table's first. */
  readonly within?: readonly Value[];
  /** From where in it on. */
  readonly from?: Value;
}

/** What is kept of the second phase: ranges in which something changed whenever they were compared. */
export interface Unproved {
  readonly table: string;
  readonly range: Range;
}

export interface Progress {
  readonly place?: Place;
  readonly unproved: readonly Unproved[];
}

export const writeProgress = (progress: Progress): string => JSON.stringify(progress, written);

/** What JSON has no way for. The value itself is asked: a Buffer has been made an object of by its own `toJSON` before. */
function written(this: Readonly<Record<string, unknown>>, key: string, shown: unknown): unknown {
  const value = this[key];
  if (value instanceof Uint8Array) return { hex: Buffer.from(value).toString('hex') };
  return typeof value === 'bigint' ? { integer: String(value) } : shown;
}

/** What `writeProgress` has written: a target is filled by one version of this program. */
export function readProgress(text: string): Progress {
  if (text === '') return { unproved: [] };
  return JSON.parse(text, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    if ('hex' in value) return Uint8Array.from(Buffer.from(String(value.hex), 'hex'));
    return 'integer' in value ? BigInt(String(value.integer)) : value;
  }) as Progress;
}

/** The tables that are still to be gone through. */
export function tablesFrom(tables: readonly InsightsTable[], place: Place | undefined): readonly InsightsTable[] {
  const at = tables.findIndex(({ sqlite }) => sqlite === place?.table);
  return tables.slice(Math.max(0, at));
}
