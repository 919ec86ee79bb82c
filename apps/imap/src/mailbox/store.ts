/** What the rest of this server knows of the mail store: this folder alone imports the package. */
export {
  type Appended,
  DELIMITER,
  type Flag,
  type FlagChange,
  type MailboxInfo,
  type MailboxName,
  type MailStore,
  type MessageRecord,
  type MessageState,
  parseMailboxName,
  type StoreError,
  type StoreErrorCode,
  type StoreResult,
  type Uid,
} from '@scorpiox/maildir';

/** Whether a failure, thrown or answered, says that the store's index was replaced: only opening it anew helps. */
export function isIndexReplaced(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'index-replaced';
}
