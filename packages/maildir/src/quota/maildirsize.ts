/**
 * The file `maildirsize` of Maildir++: a first line with the limits, `10000000S,1000C`, then lines `<bytes> <count>` whose
 * sum is what is used; whoever adds or removes messages appends one. A limit of 0, or one that is absent, is none.
 */
import type { Quota, QuotaLimits } from '../api.ts';

export const QUOTA_FILE = 'maildirsize';

/** A number of messages and their bytes; negative where they are taken away. */
export interface Amount {
  readonly storage: number;
  readonly messages: number;
}

export const NOTHING: Amount = { storage: 0, messages: 0 };

export const sum = (a: Amount, b: Amount): Amount => ({
  storage: a.storage + b.storage,
  messages: a.messages + b.messages,
});

export const isNothing = ({ storage, messages }: Amount): boolean => storage === 0 && messages === 0;

export const negative = ({ storage, messages }: Amount): Amount => ({ storage: -storage, messages: -messages });

/** What the file says. */
export interface SizeFile extends Quota {
  /** Lines after the first: a file of one was just counted. */
  readonly lines: number;
  /** False where a line is none or the sums are negative: it has to be counted anew. */
  readonly valid: boolean;
}

function parseLimits(line: string): QuotaLimits {
  let storage: number | undefined;
  let messages: number | undefined;
  for (const part of line.split(',')) {
    const [, digits, kind] = /^(\d{1,15})([SC])$/.exec(part.trim()) ?? [];
    const limit = Number(digits) || undefined;
    if (kind === 'S') storage = limit;
    if (kind === 'C') messages = limit;
  }
  return { storage, messages };
}

export function parseSizeFile(text: string): SizeFile {
  const [first = '', ...rest] = text.split('\n');
  // What follows the last line end is another program's line in the making, or one that was cut short.
  const lines = rest.slice(0, -1);
  let used = NOTHING;
  let valid = rest.at(-1) === '' && lines.length > 0;
  for (const line of lines) {
    const [, bytes, count] = /^\s*(-?\d{1,15})\s+(-?\d{1,15})\s*$/.exec(line) ?? [];
    if (bytes === undefined) valid = false;
    else used = sum(used, { storage: Number(bytes), messages: Number(count) });
  }
  if (used.storage < 0 || used.messages < 0) valid = false;
  return { limits: parseLimits(first), used, lines: lines.length, valid };
}

export const formatAmount = ({ storage, messages }: Amount): string => `${storage} ${messages}\n`;

export function formatSizeFile(limits: QuotaLimits, used: Amount): string {
  const parts = [];
  if (limits.storage !== undefined) parts.push(`${limits.storage}S`);
  if (limits.messages !== undefined) parts.push(`${limits.messages}C`);
  return `${parts.join(',')}\n${formatAmount(used)}`;
}

export const hasLimit = ({ storage, messages }: QuotaLimits): boolean =>
  storage !== undefined || messages !== undefined;

/** Whether this much is more than the limits allow. */
export const exceeds = (limits: QuotaLimits, used: Amount): boolean =>
  used.storage > (limits.storage ?? Number.POSITIVE_INFINITY) ||
  used.messages > (limits.messages ?? Number.POSITIVE_INFINITY);
