/** What a mailbox is for, as its annotation says it: attributes divided by blanks (RFC 6154 §5.4). Pure. */
import type { SpecialUse } from '../api.ts';

/** The annotation that holds a mailbox's special uses. */
export const SPECIAL_USE = '/private/specialuse';

const USES: readonly SpecialUse[] = ['\\Archive', '\\Drafts', '\\Junk', '\\Sent', '\\Trash'];

/** Reads an annotation, without regard to case; undefined where it holds anything else. */
export function parseSpecialUse(value: Uint8Array): SpecialUse[] | undefined {
  const words = Buffer.from(value)
    .toString('latin1')
    .split(' ')
    .filter((word) => word !== '');
  const uses = words.map((word) => USES.find((use) => use.toLowerCase() === word.toLowerCase()));
  const known = uses.filter((use) => use !== undefined);
  return known.length === words.length ? [...new Set(known)] : undefined;
}

export const formatSpecialUse = (uses: readonly SpecialUse[]): Uint8Array => Buffer.from(uses.join(' '), 'latin1');
