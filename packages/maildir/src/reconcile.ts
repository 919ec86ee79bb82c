/** Compares what the index says of a folder with what was seen there. Pure. */
import type { BaseName } from './api.ts';
import type { Place, PlaceRow } from './index/messages.ts';
import { samePlace } from './places.ts';

/** A file as it was seen. */
export interface Seen extends Place {
  readonly base: BaseName;
}

/** A known message that was seen under another name or in the other directory. */
export interface Moved {
  readonly row: PlaceRow;
  readonly to: Place;
}

export interface Difference {
  readonly added: readonly Seen[];
  readonly moved: readonly Moved[];
  /** Rows that were not seen: candidates for being gone, no more. */
  readonly missing: readonly PlaceRow[];
}

export function reconcile(rows: readonly PlaceRow[], seen: ReadonlyMap<BaseName, Place>): Difference {
  const known = new Set<BaseName>();
  const moved: Moved[] = [];
  const missing: PlaceRow[] = [];
  for (const row of rows) {
    known.add(row.base);
    const to = seen.get(row.base);
    if (to === undefined) missing.push(row);
    else if (!samePlace(row, to)) moved.push({ row, to });
  }
  const added: Seen[] = [];
  for (const [base, place] of seen) if (!known.has(base)) added.push({ base, ...place });
  return { added, moved, missing };
}
