/** Flags of messages and mailboxes (RFC 3501 §2.3.2). Pure. */
import type { Flag, FlagChange, SystemFlag } from '@scorpiox/maildir';
import type { Response } from '../wire/response.ts';

/** The system flags that clients may change. */
const SYSTEM_FLAGS: readonly SystemFlag[] = ['\\Answered', '\\Flagged', '\\Deleted', '\\Seen', '\\Draft'];

/** The flags that FLAGS lists. */
export function allFlags(keywords: readonly Flag[]): Flag[] {
  return [...SYSTEM_FLAGS, ...keywords];
}

/** The PERMANENTFLAGS that go with them: none where nothing can be changed. */
export function permanentFlags(keywords: readonly Flag[], readOnly: boolean): Response {
  const flags = readOnly ? [] : allFlags(keywords);
  const text = readOnly ? 'No flag can be changed here.' : 'Flags that can be changed for good.';
  return { type: 'untagged', condition: 'OK', code: { code: 'PERMANENTFLAGS', flags, anyKeyword: !readOnly }, text };
}

/** Whether a message has a flag; flags are compared without regard to case. */
export function hasFlag(flags: ReadonlySet<Flag>, flag: Flag): boolean {
  if (flags.has(flag)) return true;
  const folded = flag.toLowerCase();
  for (const one of flags) if (one.toLowerCase() === folded) return true;
  return false;
}

/** Whether two sets hold the same flags. */
export function sameFlags(a: ReadonlySet<Flag>, b: ReadonlySet<Flag>): boolean {
  if (a.size !== b.size) return false;
  for (const flag of a) if (!hasFlag(b, flag)) return false;
  return true;
}

/** What a change makes of a message's flags. */
export function applyChange(flags: ReadonlySet<Flag>, change: FlagChange): ReadonlySet<Flag> {
  const after = new Map<string, Flag>();
  if (change.operation !== 'replace') for (const flag of flags) after.set(flag.toLowerCase(), flag);
  for (const flag of change.flags) {
    const key = flag.toLowerCase();
    if (change.operation === 'remove') after.delete(key);
    else if (!after.has(key)) after.set(key, flag);
  }
  return new Set(after.values());
}

const lists = new WeakMap<ReadonlySet<Flag>, readonly Flag[]>();

/** The flags of a set as a list. Messages share their sets, and so their lists. */
export function flagList(flags: ReadonlySet<Flag>): readonly Flag[] {
  const known = lists.get(flags);
  if (known !== undefined) return known;
  const list = [...flags];
  lists.set(flags, list);
  return list;
}
