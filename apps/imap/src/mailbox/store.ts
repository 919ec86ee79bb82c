/** What the rest of this server knows of the mail store: this folder alone imports the package. */
import { type MailboxName, type MailStore, parseMailboxName, type StoreResult } from '@scorpiox/maildir';

export {
  type AppendedAll,
  DELIMITER,
  type Flag,
  type FlagChange,
  INBOX,
  type MailboxInfo,
  type MailboxName,
  type MailboxStatus,
  type MailStore,
  type MessageRecord,
  type MessageState,
  type NewMessage,
  parseMailboxName,
  type SpecialUse,
  type StoreError,
  type StoreErrorCode,
  type StoreResult,
  type Uid,
} from '@scorpiox/maildir';

/** Whether a failure, thrown or answered, says that the store's index was replaced: only opening it anew helps. */
export function isIndexReplaced(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'index-replaced';
}

/**
 * The mailbox that a client means by a name. One that is not normalized (NFC, RFC 9051 §5.1) means the normalized one,
 * unless another server made a mailbox of just this name: that one has to stay within reach.
 */
export async function findMailboxName(store: MailStore, text: string): Promise<StoreResult<MailboxName>> {
  const exact = parseMailboxName(text);
  const normalized = text.normalize('NFC');
  if (normalized === text) return exact;
  if (!exact.ok) return parseMailboxName(normalized); // shorter, it may be one
  const mailboxes = await store.list();
  if (!mailboxes.ok) return mailboxes;
  return mailboxes.value.some(({ name }) => name === exact.value) ? exact : parseMailboxName(normalized);
}
