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
/** Names a message or a mailbox for good, whatever it is renamed to: 1 … 255 of `A-Za-z0-9_-` (RFC 8474 §4, §5). */
export type ObjectId = Brand<string, 'ObjectId'>;

/** The hierarchy delimiter of Maildir++ folder names. */
export const DELIMITER = '.';

/** System flags that a client can set; \Recent is no stored flag (RFC 3501 §2.3.2). */
export type SystemFlag = '\\Answered' | '\\Flagged' | '\\Deleted' | '\\Seen' | '\\Draft';
/** A system flag or a keyword (an atom, compared without case, kept as first spelled). */
export type Flag = string;

/** What can change of a message, as the index has it. Immutable: a change makes a new one. */
export interface MessageState {
  readonly uid: Uid;
  readonly modSeq: ModSeq;
  /** System flags and keywords, without \Recent. */
  readonly flags: ReadonlySet<Flag>;
  /** No read-write session has been told of this message yet. */
  readonly recent: boolean;
}

/** A message's state and what never changes of it; the file is looked at once to learn the latter. */
export interface MessageRecord extends MessageState {
  readonly baseName: BaseName;
  /** The same wherever the message is copied or moved to within the store (RFC 8474 §5). */
  readonly emailId: ObjectId;
  /** INTERNALDATE in milliseconds since the epoch. */
  readonly internalDate: number;
  /** When the message came into this mailbox, milliseconds since the epoch (RFC 8514 §4.1). */
  readonly saveDate: number;
  /** Size in bytes with every line end counted as CRLF: RFC822.SIZE. */
  readonly size: number;
}

/** What happened in a mailbox since a modification sequence. */
export interface MailboxChanges {
  /** New messages and messages whose flags changed, ascending by UID. A uid above the last known one is new. */
  readonly changed: readonly MessageState[];
  /** UIDs that are gone, ascending; complete only where `since` is not below the mailbox's `historyFrom`. */
  readonly vanished: readonly Uid[];
  /** Where to ask from next time. */
  readonly highestModSeq: ModSeq;
}

/** One thing that happened in a mailbox. A message that came and went between two looks is not mentioned. */
export type MailboxEvent =
  | { readonly kind: 'arrived'; readonly message: MessageState }
  | { readonly kind: 'flags'; readonly message: MessageState }
  | { readonly kind: 'expunged'; readonly uid: Uid }
  | { readonly kind: 'keywords'; readonly keywords: readonly Flag[] }
  /** The last event: the mailbox was deleted or renamed, or its index replaced. */
  | { readonly kind: 'lost'; readonly error: StoreError };

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
  /** What the mailbox is for (RFC 6154 §2), from its METADATA `/private/specialuse`. */
  readonly specialUse: readonly SpecialUse[];
}

/** RFC 6154 §2, without \All and \Flagged, which no folder of a Maildir can be. */
export type SpecialUse = '\\Archive' | '\\Drafts' | '\\Junk' | '\\Sent' | '\\Trash';

/** An annotation (RFC 5464 §3): entry names are compared without case and kept in lower case. */
export interface Metadata {
  readonly entry: string;
  readonly value: Uint8Array;
}

/** Maildir++ limits of a whole store; undefined where there is none. */
export interface QuotaLimits {
  /** Bytes of message files as they lie on disk. */
  readonly storage: number | undefined;
  readonly messages: number | undefined;
}

export interface Quota {
  readonly limits: QuotaLimits;
  readonly used: { readonly storage: number; readonly messages: number };
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
  readonly mailboxId: ObjectId;
}

/** How far the text index of a store is. */
export interface TextIndexStatus {
  readonly mailboxes: readonly {
    readonly name: MailboxName;
    readonly messages: number;
    /** Messages whose text can be searched without reading their files. */
    readonly indexed: number;
  }[];
  /** Bytes of the text index on disk. */
  readonly bytes: number;
}

/** Where a text is looked for: in bodies, in bodies and all headers, or in the values of one header field. */
export type TextScope = 'body' | 'text' | { readonly header: string };

