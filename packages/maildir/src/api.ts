/**
 * What `apps/imap` and `apps/cli` know of mail: the public contract of this package. Everything is per user; a
 * `MailStore` is one user's Maildir++ tree with its index. How it keeps its promises is told in ../README.md.
 *
 * The promises, for whoever calls:
 *  - A UID names one message of one mailbox for as long as UIDVALIDITY stays (RFC 9051 §2.3.1.1).
 *  - What was answered is on disk: `deliver`, `append`, `store`, `copy`, `expunge` resolve after fsync and commit.
 *  - A file that somebody renamed is looked for again by its base name; `vanished` is said only of what is gone.
 *  - Changes by other processes arrive through `onChange` without anybody asking; `refresh` makes sure of it now.
 *  - What answers no `StoreResult` throws where the index cannot be read: an `Error` whose `code` is `index-replaced`
 *    where it is damaged, SQLite's own error where the disk fails.
 */

declare const brand: unique symbol;
type Brand<T, B extends string> = T & { readonly [brand]: B };

/** A message's unique identifier in its mailbox, 1 … 2^32-1, strictly ascending (RFC 9051 §2.3.1.1). */
export type Uid = Brand<number, 'Uid'>;
/** Modification sequence, 1 … 2^63-1 in the RFC; ours stay below 2^53 (RFC 7162 §3.1). */
export type ModSeq = Brand<number, 'ModSeq'>;
/** Changes when the UIDs of a mailbox were given anew; never 0 (RFC 9051 §2.3.1.1). */
export type UidValidity = Brand<number, 'UidValidity'>;
/** A mailbox name as people see it, in Unicode, levels divided by `.`; INBOX is always upper case. */
export type MailboxName = Brand<string, 'MailboxName'>;
/** The part of a Maildir file name before `:2,`: it stays the same for the life of a message. */
export type BaseName = Brand<string, 'BaseName'>;

/** The hierarchy delimiter of Maildir++ folder names. */
export const DELIMITER = '.';

/** System flags that a client can set; \Recent is no stored flag (RFC 3501 §2.3.2). */
export type SystemFlag = '\\Answered' | '\\Flagged' | '\\Deleted' | '\\Seen' | '\\Draft';
/** A system flag or a keyword (an atom, compared without case, kept as first spelled). */
export type Flag = string;

/** One message as the index knows it. Immutable: a change makes a new record. */
export interface MessageRecord {
  readonly uid: Uid;
  readonly modSeq: ModSeq;
  readonly baseName: BaseName;
  /** System flags and keywords, without \Recent. */
  readonly flags: ReadonlySet<Flag>;
  /** No read-write session has been told of this message yet. */
  readonly recent: boolean;
  /** INTERNALDATE in milliseconds since the epoch. */
  readonly internalDate: number;
  /** Size in bytes with every line end counted as CRLF: RFC822.SIZE. */
  readonly size: number;
}

/** What happened in a mailbox since a modification sequence. */
export interface MailboxChanges {
  /** New messages and messages whose flags changed, ascending by UID. A uid above the last known one is new. */
  readonly changed: readonly MessageRecord[];
  /** UIDs that are gone, ascending. */
  readonly vanished: readonly Uid[];
  /** Where to ask from next time. */
  readonly highestModSeq: ModSeq;
}

/** Why the store refused or failed; `message` is a sentence for a person and holds no mail content. */
export interface StoreError {
  readonly code: StoreErrorCode;
  readonly message: string;
}

export type StoreErrorCode =
  | 'no-such-mailbox'
  | 'mailbox-exists'
  | 'invalid-name'
  /** INBOX cannot be deleted; a mailbox with children cannot be created over, and so on. */
  | 'not-permitted'
  /** The message was expunged. */
  | 'vanished'
  | 'quota-exceeded'
  | 'no-space'
  /** A message above the limit, or append data that ended early. */
  | 'too-large'
  | 'incomplete'
  /** More keywords than a mailbox may hold, or a keyword that is no atom. */
  | 'invalid-keyword'
  /** The index could not be written or read for now (locked, disk trouble); trying again may help. */
  | 'unavailable'
  /**
   * The index file was replaced or removed under the open store, or is damaged. This store stays unusable: close it and
   * open the store again, which builds the index anew where it has to.
   */
  | 'index-replaced'
  /** Permissions or ownership of the Maildir forbid it. */
  | 'access-denied';

export type StoreResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: StoreError };

/** One mailbox in a listing. */
export interface MailboxInfo {
  readonly name: MailboxName;
  /** False where only children exist (`a.b` without `a`). */
  readonly selectable: boolean;
  readonly hasChildren: boolean;
  readonly subscribed: boolean;
}

/** The numbers that STATUS answers (RFC 9051 §6.3.11, RFC 3501 §6.3.10). */
export interface MailboxStatus {
  readonly messages: number;
  readonly recent: number;
  readonly unseen: number;
  readonly uidNext: number;
  readonly uidValidity: UidValidity;
  readonly highestModSeq: ModSeq;
  readonly deleted: number;
  /** Sum of sizes, bytes. */
  readonly size: number;
}

