/** A path replaced in octets that come by and by: each place is seen with what surrounds it, and no file is held whole. */
import type { AbsolutePath } from '../absolute-path.ts';
import { type Content, contentOf, hasZero } from '../encoding.ts';
import { CONTEXT_CHARS } from '../limits.ts';
import type { Hit } from '../match.ts';
import { replaceHits } from '../replace.ts';
import { CHARACTER_BYTES } from './limits.ts';
import { searchOf } from './search-of.ts';

export interface Rewriting {
  readonly find: AbsolutePath;
  readonly put: AbsolutePath;
  /** Is told each place that is replaced. */
  readonly onHit?: (hit: Hit) => void;
}

/** It is no text that comes: nothing in it is replaced. */
export class BinaryFound extends Error {}

/** Octets around a place that are looked at with it: the longest that the path can be, and what is read before and behind it. */
export const overlapOf = ({ text }: AbsolutePath): number => text.length * CHARACTER_BYTES + 4 * CONTEXT_CHARS;

/** The octets of a file with the path replaced. Throws `BinaryFound` as soon as that shows. */
export async function* rewritten(
  windows: AsyncIterable<Buffer>,
  { find, put, onHit }: Rewriting,
): AsyncGenerator<Buffer, void, undefined> {
  const search = searchOf(find);
  const overlap = overlapOf(find);
  /** Octets of the file from `offset` on, of which those before `done` were given out. */
  const held = new Held();
  let [offset, done] = [0, 0];
  let content: Content | undefined;

  /** What is held up to `until`, or to the end of the last path that begins before that. */
  function next(until: number): Buffer {
    const from = done - offset;
    const { hits } = search.inPart(held.octets, content ?? 'octets', { offset, lines: 0, from, until });
    const placed = hits.map((hit) => ({ ...hit, at: hit.at - done }));
    if (onHit !== undefined) hits.forEach(onHit);
    const last = placed.at(-1);
    const end = Math.max(until, last === undefined ? 0 : from + last.at + last.length);
    const octets = replaceHits(held.octets.subarray(from, end), placed, put);
    const dropped = Math.max(0, end - overlap) & ~1; // units of UTF-16 stay whole
    held.drop(dropped);
    [offset, done] = [offset + dropped, offset + end];
    return octets;
  }

  for await (const window of windows) {
    held.add(window);
    content ??= contentOf(held.octets);
    if (content === 'binary' || (content === 'octets' && hasZero(window))) throw new BinaryFound('It is no text');
    const until = held.octets.length - overlap;
    if (until > done - offset) yield next(until);
  }
  yield next(held.octets.length);
}

/** Octets that are added at the end and dropped at the beginning, always in the same memory. */
class Held {
  #memory = Buffer.alloc(0);
  #length = 0;

  get octets(): Buffer {
    return this.#memory.subarray(0, this.#length);
  }

  add(octets: Buffer): void {
    const length = this.#length + octets.length;
    if (length > this.#memory.length) this.#memory = Buffer.concat([this.octets, Buffer.alloc(length)]);
    octets.copy(this.#memory, this.#length);
    this.#length = length;
  }

  drop(length: number): void {
    this.#memory.copyWithin(0, length, this.#length);
    this.#length -= length;
  }
}
