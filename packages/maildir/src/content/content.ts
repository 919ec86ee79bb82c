/** An open message file, read through the CRLF view. */
import type { MessageContent } from '../api.ts';
import { StoreFailure, toStoreError } from '../errors.ts';
import type { OpenFile } from '../files/file-system.ts';
import { CHUNK, MAX_INTERNAL_DATE } from '../limits.ts';
import { endsWithCr, SizeCounter, toCrlf } from './line-ends.ts';
import type { LineTable } from './line-table.ts';

/** Sizes of a message in bytes: as stored, and in the CRLF view. */
export interface Sizes {
  readonly size: number;
  readonly virtualSize: number;
}

const CR = 13;

/** What the disk says, in the contract's terms. */
function readFailed(error: unknown): never {
  const known = toStoreError(error);
  throw known === undefined ? error : new StoreFailure(known.code, known.message, error);
}

/** Reads exactly `length` bytes, or fewer at the end of the file. */
async function readChunk(file: OpenFile, position: number, length: number): Promise<Uint8Array> {
  const buffer = Buffer.allocUnsafeSlow(length); // what was not read into is cut off
  let filled = 0;
  while (filled < length) {
    const read = await file.read(buffer.subarray(filled), position + filled).catch(readFailed);
    if (read === 0) break;
    filled += read;
  }
  return buffer.subarray(0, filled);
}

/**
 * INTERNALDATE from a time in milliseconds: whole, and within the years that a date-time can be written in. What is no time
 * at all is the caller's mistake: `RangeError`.
 */
export function toInternalDate(milliseconds: number): number {
  if (!Number.isFinite(milliseconds)) throw new RangeError('An internalDate has to be milliseconds since the epoch.');
  return Math.min(Math.max(0, Math.trunc(milliseconds)), MAX_INTERNAL_DATE);
}

/** The same from a file's time, nanoseconds. */
export const internalDateOf = (mtime: bigint): number => toInternalDate(Number((mtime + 500_000n) / 1_000_000n));

/** Reads a whole file, which has this size as a look at it says, to learn its sizes. */
export async function measure(file: OpenFile, size: number): Promise<Sizes> {
  const counter = new SizeCounter();
  while (counter.size < size) {
    const length = Math.min(CHUNK, size - counter.size);
    const chunk = await readChunk(file, counter.size, length);
    counter.add(chunk);
    if (chunk.length < length) break;
  }
  return { size: counter.size, virtualSize: counter.virtualSize };
}

/** The bytes of a file that fits into a chunk; undefined where they are not as many as a look at it says. */
export async function readSmall(file: OpenFile, size: number): Promise<Uint8Array | undefined> {
  const bytes = await readChunk(file, 0, size);
  return bytes.length === size ? bytes : undefined;
}

/** The sizes of a message that has been read whole. */
export function sizesOf(bytes: Uint8Array): Sizes {
  const counter = new SizeCounter();
  counter.add(bytes);
  return { size: counter.size, virtualSize: counter.virtualSize };
}

/** A message's bytes never change once it is in new/ or cur/; somebody broke that rule. */
const changedUnderneath = (): StoreFailure =>
  new StoreFailure('unavailable', 'The message file was changed while it was being read.');

/** The bytes as stored, where no line end needs anything. */
async function* plain(file: OpenFile, start: number, end: number): AsyncGenerator<Uint8Array> {
  for (let at = start; at < end; ) {
    const chunk = await readChunk(file, at, Math.min(CHUNK, end - at));
    if (chunk.length === 0) throw changedUnderneath();
    yield chunk;
    at += chunk.length;
  }
}

/** The bytes of the view, from the nearest chunk that is known to begin before `start`. */
async function* converted(
  file: OpenFile,
  { size, table }: { readonly size: number; readonly table: LineTable },
  start: number,
  end: number,
): AsyncGenerator<Uint8Array> {
  let { physical, virtual } = table.before(start);
  let afterCr = physical > 0 && (await readChunk(file, physical - 1, 1))[0] === CR;
  while (virtual < end) {
    const chunk = await readChunk(file, physical, Math.min(CHUNK, size - physical));
    if (chunk.length === 0) throw changedUnderneath();
    const shown = toCrlf(chunk, afterCr);
    afterCr = endsWithCr(chunk, afterCr);
    const from = Math.max(0, start - virtual);
    const to = Math.min(shown.length, end - virtual);
    for (let at = from; at < to; at += CHUNK) yield shown.subarray(at, Math.min(to, at + CHUNK));
    physical += chunk.length;
    virtual += shown.length;
    if (chunk.length === CHUNK) table.note(physical / CHUNK, virtual);
  }
}

async function* stoppable(chunks: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  signal.throwIfAborted();
  for await (const chunk of chunks) {
    signal.throwIfAborted();
    yield chunk;
    signal.throwIfAborted();
  }
}

/** A message that has been read whole; `sizes` are those of `bytes`. */
export function heldContent(bytes: Uint8Array, sizes: Sizes): MessageContent {
  const shown = sizes.size === sizes.virtualSize ? bytes : toCrlf(bytes, false);
  const part = (start = 0, length = shown.length): Uint8Array => {
    const from = Math.min(Math.max(0, start), shown.length);
    return shown.subarray(from, Math.min(shown.length, from + Math.max(0, length)));
  };
  return {
    size: shown.length,
    stream: (start, length, signal) =>
      signal === undefined ? once(part(start, length)) : stoppable(once(part(start, length)), signal),
    read: async (start, length) => part(start, length),
    close: async () => {},
  };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  if (bytes.length > 0) yield bytes;
}

/** Takes over `file`; `sizes` are exact for what it holds. */
export function messageContent(file: OpenFile, sizes: Sizes, table: LineTable): MessageContent {
  const size = sizes.virtualSize;
  const stream = (start = 0, length = size, signal?: AbortSignal): AsyncIterable<Uint8Array> => {
    const from = Math.min(Math.max(0, start), size);
    const to = Math.min(size, from + Math.max(0, length));
    const chunks = size === sizes.size ? plain(file, from, to) : converted(file, { size: sizes.size, table }, from, to);
    return signal === undefined ? chunks : stoppable(chunks, signal);
  };
  return {
    size,
    stream,
    async read(start = 0, length = size) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of stream(start, length)) chunks.push(chunk);
      const [first] = chunks;
      return chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks);
    },
    close: () => file.close(),
  };
}
