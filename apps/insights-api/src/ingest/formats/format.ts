import { ok, type Result } from '@scorpiox/shared/result';
import type { FormatItem } from './item.ts';
import { type RawItem, type SplitProblem, splitBatch } from './split.ts';

/** The items of a body, made one by one, so that whoever counts them can stop; or why none can be told apart. */
export type Items = Result<Iterable<FormatItem>, SplitProblem>;

/** A format: how it wants a body, and the items that it finds in it. */
export type Format =
  | { readonly body: 'text'; read(text: string): Items }
  | { readonly body: 'bytes'; read(bytes: Buffer): Items };

/** The format whose bodies are JSON arrays or NDJSON, out of how it reads one item. */
export const lineFormat = (parse: (item: RawItem, index: number) => FormatItem): Format => ({
  body: 'text',
  read(text) {
    const raw = splitBatch(text);
    return raw.ok ? ok(each(raw.value, parse)) : raw;
  },
});

function* each(raw: readonly RawItem[], parse: (item: RawItem, index: number) => FormatItem): Iterable<FormatItem> {
  for (const [index, item] of raw.entries()) yield parse(item, index);
}
