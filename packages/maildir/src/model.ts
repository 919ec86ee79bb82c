/** What mail is made of in the public contract: identifiers, messages, changes, errors. The operations are in api.ts. */

declare const brand: unique symbol;
type Brand<T, B extends string> = T & { readonly [brand]: B };

/**
 * A message's unique identifier in its mailbox, 1 … 2^32-1, strictly ascending (RFC 9051 §2.3.1.1). `parseUid` makes one of a
 * number that was written down.
 */
export type Uid = Brand<number, 'Uid'>;
/**
 * Modification sequence, 1 … 2^63-1 in the RFC; ours stay below 2^53 (RFC 7162 §3.1). `parseModSeq` makes one of a number that
 * was written down.
 */
export type ModSeq = Brand<number, 'ModSeq'>;
/** Changes when the UIDs of a mailbox were given anew, and only rises; 1 … 2^32-1 (RFC 9051 §2.3.1.1). */
export type UidValidity = Brand<number, 'UidValidity'>;
/**
 * A mailbox name as people see it, in Unicode, levels divided by `.`; INBOX is always upper case. `parseMailboxName` makes
 * one of text. A name that is none (a cast, or JavaScript) is answered with `invalid-name` by every operation.
 */
export type MailboxName = Brand<string, 'MailboxName'>;
/** The part of a Maildir file name before `:2,`: it stays the same for the life of a message. */
export type BaseName = Brand<string, 'BaseName'>;
/** Names a message or a mailbox for good, whatever it is renamed to: 1 … 255 of `A-Za-z0-9_-` (RFC 8474 §4, §5). */
export type ObjectId = Brand<string, 'ObjectId'>;

/** The hierarchy delimiter of Maildir++ folder names. */
export const DELIMITER = '.';

/** System flags that a client can set; \Recent is no stored flag (RFC 3501 §2.3.2). */
export type SystemFlag = '\\Answered' | '\\Flagged' | '\\Deleted' | '\\Seen' | '\\Draft';
/**
 * A system flag or a keyword: an atom of at most 255 bytes (RFC 9051 §9), compared without case, kept as first spelled.
 * Anything else is `invalid-keyword`, \Recent and system flags that are not in `SystemFlag` among it.
 */
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
  /** INTERNALDATE in milliseconds since the epoch, 0 … 253402300799000 (the year 9999). */
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
  /** False where a limit has left changes to be asked for at once, and on every page but the last. */
  readonly complete: boolean;
}

/**
 * One thing that happened in a mailbox. A message that came and went between two looks is not mentioned. The events of one
 * look come in this order: `keywords`, then `arrived` ascending by UID, then `flags` and `expunged` of messages that were
 * known before, as the index has them, and `upTo` last.
 */
export type MailboxEvent =
  | { readonly kind: 'arrived'; readonly message: MessageState }
  | { readonly kind: 'flags'; readonly message: MessageState }
  | { readonly kind: 'expunged'; readonly uid: Uid }
  | { readonly kind: 'keywords'; readonly keywords: readonly Flag[] }
  /**
   * Everything up to here has been told. These two numbers, and no message's own, are where to resume by `events`: what
   * comes before this event is not in the order of modification sequences. The reader that is stopped in between is told
   * some things twice, and misses nothing.
   */
  | { readonly kind: 'upTo'; readonly modSeq: ModSeq; readonly uidNext: number }
  /** The last event: the mailbox was deleted or renamed, or its index replaced. */
  | { readonly kind: 'lost'; readonly error: StoreError };

/** Where events begin, and what ends them. */
export interface EventsOptions {
  /** Where the reader was told up to; from now on when absent. Older than `historyFrom`, expunges may be missing. */
  readonly since?: ModSeq;
  /**
   * The mailbox's UIDNEXT of that moment: with it, messages from there on are new to the reader, and no others, and their
   * expunges are not told. Without it that is guessed: a message whose flags have changed since may be said to have
   * arrived, and every expunge is told.
   */
  readonly uidNext?: number;
  /** Ends the events without an error. */
  readonly signal?: AbortSignal;
}

/** Why the store refused or failed; `message` is a sentence for a person and holds no mail content. */
export interface StoreError {
  readonly code: StoreErrorCode;
  readonly message: string;
}

export type StoreErrorCode =
  /** No folder of this name, or none with a `cur/`; an open mailbox that was deleted or renamed. */
  | 'no-such-mailbox'
  | 'mailbox-exists'
  /** What `parseMailboxName` refuses, a name that the file system cannot hold, or an annotation that may not be called so. */
  | 'invalid-name'
  /** INBOX cannot be deleted, a mailbox cannot be moved below itself, and so on: the operation's description says which. */
  | 'not-permitted'
  /** The message was expunged. */
  | 'vanished'
  /** The store's Maildir++ quota, or the disk quota of the operating system, is used up; nothing was stored. */
  | 'quota-exceeded'
  /** The disk is full; nothing was stored. */
  | 'no-space'
  /** More data than was announced, or than the file system or an annotation can hold. */
  | 'too-large'
  /** The data of a message ended before its announced length. */
  | 'incomplete'
  /** More keywords than a mailbox may hold (500), or a flag that is no system flag and no atom. */
  | 'invalid-keyword'
  /**
   * For now: the index is locked, the disk reports an error, files are being renamed all the time. Trying again may help.
   * Also whatever is asked of a store after `close`.
   */
  | 'unavailable'
  /**
   * The index file was replaced or removed under the open store, is damaged, or was migrated by a newer version. This store
   * stays unusable: close it and open the store again, which builds the index anew where it has to.
   */
  | 'index-replaced'
  /** Permissions or ownership of the Maildir forbid it, or it lies on a read-only file system. */
  | 'access-denied';