/**
 * An open message file: reading goes on even if the file is renamed or removed meanwhile. Where it cannot go on, `read`
 * rejects and `stream` throws an `Error` with the two fields of a `StoreError`: `unavailable` when the disk reports an
 * error, or when somebody cut the file short. What was yielded before is right.
 */
export interface MessageContent {
  /** Bytes that `read` and `stream` speak of: every line end as CRLF. */
  readonly size: number;
  /** The whole message, or `length` bytes from `start` (clipped at the end). */
  read(start?: number, length?: number): Promise<Uint8Array>;
  /** The same in chunks of at most 64 KiB, for messages that must not be held in memory. */
  stream(start?: number, length?: number): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/** Wire text derived from a message once and kept in the index: opaque to this package. */
export interface Rendered {
  /** Changes when the renderer changes; other versions count as absent. */
  readonly version: number;
  readonly envelope: string;
  readonly body: string;
  readonly bodyStructure: string;
}

export type FlagOperation = 'add' | 'remove' | 'replace';

export interface FlagChange {
  readonly operation: FlagOperation;
  readonly flags: readonly Flag[];
}

/** Where an appended or copied message landed: APPENDUID and COPYUID (RFC 4315 §3). */
export interface Appended {
  readonly uidValidity: UidValidity;
  readonly uid: Uid;
}

export interface Copied {
  readonly uidValidity: UidValidity;
  /** Pairs in the order of the source UIDs; those that had vanished are left out. */
  readonly pairs: readonly { readonly source: Uid; readonly destination: Uid }[];
}

export interface NewMessage {
  /** The message's bytes as they are to be stored. What the iterable throws is thrown on; nothing is stored then. */
  readonly content: AsyncIterable<Uint8Array> | Uint8Array;
  readonly flags?: readonly Flag[];
  /** Milliseconds since the epoch; now when absent. */
  readonly internalDate?: number;
  /** The exact length when it is known beforehand; anything else is `incomplete` or `too-large`. */
  readonly length?: number;
}

/** A mailbox that is open: it watches its folder until it is closed. Many callers in a process may share one. */
export interface Mailbox {
  readonly name: MailboxName;
  readonly uidValidity: UidValidity;
  /** The next UID that will be given, as last seen. */
  readonly uidNext: number;
  readonly highestModSeq: ModSeq;
  /** Keywords in use in this mailbox. */
  keywords(): readonly Flag[];
  /** All messages, ascending by UID, as the index has them now. */
  messages(): readonly MessageRecord[];
  /** What changed after `since` in the index (it does not look at the disk: `refresh` does). */
  changesSince(since: ModSeq): MailboxChanges;
  /** Looks at the folder now where there is reason to; resolves when the index is as true as the disk was at the call. */
  refresh(): Promise<StoreResult<void>>;
  /**
   * Called (at most once per turn of the loop) after the index changed, whoever changed it; and once when the mailbox was
   * deleted or renamed, or its index replaced: `refresh` then says which. Returns the unsubscriber.
   */
  onChange(listener: () => void): () => void;
  /** Takes \Recent away from every message that has it and returns their UIDs: only one session gets each. */
  claimRecent(): readonly Uid[];
  /** Opens a message's file, wherever it was moved to meanwhile; `vanished` when it is gone for good. */
  open(uid: Uid): Promise<StoreResult<MessageContent>>;
  rendered(uid: Uid, version: number): Rendered | undefined;
  keepRendered(uid: Uid, rendered: Rendered): void;
  /** Changes flags by renaming files; vanished messages are left out of the answer. Durable when resolved. */
  store(uids: readonly Uid[], change: FlagChange): Promise<StoreResult<readonly MessageRecord[]>>;
  append(message: NewMessage): Promise<StoreResult<Appended>>;
  /** Copies flags and INTERNALDATE as well; all or nothing. */
  copy(uids: readonly Uid[], destination: MailboxName): Promise<StoreResult<Copied>>;
  /** Removes those of `uids` (all messages when absent) that carry \Deleted. Returns the UIDs removed, ascending. */
  expunge(uids?: readonly Uid[]): Promise<StoreResult<readonly Uid[]>>;
  close(): Promise<void>;
}

/** One user's mail. */
export interface MailStore {
  list(): Promise<StoreResult<readonly MailboxInfo[]>>;
  /** Names subscribed to, whether they exist or not (RFC 9051 §6.3.7). */
  subscriptions(): Promise<StoreResult<readonly MailboxName[]>>;
  subscribe(name: MailboxName, on: boolean): Promise<StoreResult<void>>;
  create(name: MailboxName): Promise<StoreResult<void>>;
  delete(name: MailboxName): Promise<StoreResult<void>>;
  /** Renames with all children; of INBOX it moves the messages and leaves INBOX empty (RFC 9051 §6.3.6). */
  rename(from: MailboxName, to: MailboxName): Promise<StoreResult<void>>;
  status(name: MailboxName): Promise<StoreResult<MailboxStatus>>;
  open(name: MailboxName): Promise<StoreResult<Mailbox>>;
  /** tmp, fsync, rename, directory fsync, index. Used for APPEND to a mailbox that is not open, and by delivery. */
  append(name: MailboxName, message: NewMessage): Promise<StoreResult<Appended>>;
  close(): Promise<void>;
}
