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
  parseMailboxName,
  type StoreError,
  type StoreErrorCode,
  type StoreResult,
  type Uid,
} from '@scorpiox/maildir';