/** What an operation answers. It rejects, or throws, only for a caller's mistake or with the reason of an AbortSignal. */
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

/** An annotation of a mailbox or of the store (RFC 5464 §3). */
export interface Metadata {
  /**
   * Below `/private/` or `/shared/`, levels of ASCII divided by `/`, without `*` and `%`, at most 255 bytes; compared without
   * case and kept in lower case.
   */
  readonly entry: string;
  /** At most 65,536 bytes. */
  readonly value: Uint8Array;
}

/** Maildir++ limits of a whole store, whole numbers from 1 to 999,999,999,999,999; undefined where there is none. */
export interface QuotaLimits {
  /** Bytes of message files as they lie on disk. */
  readonly storage: number | undefined;
  readonly messages: number | undefined;
}

/** What a store may hold, and what it holds. */
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
  /** Sum of sizes, bytes with line ends counted as CRLF. Means nothing where `StatusOptions.size` was false. */
  readonly size: number;
  readonly mailboxId: ObjectId;
}

/** Which numbers of a mailbox are wanted. */
export interface StatusOptions {
  /** Whether the sum of sizes is wanted; true when absent. Without it, no file is looked at. */
  readonly size?: boolean;
  /** Stops looking at files: what was learnt until then is kept, and the signal's reason is thrown. */
  readonly signal?: AbortSignal;
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

/** Where and until when a text is looked for. */
export interface FindTextOptions {
  /** The messages to look in; all of the mailbox when absent. */
  readonly uids?: Iterable<Uid>;
  /** Ends the search: the signal's reason is thrown. */
  readonly signal?: AbortSignal;
}

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
  /**
   * The same in chunks of at most 64 KiB, for messages that must not be held in memory. Throws what the signal's reason is;
   * leaving the loop ends it as well.
   */
  stream(start?: number, length?: number, signal?: AbortSignal): AsyncIterable<Uint8Array>;
  /** Closes the file, once; nothing can be read afterwards. */
  close(): Promise<void>;
}

/** Wire text derived from a message once and kept in the index: opaque to this package. */
export interface Rendered {
  /** Changes when the renderer changes; other versions count as absent. */
  readonly version: number;
  readonly envelope: string;
  /** Empty while it has not been made, like the next one: then what is there already stays. */
  readonly body: string;
  readonly bodyStructure: string;
}

/** One of the texts of `Rendered`. */
export type RenderedText = Exclude<keyof Rendered, 'version'>;

/** `replace` leaves what no client can set as it is: letters of other programs in the file name. */
export type FlagOperation = 'add' | 'remove' | 'replace';

/** A change of flags, the same for all the messages it is applied to (RFC 9051 §6.4.6). */
export interface FlagChange {
  readonly operation: FlagOperation;
  readonly flags: readonly Flag[];
  /** Messages that changed after this are left as they are (RFC 7162 §3.1.3, UNCHANGEDSINCE; 0 leaves all). */
  readonly unchangedSince?: number;
}

/** What a change of flags did. */
export interface FlagsChanged {
  /** The messages as they are afterwards, ascending by UID; vanished ones are left out. */
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

/** Where copied or moved messages landed. */
export interface Copied {
  /** The destination's. */
  readonly uidValidity: UidValidity;
  /** Pairs in the order of the source UIDs; those that had vanished are left out. */
  readonly pairs: readonly { readonly source: Uid; readonly destination: Uid }[];
}

/** A message to be stored. */
export interface NewMessage {
  /** The message's bytes as they are to be stored. What the iterable throws is thrown on; nothing is stored then. */
  readonly content: AsyncIterable<Uint8Array> | Uint8Array;
  /** None when absent: the message lands in new/ then. */
  readonly flags?: readonly Flag[];
  /**
   * INTERNALDATE in milliseconds since the epoch; now when absent. A fraction is cut off, and what lies outside 1970 … 9999
   * becomes the nearest moment in it. NaN or an infinite number is a caller's mistake: `RangeError`, and nothing is stored.
   */
  readonly internalDate?: number;
  /**
   * The base name of its file, for a message that comes back from a backup: it keeps its EMAILID, and who brings it back twice
   * knows it by that. No file of the mailbox may have it. A fresh one when absent, or where this one cannot be a file's.
   */
  readonly baseName?: BaseName;
  /** The exact length when it is known beforehand; anything else is `incomplete` or `too-large`. */
  readonly length?: number;
  /** Stops the delivery before anything is stored: what the signal's reason is, is thrown. */
  readonly signal?: AbortSignal;
}

/** What was written for a way back to Dovecot: `dovecot-uidlist` (v3), `dovecot-keywords` and `subscriptions`. */
export interface DovecotExport {
  /** How many were written. Messages whose file names hold a line end cannot be: Dovecot gives them new UIDs. */
  readonly mailboxes: number;
  readonly messages: number;
  /** Keywords that have no letter and so stay behind, by mailbox. */
  readonly keywordsLeft: readonly { readonly name: MailboxName; readonly keyword: Flag; readonly messages: number }[];
}
