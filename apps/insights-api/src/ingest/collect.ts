import { err, ok, type Result } from '@scorpiox/shared/result';
import { BATCH_BYTES, BATCH_ITEMS, BATCH_KEYS } from '../limits.ts';
import type { FormatItem } from './formats/item.ts';
import { type SplitProblem, tooManyItems } from './formats/split.ts';
import { sizeOf } from './pipeline/size.ts';

/** An item whose events have been weighed. */
export interface CollectedItem extends FormatItem {
  /** What its events take, as `sizeOf` counts. */
  readonly bytes: number;
}

/** Why a batch is too much for one. */
export type CollectProblem = SplitProblem | { readonly code: 'too-large'; readonly message: string };

/** Makes items for as long as they, their keys and their events are not too many and not too large. */
export function collect(items: Iterable<FormatItem>): Result<readonly CollectedItem[], CollectProblem> {
  const collected: CollectedItem[] = [];
  const keys = new Set<string>();
  let [events, bytes] = [0, 0];
  for (const item of items) {
    const its = item.events.ok ? item.events.value : [];
    const size = its.reduce((sum, event) => sum + sizeOf(event), 0);
    events += its.length;
    bytes += size;
    if (events > BATCH_ITEMS || collected.push({ ...item, bytes: size }) > BATCH_ITEMS) return err(tooManyItems);
    if (bytes > BATCH_BYTES) return err(tooLarge);
    if (item.key !== undefined && keys.add(item.key).size > BATCH_KEYS) return err(tooManyKeys);
  }
  return ok(collected);
}

const tooManyKeys: SplitProblem = {
  code: 'too-many-items',
  message: `The items of a batch may name at most ${BATCH_KEYS} keys.`,
};

const tooLarge = {
  code: 'too-large',
  message: `The events of the batch take more than ${BATCH_BYTES} bytes; send smaller batches.`,
} as const;
