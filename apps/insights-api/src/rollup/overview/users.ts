import { hash } from 'node:crypto';

/*
 * Affected users, as a sketch (k minimum values: Bar-Yossef et al., RANDOM 2002)
 *
 * Of every user the first six bytes of a hash are kept, at most USERS_EXACT of them, the smallest. While there are fewer,
 * that is the set itself and its size is exact. Beyond, hashes lie evenly between 0 and 1, so if the k-th smallest is at
 * v there are about (k - 1) / v of them: within 6.3 % in two of three cases (1 / sqrt(k - 2)). Sets of any times merge by
 * uniting them and keeping the smallest, so nobody counts twice who was met in two hours.
 */

/** Users up to which their number is exact; the sketch is at most six times as many bytes. */
export const USERS_EXACT = 256;

const BYTES = 6;
const SPACE = 2 ** (8 * BYTES);

export const NO_USERS = new Uint8Array(0);

/** Packs users, given by name. */
export function packUsers(names: Iterable<string>): Uint8Array {
  const hashes = new Set<number>();
  for (const name of names) hashes.add(Number.parseInt(hash('sha256', name).slice(0, 2 * BYTES), 16));
  return pack(hashes);
}

export function mergeUsers(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  return pack(new Set([...unpack(a), ...unpack(b)]));
}

/** How many users it is, and whether that is exact. */
export function countUsers(packed: Uint8Array): { readonly count: number; readonly isExact: boolean } {
  const hashes = unpack(packed);
  if (hashes.length < USERS_EXACT) return { count: hashes.length, isExact: true };
  const last = hashes.at(-1) ?? 0;
  return { count: Math.round(((USERS_EXACT - 1) * SPACE) / (last + 1)), isExact: false };
}

function pack(hashes: ReadonlySet<number>): Uint8Array {
  const smallest = Float64Array.from(hashes).sort().subarray(0, USERS_EXACT);
  const bytes = Buffer.alloc(smallest.length * BYTES);
  for (const [index, value] of smallest.entries()) bytes.writeUIntBE(value, index * BYTES, BYTES);
  return bytes;
}

/** Ascending. */
function unpack(packed: Uint8Array): number[] {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  const hashes: number[] = [];
  for (let at = 0; at + BYTES <= bytes.length; at += BYTES) hashes.push(bytes.readUIntBE(at, BYTES));
  return hashes;
}
