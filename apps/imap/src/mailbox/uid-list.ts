/**
 * Ascending UIDs, four bytes each: what a client has in mind of a mailbox of a hundred thousand messages takes 400 KB. A
 * place is where a UID stands, from 0.
 */
import { firstPlace } from './binary-search.ts';

export class UidList {
  /** The list lies in its beginning; the rest is room for what arrives, so that an arrival seldom copies the list. */
  #uids: Uint32Array;
  #count: number;

  /** @param uids ascending; the list takes them over. */
  constructor(uids: Uint32Array) {
    this.#uids = uids;
    this.#count = uids.length;
  }

  get count(): number {
    return this.#count;
  }

  /** The UID at a place, or undefined where the list has no such place. */
  at(place: number): number | undefined {
    return place < this.#count ? this.#uids[place] : undefined;
  }

  /** The UIDs at the places from `start` up to before `end`, or as many of them as there are. */
  slice(start: number, end: number): Uint32Array {
    return this.#uids.slice(start, Math.min(end, this.#count));
  }

  /** The highest UID, or undefined in an empty list. */
  get last(): number | undefined {
    return this.at(this.#count - 1);
  }

  /** The first place whose UID is at least `bound`; the count when there is none. */
  firstAtLeast(bound: number): number {
    return firstPlace(this.#count, (place) => (this.at(place) ?? Number.POSITIVE_INFINITY) < bound);
  }

  /** The place of a UID, or undefined when it is not in the list. */
  placeOf(uid: number): number | undefined {
    const place = this.firstAtLeast(uid);
    return this.at(place) === uid ? place : undefined;
  }

  /** Adds UIDs, ascending and above all before them. */
  append(uids: readonly number[]): void {
    const count = this.#count + uids.length;
    if (count > this.#uids.length) {
      const larger = new Uint32Array(count + (count >>> 3));
      larger.set(this.#uids.subarray(0, this.#count));
      this.#uids = larger;
    }
    this.#uids.set(uids, this.#count);
    this.#count = count;
  }

  /** Takes UIDs out; those above them move up. */
  remove(gone: ReadonlySet<number>): void {
    let kept = 0;
    for (const uid of this.#uids.subarray(0, this.#count)) {
      if (gone.has(uid)) continue;
      this.#uids[kept] = uid;
      kept += 1;
    }
    this.#count = kept;
  }
}
