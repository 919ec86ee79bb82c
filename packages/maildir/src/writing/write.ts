/**
 * Writes a message to tmp/. What fits into one chunk is written by synchronous calls of microseconds, and only the fsync
 * goes to the thread pool; the rest streams.
 */
import type { NewMessage } from '../api.ts';
import type { Sizes } from '../content/content.ts';
import { SizeCounter } from '../content/line-ends.ts';
import { StoreFailure } from '../errors.ts';
import type { FileSystem, OpenFile } from '../files/file-system.ts';
import { CHUNK } from '../limits.ts';
import { removeIfThere } from './place.ts';

/** A message in tmp/, on disk once `synced` resolves; when that rejects, the file has to be removed. */
export interface Written {
  readonly sizes: Sizes;
  readonly synced: Promise<void>;
}

/** Rejects as soon as one of the signals aborts, whether or not `promise` ever settles. */
async function unlessAborted<T>(promise: Promise<T>, signals: readonly AbortSignal[]): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const aborts = signals.map((signal) => [signal, (): void => reject(signal.reason)] as const);
  for (const [signal, abort] of aborts) signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    for (const [signal, abort] of aborts) signal.removeEventListener('abort', abort);
  }
}

/** What the source yields; an abort ends it, whether or not the source ever goes on. */
export async function* untilAborted<T>(
  source: AsyncIterable<T> | Iterable<T>,
  ...given: readonly (AbortSignal | undefined)[]
): AsyncGenerator<T, void, void> {
  const signals = given.filter((signal) => signal !== undefined);
  const items = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  let isOver = false;
  try {
    for (;;) {
      for (const signal of signals) signal.throwIfAborted();
      const item = await unlessAborted(Promise.resolve(items.next()), signals);
      isOver = item.done === true;
      if (item.done === true) return;
      yield item.value;
    }
  } finally {
    // Not awaited: a source that hangs must not hold up whoever aborts; what it says at its end concerns nobody.
    if (!isOver) Promise.resolve(items.return?.()).catch(() => undefined);
  }
}

/** The chunks of a message, counted against the announced length; an abort ends them. */
async function* chunksOf(
  { content, length, signal }: NewMessage,
  closing: AbortSignal,
  counter: SizeCounter,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of untilAborted(content instanceof Uint8Array ? [content] : content, signal, closing)) {
    counter.add(chunk);
    if (length !== undefined && counter.size > length) {
      throw new StoreFailure('too-large', 'More data arrived than was announced.');
    }
    yield chunk;
  }
  if (length !== undefined && counter.size < length) {
    throw new StoreFailure('incomplete', 'The message ended before its announced length.');
  }
}

async function closeAfter(sync: Promise<void>, close: () => void): Promise<void> {
  try {
    await sync;
  } finally {
    close();
  }
}

async function stream(
  file: OpenFile,
  head: readonly Uint8Array[],
  rest: AsyncIterable<Uint8Array>,
  date: number,
): Promise<void> {
  try {
    for (const chunk of head) await file.write(chunk);
    for await (const chunk of rest) await file.write(chunk);
    await file.setTime(date);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Writes a message to `path` in tmp/; `closing` ends it as the message's own signal does. Leaves nothing when it rejects. */
export async function writeTemporary(
  fs: FileSystem,
  path: string,
  message: NewMessage,
  date: number,
  closing: AbortSignal,
): Promise<Written> {
  const counter = new SizeCounter();
  const chunks = chunksOf(message, closing, counter);
  const head: Uint8Array[] = [];
  let next = await chunks.next();
  for (; next.done !== true && counter.size <= CHUNK; next = await chunks.next()) head.push(next.value);
  if (next.done === true) {
    const [only] = head;
    const file = fs.now.create(path, head.length === 1 && only !== undefined ? only : Buffer.concat(head), date);
    return { sizes: counter, synced: closeAfter(file.sync(), () => file.close()) };
  }
  try {
    const file = await fs.open(path, 'create');
    await stream(file, [...head, next.value], chunks, date);
    return { sizes: counter, synced: Promise.resolve() };
  } catch (error) {
    await chunks.return(undefined);
    await removeIfThere(fs, path);
    throw error;
  }
}
