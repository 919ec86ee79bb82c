/**
 * The CRLF view of a message: every LF that no CR precedes is shown as CRLF, all other bytes as they are (a lone CR
 * stays alone). The state carried over a chunk's border is one bit: whether the byte before was CR.
 */
import { binary } from '../mime/octets.ts';

const CR = 13;
const LF = 10;

/**
 * How many bytes the view adds to `chunk`. A string of one character per byte is searched in a fifth of the time that the
 * bytes take.
 */
function bareLineFeeds(chunk: Uint8Array, afterCr: boolean): number {
  const text = binary(chunk);
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
    if (at === 0 ? !afterCr : text.charCodeAt(at - 1) !== CR) count += 1;
  }
  return count;
}

/** `chunk` as the view shows it; the chunk itself where nothing has to be added. */
export function toCrlf(chunk: Uint8Array, afterCr: boolean): Uint8Array {
  const added = bareLineFeeds(chunk, afterCr);
  if (added === 0) return chunk;
  const out = new Uint8Array(chunk.length + added);
  let from = 0;
  let to = 0;
  for (let at = chunk.indexOf(LF); at >= 0; at = chunk.indexOf(LF, at + 1)) {
    if (at === 0 ? afterCr : chunk[at - 1] === CR) continue;
    out.set(chunk.subarray(from, at), to);
    to += at - from;
    out[to] = CR;
    to += 1;
    from = at;
  }
  out.set(chunk.subarray(from), to);
  return out;
}

/** Whether the next chunk begins after a CR. An empty chunk changes nothing. */
export const endsWithCr = (chunk: Uint8Array, afterCr: boolean): boolean =>
  chunk.length === 0 ? afterCr : chunk[chunk.length - 1] === CR;

/** Counts a message's bytes, as stored and in the view, while it passes by. */
export class SizeCounter {
  size = 0;
  virtualSize = 0;
  #afterCr = false;

  add(chunk: Uint8Array): void {
    this.size += chunk.length;
    this.virtualSize += chunk.length + bareLineFeeds(chunk, this.#afterCr);
    this.#afterCr = endsWithCr(chunk, this.#afterCr);
  }
}
