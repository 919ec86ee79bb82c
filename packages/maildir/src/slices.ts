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

/** The clock is looked at once for so many items of a microsecond or less: a look takes about as long as one of them. */
const UNTIMED = 32;

/** The same for items that are so many and so small. */
export function lightSliceTimer(): () => boolean {
  const isOver = sliceTimer();
  let count = 0;
  return () => {
    count += 1;
    return count % UNTIMED === 0 && isOver();
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
