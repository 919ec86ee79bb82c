/** HEADER.FIELDS and HEADER.FIELDS.NOT (RFC 3501 §6.4.5), and the fields of a header one by one. */
import { fieldStart } from './header-fields.ts';

/** One field: its name as written ('' for a line that is none), and its octets with all its lines. */
interface RawField {
  readonly name: string;
  readonly octets: Uint8Array;
}

const LF = 10;
const BLANK_LINE = Uint8Array.of(13, 10);

/** The fields of a header in order, up to the blank line. */
export function* rawFields(header: Uint8Array): Iterable<RawField> {
  let start = 0;
  for (let at = 0; at < header.length; ) {
    const lf = header.indexOf(LF, at);
    const next = lf === -1 ? header.length : lf + 1;
    const folds = header[next] === 0x20 || header[next] === 0x09;
    if (!folds) {
      const octets = header.subarray(start, next);
      if (octets[0] === LF || (octets[0] === 13 && octets[1] === LF)) return;
      yield { name: fieldStart(octets)?.name ?? '', octets };
      start = next;
    }
    at = next;
  }
}

/** The fields that are named, or those that are not, as they stand, and the blank line that ends every header. */
export function selectFields(header: Uint8Array, names: readonly string[], keepNamed: boolean): Uint8Array {
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  const kept: Uint8Array[] = [];
  for (const { name, octets } of rawFields(header)) {
    if (wanted.has(name.toLowerCase()) !== keepNamed) continue;
    kept.push(octets);
    if (octets[octets.length - 1] !== LF) kept.push(BLANK_LINE); // a header cut off in its last line
  }
  return Buffer.concat([...kept, BLANK_LINE]);
}