/** What a text search found. */
export interface TextHits {
  /** Messages that hold the text, ascending: each hit was verified against the message's decoded text. */
  readonly hits: readonly Uid[];
  /** Messages whose text is not in the index: whoever asks has to read those. Ascending. */
  readonly unindexed: readonly Uid[];
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
  /** Messages that changed after this are left as they are (RFC 7162 §3.1.3, UNCHANGEDSINCE; 0 leaves all). */
  readonly unchangedSince?: number;
}

/** What a change of flags did. */
export interface FlagsChanged {
  /** The messages as they are now, ascending by UID; vanished ones are left out. */
  readonly changed: readonly MessageState[];
  /** Those that `unchangedSince` kept from being changed, ascending (RFC 7162 §3.1.3, MODIFIED). */
  readonly modified: readonly Uid[];
}

/** Where an appended or copied message landed: APPENDUID and COPYUID (RFC 4315 §3). */
export interface Appended {
  readonly uidValidity: UidValidity;
  readonly uid: Uid;
}

/** Where several messages landed, in their order. */
export interface AppendedAll {
  readonly uidValidity: UidValidity;
  readonly uids: readonly Uid[];
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
  /** Stops the delivery before anything is stored: what the signal's reason is, is thrown. */
  readonly signal?: AbortSignal;
}

/** A mailbox that is open: it watches its folder until it is closed. Many callers in a process may share one. */
export interface Mailbox {
  readonly name: MailboxName;
  readonly mailboxId: ObjectId;
  readonly uidValidity: UidValidity;
  /** The next UID that will be given, as last seen. */
  readonly uidNext: number;
  readonly highestModSeq: ModSeq;
  /** Expunges are remembered from this modification sequence on; older ones have been forgotten. */
  readonly historyFrom: ModSeq;
  /** Keywords in use in this mailbox. */
  keywords(): readonly Flag[];
  /** The UIDs of all messages, ascending, as the index has them now: four bytes a message. */
  uids(): Uint32Array;
  /** One message's state; undefined when it is gone. */
  state(uid: Uid): MessageState | undefined;
  /** The states of these messages (all when absent), ascending by UID, read from the index while they are asked for. */
  states(uids?: Iterable<Uid>): Iterable<MessageState>;
  /**
   * Whole records of these messages (all when absent), ascending by UID, in slices of some hundred so that the loop turns in
   * between. Messages that vanish on the way are left out. Throws what the signal's reason is.
   */
  records(uids?: Iterable<Uid>, signal?: AbortSignal): AsyncIterable<readonly MessageRecord[]>;
  /** What changed after `since` in the index (it does not look at the disk: `refresh` does). */
  changesSince(since: ModSeq): MailboxChanges;
  /** Looks at the folder now where there is reason to; resolves when the index is as true as the disk was at the call. */
  refresh(): Promise<StoreResult<void>>;
  /**
   * Called (at most once per turn of the loop) after the index changed, whoever changed it; and once when the mailbox was
   * deleted or renamed, or its index replaced: `refresh` then says which. Returns the unsubscriber.
   */
  onChange(listener: () => void): () => void;
  /**
   * Everything that happens after `since` (from now on when absent), in the order of the index, until the signal aborts,
   * the mailbox is closed or lost. Nothing is queued: a slow reader gets the newest state of what changed meanwhile.
   */
  events(options?: { readonly since?: ModSeq; readonly signal?: AbortSignal }): AsyncIterable<MailboxEvent>;
  /** The messages that are \Recent, ascending. */
  recent(): readonly Uid[];
  /** Takes \Recent away from every message that has it and returns their UIDs: only one session gets each. */
  claimRecent(): readonly Uid[];
  /** Opens a message's file, wherever it was moved to meanwhile; `vanished` when it is gone for good. */
  open(uid: Uid): Promise<StoreResult<MessageContent>>;
  rendered(uid: Uid, version: number): Rendered | undefined;
  keepRendered(uid: Uid, rendered: Rendered): void;
  /**
   * Changes flags by renaming files. Nothing of it is lost when the process dies; when the machine does, the flags of the
   * last second may be (limits.ts, FLAG_SYNC), and every modification sequence given before stays below those given after.
   */
  store(uids: readonly Uid[], change: FlagChange): Promise<StoreResult<FlagsChanged>>;
  append(message: NewMessage): Promise<StoreResult<Appended>>;
  /** Copies flags and INTERNALDATE as well; all or nothing. */
  copy(uids: readonly Uid[], destination: MailboxName): Promise<StoreResult<Copied>>;
  /** Moves files; each message is in one of the two mailboxes at every moment (RFC 6851 §3.3). Those that vanish are left out. */
  move(uids: readonly Uid[], destination: MailboxName): Promise<StoreResult<Copied>>;
  /** Removes those of `uids` (all messages when absent) that carry \Deleted. Returns the UIDs removed, ascending. */
  expunge(uids?: readonly Uid[]): Promise<StoreResult<readonly Uid[]>>;
  /** Looks for a text, compared by i;unicode-casemap (RFC 5051), in these messages (all when absent), through the text index. */
  findText(
    text: string,
    scope: TextScope,
    options?: { readonly uids?: Iterable<Uid>; readonly signal?: AbortSignal },
  ): Promise<StoreResult<TextHits>>;
  close(): Promise<void>;
}

