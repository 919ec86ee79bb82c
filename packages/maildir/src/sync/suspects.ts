/** Messages whose files events have named as gone, until it is clear whether they are (live-folder.ts says when). */
import type { BaseName } from '../api.ts';
import type { Place } from '../files/places.ts';
import type { PlaceRow } from '../index/message-row.ts';
import { GONE_DELAY, SUSPICIOUS_LAG } from '../limits.ts';
import { parseFileName } from '../names/file-name.ts';

/** A name that an event told of. */
export interface NamedFile {
  readonly inNew: boolean;
  readonly name: string;
}

/** Where events say that files of these base names are, or were. */
export type NamedPlaces = ReadonlyMap<BaseName, readonly Place[]>;

export function placesByBase(names: Iterable<NamedFile>): NamedPlaces {
  const places = new Map<BaseName, Place[]>();
  for (const { inNew, name } of names) {
    const parsed = parseFileName(name);
    if (parsed === undefined) continue;
    places.set(parsed.base, [...(places.get(parsed.base) ?? []), { inNew, info: parsed.info }]);
  }
  return places;
}

interface Suspect {
  readonly row: PlaceRow;
  /** Every place that events have named since the row was right. */
  readonly places: readonly Place[];
  /** When its file was found nowhere, and no event had named it later; as `performance.now()`. */
  readonly since: number;
}

/** What a second look has shown. */
export interface Verdict {
  /** Not found twice, and not named in between. */
  readonly gone: readonly PlaceRow[];
  /** The second look came so late that the loop must have been busy: events may be incomplete. */
  readonly isLate: boolean;
}

export class Suspects {
  readonly #suspects = new Map<BaseName, Suspect>();

  get size(): number {
    return this.#suspects.size;
  }

  clear(): void {
    this.#suspects.clear();
  }

  /** What has to be looked at now: what was named, and the suspects whose time has come, at all their places. */
  candidates(named: NamedPlaces, now: number): NamedPlaces {
    const candidates = new Map(named);
    for (const [base, { places, since }] of this.#suspects) {
      const again = named.get(base);
      if (again !== undefined || now - since >= GONE_DELAY) candidates.set(base, [...places, ...(again ?? [])]);
    }
    return candidates;
  }

  /** Takes in which of the `candidates` were found nowhere. Those that are gone are suspects no more. */
  judge(candidates: NamedPlaces, named: NamedPlaces, missing: readonly PlaceRow[], now: number): Verdict {
    const before = new Map([...candidates.keys()].map((base) => [base, this.#suspects.get(base)]));
    for (const base of candidates.keys()) this.#suspects.delete(base);
    const gone: PlaceRow[] = [];
    let isLate = false;
    for (const row of missing) {
      const known = before.get(row.base);
      if (known === undefined || known.row.uid !== row.uid || named.has(row.base)) {
        this.suspect(row, candidates.get(row.base) ?? [], now);
      } else {
        gone.push(row);
        isLate ||= now - known.since > GONE_DELAY + SUSPICIOUS_LAG;
      }
    }
    return { gone, isLate };
  }

  suspect(row: PlaceRow, places: readonly Place[], since: number): void {
    this.#suspects.set(row.base, { row, places, since });
  }

  /** Milliseconds until the next second look; undefined when there is none to come. */
  delay(now: number): number | undefined {
    if (this.#suspects.size === 0) return undefined;
    const oldest = Math.min(...Array.from(this.#suspects.values(), ({ since }) => since));
    return Math.max(1, Math.ceil(oldest + GONE_DELAY - now));
  }
}
