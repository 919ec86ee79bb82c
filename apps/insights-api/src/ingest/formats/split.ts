import { err, ok, type Result } from '@scorpiox/shared/result';
import { BATCH_ITEMS, BATCH_VALUES } from '../../limits.ts';

/** Why no items could be told apart. */
export interface SplitProblem {
  readonly code: 'malformed' | 'too-many-items' | 'empty';
  readonly message: string;
}

/** One item of a batch: its JSON value, or the fact that it is none. */
export type RawItem = { readonly ok: true; readonly value: unknown } | { readonly ok: false };

export const tooManyItems: SplitProblem = {
  code: 'too-many-items',
  message: `A batch may hold at most ${BATCH_ITEMS} items and events, and ${BATCH_VALUES} JSON values.`,
};

/**
 * The items of a batch: a JSON array or NDJSON, told apart by the first character that is not blank, since senders'
 * content types do not tell. In NDJSON a bad line is one bad item; a lone object may span lines. Items and values are
 * counted before they are made.
 */
export function splitBatch(text: string): Result<readonly RawItem[], SplitProblem> {
  const trimmed = text.trim();
  if (trimmed === '') return err({ code: 'empty', message: 'The body is empty.' });
  return trimmed.startsWith('[') ? splitArray(trimmed) : splitLines(trimmed);
}

function splitArray(text: string): Result<readonly RawItem[], SplitProblem> {
  if (isTooMuch(tally(text))) return err(tooManyItems);
  const whole = parse(text);
  if (!whole.ok || !Array.isArray(whole.value)) {
    return err({ code: 'malformed', message: 'The body is not a JSON array.' });
  }
  return ok(whole.value.map((value: unknown) => ({ ok: true, value })));
}

function splitLines(text: string): Result<readonly RawItem[], SplitProblem> {
  const lines: string[] = [];
  let values = 0;
  for (const [line] of text.matchAll(/\S[^\n]*/g)) {
    const counted = tally(line);
    values += counted.values;
    if (isTooMuch(counted) || isTooMuch({ elements: lines.push(line), values })) return err(tooManyItems);
  }
  const items = lines.map(parse);
  if (items[0]?.ok === false && lines.length > 1 && !isTooMuch(tally(text))) {
    const whole = parse(text);
    if (whole.ok) return ok([whole]);
  }
  return ok(items);
}

interface Tally {
  /** Of the array that the text is, if it is one. */
  readonly elements: number;
  /** At any depth. */
  readonly values: number;
}

const isTooMuch = ({ elements, values }: Tally): boolean => elements > BATCH_ITEMS || values > BATCH_VALUES;

/** Whether JSON of this text would be more values than a batch may hold, at any depth. */
export const countsTooMuch = (text: string): boolean => tally(text).values > BATCH_VALUES;

/** Counts what JSON would make, no further than up to too much. What is no JSON is found out later. */
function tally(text: string): Tally {
  let depth = 0;
  let elements = 1;
  let values = 1;
  for (let at = 0; at < text.length && !isTooMuch({ elements, values }); at += 1) {
    const character = text[at];
    if (character === '"') at = endOfString(text, at);
    else if (character === ']' || character === '}') depth -= 1;
    else if (character === '[' || character === '{') {
      depth += 1;
      values += 1;
    } else if (character === ',') {
      if (depth === 1) elements += 1;
      values += 1;
    }
  }
  return { elements, values };
}

/** Where the string that begins at `start` ends: at the first quote with an even number of backslashes before it. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let before = end;
    while (text[before - 1] === '\\') before -= 1;
    if ((end - before) % 2 === 0) return end;
  }
  return text.length;
}

function parse(text: string): RawItem {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false }; // the caller reports it by index
  }
}
