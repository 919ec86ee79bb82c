/** What mailboxes are for (RFC 6154). */
import { formatSpecialUse, parseSpecialUse, SPECIAL_USE } from '@scorpiox/maildir';
import type { MailboxName, MailStore, SpecialUse, StoreResult } from './store.ts';

/** Reads special uses in any case; undefined where one is none that a mailbox can have here. */
export const parseSpecialUses = (words: readonly string[]): readonly SpecialUse[] | undefined =>
  parseSpecialUse(Buffer.from(words.join(' '), 'latin1'));

/** Takes these uses away from every mailbox but this one. */
export async function moveSpecialUses(
  store: MailStore,
  to: MailboxName,
  uses: readonly SpecialUse[],
): Promise<StoreResult<void>> {
  const done = { ok: true, value: undefined } as const;
  if (uses.length === 0) return done;
  const mailboxes = await store.list();
  if (!mailboxes.ok) return mailboxes;
  for (const { name, specialUse } of mailboxes.value) {
    const kept = specialUse.filter((use) => !uses.includes(use));
    if (name === to || kept.length === specialUse.length) continue;
    const value = kept.length === 0 ? undefined : formatSpecialUse(kept);
    const changed = await store.setMetadata(name, [{ entry: SPECIAL_USE, value }]);
    if (!changed.ok && changed.error.code !== 'no-such-mailbox') return changed;
  }
  return done;
}
