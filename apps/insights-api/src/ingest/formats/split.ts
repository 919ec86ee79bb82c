import { err, ok, type Result } from '@scorpiox/shared/result';
import { BATCH_ITEMS } from '../../limits.ts';

/** Why no items could be told apart. */
export interface SplitProblem {
  readonly code: 'malformed' | 'too-many-items' | 'empty';
  readonly message: string;
}

/** One item of a batch: its JSON value, or the fact that it is none. */
export type RawItem = { readonly ok: true; readonly value: unknown } | { readonly ok: false };

/**
 * The items of a batch: a JSON array or NDJSON, told apart by the first character that is not blank, since senders'
 * content types do not tell. In NDJSON a bad line is one bad item; a lone object may span lines.
 */
export function splitBatch(text: string): Result<readonly RawItem[], SplitProblem> {
  const trimmed = text.trim();
  if (trimmed === '') return err({ code: 'empty', message: 'The body is empty.' });
  const items = trimmed.startsWith('[') ? splitArray(trimmed) : splitLines(trimmed);
  if (items === undefined) return err({ code: 'malformed', message: 'The body is not a JSON array.' });
  if (items.length <= BATCH_ITEMS) return ok(items);
  return err({ code: 'too-many-items', message: `A batch may hold at most ${BATCH_ITEMS} items.` });
}

function splitArray(text: string): readonly RawItem[] | undefined {
  const whole = parse(text);
  if (!whole.ok || !Array.isArray(whole.value)) return undefined;
  return whole.value.map((value: unknown) => ({ ok: true, value }));
}

function splitLines(text: string): readonly RawItem[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const first = parse(lines[0] ?? '');
  if (!first.ok && lines.length > 1) {
    const whole = parse(text);
    if (whole.ok) return [whole];
  }
  return lines.slice(0, BATCH_ITEMS + 1).map(parse);
}

function parse(text: string): RawItem {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false }; // the caller reports it by index
  }
}
