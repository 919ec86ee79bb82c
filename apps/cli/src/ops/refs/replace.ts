/** Another path in the place of one that was found: written as that one was. Pure. */
import type { AbsolutePath } from './absolute-path.ts';
import { octetsOf } from './encoding.ts';
import type { Style } from './find.ts';
import type { Hit } from './match.ts';
import { escapeName } from './spellings.ts';

/** A path in this style: its separators in their order, the last of them for all names that follow. */
const spell = ({ names }: AbsolutePath, { separators, escaping }: Style): string =>
  names.map((name, at) => `${separators[at] ?? separators.at(-1) ?? '/'}${escapeName(name, escaping)}`).join('');

/** What is to stand in the place of a hit. */
const replacement = (hit: Hit, to: AbsolutePath): Buffer => octetsOf(spell(to, hit.style), hit.encoding);

/** The octets of a file with each of its hits replaced, all others as they are. `hits` are in the order of their places. */
export function replaceHits(octets: Buffer, hits: readonly Hit[], to: AbsolutePath): Buffer {
  const parts: Buffer[] = [];
  let done = 0;
  for (const hit of hits) {
    parts.push(octets.subarray(done, hit.at), replacement(hit, to));
    done = hit.at + hit.length;
  }
  return Buffer.concat([...parts, octets.subarray(done)]);
}
