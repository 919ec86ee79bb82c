/**
 * The messages of a folder in the order of their delivery, which names tell: the order that UIDs will have. So that no list of
 * all names is held, the directory is read for the times first, eight bytes each, and then once for each stretch of time.
 */
import { opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { deliveryTime, parseFileName } from '@scorpiox/maildir/format';
import { systemErrorCode } from '../../failure.ts';
import { MAILDIR_NAMES_HELD } from '../limits.ts';
import { Numbers } from '../numbers.ts';

export interface ListedMessage {
  readonly place: 'new' | 'cur';
  readonly name: string;
  readonly base: string;
  readonly info: string;
  readonly time: number;
}

/** Every message's name, in the order of the directory. */
export async function* namesOf(directory: string): AsyncGenerator<ListedMessage> {
  for (const place of ['new', 'cur'] as const) {
    try {
      for await (const { name } of await opendir(join(directory, place), { bufferSize: 1_024 })) {
        const parsed = parseFileName(name);
        if (parsed === undefined) continue;
        yield { place, name, base: parsed.base, info: parsed.info, time: deliveryTime(parsed.base) ?? 0 };
      }
    } catch (error) {
      if (systemErrorCode(error) !== 'ENOENT') throw error; // `new` may be missing
    }
  }
}

/** The same by time and name. */
export async function* inOrder(directory: string): AsyncGenerator<ListedMessage> {
  const times = new Numbers();
  for await (const { time } of namesOf(directory)) times.push(time);
  const sorted = times.values().sort();
  for (let from = Number.NEGATIVE_INFINITY, at = 0; ; ) {
    at += MAILDIR_NAMES_HELD;
    const until = at < sorted.length ? (sorted[at] ?? 0) : Number.POSITIVE_INFINITY;
    const stretch: ListedMessage[] = [];
    for await (const one of namesOf(directory)) if (one.time >= from && one.time < until) stretch.push(one);
    yield* stretch.sort((a, b) => a.time - b.time || (a.base < b.base ? -1 : 1));
    if (until === Number.POSITIVE_INFINITY) return;
    from = until;
  }
}
