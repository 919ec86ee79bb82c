/**
 * A latency distribution in one column: how much weight lies in each bucket (bucket i holds durations up to 2^(i/32)
 * microseconds, bucket -1 those of 0; at most LAST_BUCKET).
 *
 * The first byte says how counts are written: 1, all are whole and stand as variable-length integers; 2, as doubles. Then
 * for each bucket that holds something, ascending: its distance from the one before as a variable-length integer (the
 * first from -2), and its count. A minute of one application is some hundred bytes.
 */

/** The bucket of the longest duration that is stored, 2^53 - 1 microseconds. */
export const LAST_BUCKET = 1696;

const WHOLE = 1;
const REAL = 2;

/** Buckets in ascending order, each with its count, in places that are used again and again: writers pack all day. */
class Sorted {
  readonly buckets = new Int32Array(LAST_BUCKET + 2);
  readonly counts = new Float64Array(LAST_BUCKET + 2);
  size = 0;

  readonly add = (bucket: number, count: number): void => {
    this.buckets[this.size] = bucket;
    this.counts[this.size] = count;
    this.size += 1;
  };

  read(packed: Uint8Array): this {
    this.size = 0;
    unpackHistogram(packed, this.add);
    return this;
  }
}

const left = new Sorted();
const right = new Sorted();
const result = new Sorted();

/** `buckets`: any order, counts above 0. */
export function packHistogram(buckets: ReadonlyMap<number, number>): Uint8Array {
  result.size = 0;
  for (const bucket of Int32Array.from(buckets.keys()).sort()) result.add(bucket, buckets.get(bucket) ?? 0);
  return pack(result);
}

/** Both together. */
export function mergeHistograms(one: Uint8Array, other: Uint8Array): Uint8Array {
  const [a, b] = [left.read(one), right.read(other)];
  result.size = 0;
  let [i, j] = [0, 0];
  while (i < a.size || j < b.size) {
    const inA = i < a.size ? (a.buckets[i] ?? 0) : Number.POSITIVE_INFINITY;
    const inB = j < b.size ? (b.buckets[j] ?? 0) : Number.POSITIVE_INFINITY;
    const bucket = Math.min(inA, inB);
    result.add(bucket, (inA === bucket ? (a.counts[i++] ?? 0) : 0) + (inB === bucket ? (b.counts[j++] ?? 0) : 0));
  }
  return pack(result);
}

/** Where a histogram is written before its length is known: at most two bytes for a bucket and nine for its count. */
const bytes = new Uint8Array(1 + (LAST_BUCKET + 2) * 11);
const view = new DataView(bytes.buffer);

function pack({ buckets, counts, size }: Sorted): Uint8Array {
  let isWhole = true;
  for (let index = 0; index < size; index += 1) isWhole &&= Number.isSafeInteger(counts[index]);
  bytes[0] = isWhole ? WHOLE : REAL;
  let at = 1;
  let before = -2;
  for (let index = 0; index < size; index += 1) {
    const [bucket, count] = [buckets[index] ?? 0, counts[index] ?? 0];
    at = writeInteger(at, bucket - before);
    before = bucket;
    if (isWhole) {
      at = writeInteger(at, count);
    } else {
      view.setFloat64(at, count, true);
      at += 8;
    }
  }
  return bytes.slice(0, at);
}

/** Calls `each` with every bucket and its count, ascending. Throws where the bytes are not what `packHistogram` made. */
export function unpackHistogram(packed: Uint8Array, each: (bucket: number, count: number) => void): void {
  const isWhole = packed[0] === WHOLE;
  if (!isWhole && packed[0] !== REAL) throw new RangeError('this is no packed histogram');
  const given = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  let at = 1;
  let bucket = -2;
  const readInteger = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = given.getUint8(at++);
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < packed.length) {
    bucket += readInteger();
    if (bucket > LAST_BUCKET) throw new RangeError('a packed histogram has a bucket that there is not');
    if (isWhole) {
      each(bucket, readInteger());
    } else {
      each(bucket, given.getFloat64(at, true));
      at += 8;
    }
  }
}

/** Seven bits a byte, the lowest first; a whole number up to 2^53 - 1 takes up to eight bytes. */
function writeInteger(at: number, value: number): number {
  let rest = value;
  let next = at;
  while (rest >= 128) {
    bytes[next++] = (rest % 128) | 128;
    rest = Math.floor(rest / 128);
  }
  bytes[next++] = rest;
  return next;
}
