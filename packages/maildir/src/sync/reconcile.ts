/**
 * Compares what the index says of a folder with what was seen there. Pure. The names are compared as they are and only
 * what is left over is taken apart: in a large folder that is little, and nothing else is held of a message.
 */
import type { BaseName } from '../api.ts';
import type { Place } from '../files/places.ts';
import { samePlace } from '../files/places.ts';
import type { PlaceRow } from '../index/message-row.ts';
import { parseFileName } from '../names/file-name.ts';

/** The names of the files in a folder that may be messages. */
export interface FolderNames {
  readonly new: Set<string>;
  readonly cur: Set<string>;
}

/** A file as it was seen. */
export interface Seen extends Place {
  readonly base: BaseName;
}

/** A known message that was seen under another name or in the other directory. */
export interface Moved {
  readonly row: PlaceRow;
  readonly to: Place;
}

/** A file whose base name another file has as well. */
export interface Duplicate extends Seen {
  /** Where the other one is, which is shown under this base name. */
  readonly shown: Place;
}

/** A file name in parts, with the directory it is in. */
export function seenAs(inNew: boolean, name: string): Seen | undefined {
  const parsed = parseFileName(name);
  return parsed === undefined ? undefined : { ...parsed, inNew };
}

export class Reconciliation {
  readonly #names: FolderNames;
  readonly #missing = new Map<BaseName, PlaceRow>();
  readonly #moved = new Map<BaseName, Moved>();
  /** Two files of one base name; which of them is shown depends on what else there is. */
  readonly duplicates: Duplicate[] = [];
  #hasRows = false;

  /** Takes `names` over. */
  constructor(names: FolderNames) {
    this.#names = names;
  }

  /** First: each row of the index. What is where its row says is dealt with. */
  compare(row: PlaceRow): void {
    this.#hasRows = true;
    const names = row.inNew ? this.#names.new : this.#names.cur;
    if (!names.delete(row.base + row.info)) this.#missing.set(row.base, row);
  }

  /** Then: the names that no row explains, new/ before cur/, with their directory. */
  *unexplained(): Iterable<readonly [inNew: boolean, name: string]> {
    if (!this.#hasRows) return; // then all of them are new
    for (const name of this.#names.new) yield [true, name];
    for (const name of this.#names.cur) yield [false, name];
  }

  /** Finds out what such a name is; `rowOf` is the row of a base name as it is now. */
  explain(inNew: boolean, name: string, rowOf: (base: BaseName) => PlaceRow | undefined): void {
    const seen = seenAs(inNew, name);
    if (seen === undefined) return;
    const before = this.#moved.get(seen.base);
    const isOurs = before !== undefined || this.#missing.has(seen.base);
    const row = before?.row ?? this.#missing.get(seen.base) ?? rowOf(seen.base);
    if (row === undefined) return; // a new message
    this.#nameOf(seen).delete(name);
    if (samePlace(row, seen)) return; // entered meanwhile
    if (before !== undefined) this.duplicates.push({ ...before.to, base: seen.base, shown: seen });
    if (isOurs) this.#moved.set(seen.base, { row, to: seen });
    else this.duplicates.push({ ...seen, shown: row });
    this.#missing.delete(seen.base);
  }

  #nameOf(place: Place): Set<string> {
    return place.inNew ? this.#names.new : this.#names.cur;
  }

  get moved(): readonly Moved[] {
    return [...this.#moved.values()];
  }

  /** Rows that were not seen: candidates for being gone, no more. */
  get missing(): readonly PlaceRow[] {
    return [...this.#missing.values()];
  }

  /** What is left: names of files that the index does not know. Two of them may have one base name. */
  get added(): FolderNames {
    return this.#names;
  }
}
