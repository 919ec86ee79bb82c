/** Long work in slices of the event loop: a few milliseconds each, so that a large folder holds nobody else up. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { SLICE } from './limits.ts';

/** Says after each item whether the loop has to turn; starts a new slice then. */
export function sliceTimer(): () => boolean {
  let end = performance.now() + SLICE;
  return () => {
    const now = performance.now();
    if (now < end) return false;
    end = now + SLICE;
    return true;
  };
}

/** Calls `work` for each item and lets the loop turn in between. Throws what the signal's reason is. */
export async function inSlices<T>(items: Iterable<T>, work: (item: T) => void, signal?: AbortSignal): Promise<void> {
  const isOver = sliceTimer();
  for (const item of items) {
    work(item);
    if (!isOver()) continue;
    await nextTurn();
    signal?.throwIfAborted();
  }
}

/** Items sorted at once: about a millisecond. */
const RUN = 2048;

/** The numbers from 0 below `count` in the order of `compare`, sorted in slices. */
export async function sortInSlices(count: number, compare: (a: number, b: number) => number): Promise<Uint32Array> {
  let from = Uint32Array.from({ length: count }, (_, at) => at);
  const isOver = sliceTimer();
  for (let at = 0; at < count; at += RUN) {
    from.subarray(at, at + RUN).sort(compare);
    if (isOver()) await nextTurn();
  }
  let to = new Uint32Array(count);
  for (let length = RUN; length < count; length *= 2) {
    for (let at = 0; at < count; at += 2 * length) {
      merge(from.subarray(at, at + length), from.subarray(at + length, at + 2 * length), to.subarray(at), compare);
      if (isOver()) await nextTurn();
    }
    [from, to] = [to, from];
  }
  return from;
}

function merge(a: Uint32Array, b: Uint32Array, to: Uint32Array, compare: (a: number, b: number) => number): void {
  let i = 0;
  let j = 0;
  for (let at = 0; at < a.length + b.length; at += 1) {
    const left = a[i];
    const right = b[j];
    const isLeft = left !== undefined && (right === undefined || compare(left, right) <= 0);
    to[at] = (isLeft ? left : right) ?? 0;
    if (isLeft) i += 1;
    else j += 1;
  }
}
