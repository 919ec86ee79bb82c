/** A Maildir++ store with stable UIDs, change events and durable delivery. */
export type * from './api.ts';
export { DELIMITER } from './api.ts';
export type { StoreLog, StoreLogEntry, StoreStats } from './log.ts';
export { INBOX, parseMailboxName } from './names/mailbox-name.ts';
export { type MaildirStore, type MailStoreOptions, openMailStore } from './store.ts';
export { type TextService, type TextServiceOptions, textWorker } from './text/service.ts';