/** What was written for a way back to Dovecot: `dovecot-uidlist` (v3), `dovecot-keywords` and `subscriptions`. */
export interface DovecotExport {
  readonly mailboxes: number;
  readonly messages: number;
  /** Keywords that have no letter and so stay behind, by mailbox. */
  readonly keywordsLeft: readonly { readonly name: MailboxName; readonly keyword: Flag; readonly messages: number }[];
}

/** One user's mail. */
export interface MailStore {
  list(): Promise<StoreResult<readonly MailboxInfo[]>>;
  /** Names subscribed to, whether they exist or not (RFC 9051 §6.3.7). */
  subscriptions(): Promise<StoreResult<readonly MailboxName[]>>;
  subscribe(name: MailboxName, on: boolean): Promise<StoreResult<void>>;
  create(name: MailboxName, specialUse?: SpecialUse): Promise<StoreResult<void>>;
  delete(name: MailboxName): Promise<StoreResult<void>>;
  /** Renames with all children; of INBOX it moves the messages and leaves INBOX empty (RFC 9051 §6.3.6). */
  rename(from: MailboxName, to: MailboxName): Promise<StoreResult<void>>;
  /**
   * The numbers of a mailbox, open or not. Where `size` is false, files that nobody has looked at yet are not looked at
   * for it: the answer's `size` then means nothing.
   */
  status(name: MailboxName, options?: { readonly size?: boolean }): Promise<StoreResult<MailboxStatus>>;
  open(name: MailboxName): Promise<StoreResult<Mailbox>>;
  /** tmp, fsync, rename, directory fsync, index. Used for APPEND to a mailbox that is not open, and by delivery. */
  append(name: MailboxName, message: NewMessage): Promise<StoreResult<Appended>>;
  /** All of them or none (RFC 3502); they share their syncs. Each content is read to its end before the next is asked for. */
  appendAll(
    name: MailboxName,
    messages: AsyncIterable<NewMessage> | Iterable<NewMessage>,
  ): Promise<StoreResult<AppendedAll>>;
  /** The annotations of a mailbox, or of the store where `name` is undefined, ascending by entry (RFC 5464). */
  metadata(name: MailboxName | undefined): Promise<StoreResult<readonly Metadata[]>>;
  /** Sets annotations, all or none of them; a value of undefined removes one. */
  setMetadata(
    name: MailboxName | undefined,
    changes: readonly { readonly entry: string; readonly value: Uint8Array | undefined }[],
  ): Promise<StoreResult<void>>;
  /** The store's Maildir++ quota, as `maildirsize` has it; undefined where none is set. */
  quota(): Promise<StoreResult<Quota | undefined>>;
  /** Sets the limits, or takes the quota away; what is used is counted anew. */
  setQuota(limits: QuotaLimits | undefined): Promise<StoreResult<void>>;
  textIndex(): Promise<StoreResult<TextIndexStatus>>;
  /** Builds the text index of every mailbox now, whatever their sizes; resolves when all is in it. */
  buildTextIndex(signal?: AbortSignal): Promise<StoreResult<TextIndexStatus>>;
  /** Writes what Dovecot needs to take the Maildir over with its UIDs and keywords: see `DovecotExport`. */
  exportForDovecot(): Promise<StoreResult<DovecotExport>>;
  close(): Promise<void>;
}
