/** A Maildir++ store with stable UIDs, change events and durable delivery. */
export type * from './api.ts';
export { DELIMITER } from './api.ts';
export { type BackUpOptions, type BackUpReport, backUpMail } from './backup/back-up.ts';
export { bringBack, carryOver, findMissing, hasMessages, type Missing } from './backup/bring-back.ts';
export { BackupFailure } from './backup/failure.ts';
export { finishStaging, type Staging, stageMailbox } from './backup/stage.ts';
export { type Section, type Survey, surveyBackup } from './backup/survey.ts';
export {
  type BackupFault,
  type BackupFinding,
  type VerifyBackupOptions,
  verifyBackup,
} from './backup/verify-backup.ts';
export { StoreFailure } from './errors.ts';
export type { FileSystem, OpenFile, Stat, SynchronousFileSystem, WrittenFile } from './files/file-system.ts';
export { nodeFileSystem } from './files/node-file-system.ts';
export { makeDefaultMailboxes } from './folders/default-mailboxes.ts';
export type { Repeat } from './index/copy.ts';
export type { IndexTrouble } from './index/index-reader.ts';
export { isOpenElsewhere } from './index/numbers.ts';
export { placeToRead } from './index/place-to-read.ts';
export type { TextMailbox } from './index/text-db.ts';
export type { StoreLog, StoreLogCode, StoreLogEntry, StoreStats } from './log.ts';
export { moveIndex } from './mend/index-place.ts';
export { readMailboxNumbers, setMailboxNumbers } from './mend/numbers.ts';
export { renameMessage } from './mend/rename-message.ts';
export { parseModSeq, parseUid } from './names/ids.ts';
export { decodeUtf7, encodeUtf7, INBOX, parseMailboxName } from './names/mailbox-name.ts';
export { formatSpecialUse, parseSpecialUse, SPECIAL_USE } from './names/special-use.ts';
export type { MailStoreOptions } from './opening.ts';
export type { FileFacts, FolderReader, OpenedFile, ReadMessage, Tally } from './reader/folder-reader.ts';
export {
  type ListedMailbox,
  type MailboxNumbers,
  MailReader,
  type MailReaderOptions,
  type SideFiles,
  type TextFinding,
} from './reader/mail-reader.ts';
export { shownOctets, storedOctets, structureOf } from './reader/octets.ts';
export { type MaildirStore, openMailStore } from './store.ts';
export type { TextPlace, TextQuestion } from './text/protocol.ts';
export type { Found as TextFound } from './text/search.ts';
export { type StoreText, type TextService, type TextServiceOptions, textWorker } from './text/service.ts';
export type { Fault, Finding, FoundFile } from './verify/faults.ts';
export { type NumberRemedy, numberRemedies } from './verify/number-remedies.ts';
export { type Remedy, remediesOf } from './verify/remedy.ts';
export { type VerifyOptions, verifyMaildir } from './verify/verify.ts';
