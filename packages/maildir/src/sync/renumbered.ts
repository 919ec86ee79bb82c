/**
 * Finds the files that mbsync has given a number: it renames `base` to `base,U=5`, and later perhaps to `base,U=9`. That is
 * another base name of the same message, which keeps its UID.
 */
import type { BaseName } from '../api.ts';
import { importedBase } from '../compat/imported-base.ts';
import type { PlaceRow } from '../index/message-row.ts';
import { toBaseName } from '../names/ids.ts';
import { inSlices } from '../slices.ts';
import { type FolderNames, type Seen, seenAs } from './reconcile.ts';

/** A message, and the file under another base name that it may be now. */
export interface Renumbered {
  readonly row: PlaceRow;
  readonly to: Seen;
}

interface Found {
  readonly missing: readonly PlaceRow[];
  readonly added: FolderNames;
}

const originOf = (base: string): BaseName => toBaseName(importedBase(base));

/**
 * Pairs new files with rows; whether the row's own file is gone has still to be looked at. A scan misses every such row;
 * single looks may have missed it earlier, and so need `rowOf`, which knows the index.
 */
export async function pairRenumbered(
  { missing, added }: Found,
  rowOf?: (base: BaseName) => PlaceRow | undefined,
): Promise<readonly Renumbered[]> {
  const byOrigin = new Map(missing.map((row) => [originOf(row.base), row]));
  if (byOrigin.size === 0 && rowOf === undefined) return [];
  const pairs: Renumbered[] = [];
  const look = (inNew: boolean, name: string): void => {
    if (!name.includes(',U=') && byOrigin.size === 0) return;
    const to = seenAs(inNew, name);
    if (to === undefined) return;
    const origin = originOf(to.base);
    const row = byOrigin.get(origin) ?? (origin === to.base ? undefined : rowOf?.(origin));
    if (row !== undefined && row.base !== to.base) pairs.push({ row, to });
  };
  await inSlices(added.new, (name) => look(true, name));
  await inSlices(added.cur, (name) => look(false, name));
  return pairs;
}
