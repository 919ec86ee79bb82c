/**
 * What `apps/imap` and `apps/cli` know of mail: the public contract of this package. Everything is per user; a
 * `MailStore` is one user's Maildir++ tree with its index. How it keeps its promises is told in ../README.md.
 *
 * The promises, for whoever calls:
 *  - A UID names one message of one mailbox for as long as UIDVALIDITY stays (RFC 9051 §2.3.1.1).
 *  - What was answered is on disk: `append`, `copy`, `move`, `expunge` and the changes of mailboxes, subscriptions
 *    and annotations resolve after fsync and commit. Flags are the exception: see `Mailbox.store`.
 *  - A file that somebody renamed is looked for again by its base name; `vanished` is said only of what is gone.
 *  - Changes by other processes arrive through `onChange` without anybody asking; `refresh` makes sure of it now.
 *
 * Errors. Every operation with a `StoreResult` may answer `unavailable`, `index-replaced` and `access-denied`, those that
 * write `no-space` and, where the operating system limits a user's disk, `quota-exceeded`. Those that name a mailbox may
 * answer `invalid-name` and `no-such-mailbox`, which all operations of an open mailbox answer once it was deleted or renamed.
 * Each description names what comes on top of that. What answers no `StoreResult` throws where the index cannot be read: an
 * `Error` whose `code` is `index-replaced` where it is damaged and `unavailable` after the store was closed, SQLite's own error
 * where the disk fails. What only a mistake of the caller's can bring about (a date that is no number) is thrown, or rejects.
 *
 * An AbortSignal stops what is long. What reads (summing, searching, building and exporting among it), a message that is being
 * received and `copy` then throw the signal's reason, and nothing of them is left half done. `store`, `move` and `expunge`
 * stop between two messages: what was done stays done, and the answer, which is no error, tells just that.
 */
import type {
  Appended,
  AppendedAll,
  Copied,
  DovecotExport,
  EventsOptions,
  FindTextOptions,
  Flag,
  FlagChange,
  FlagsChanged,
  MailboxChanges,
  MailboxEvent,
  MailboxInfo,
  MailboxName,
  MailboxStatus,
  MessageContent,
  MessageRecord,
  MessageState,
  Metadata,
  ModSeq,
  NewMessage,
  ObjectId,
  Quota,
  QuotaLimits,
  Rendered,
  RenderedText,
  SpecialUse,
  StatusOptions,
  StoreResult,
  TextHits,
  TextIndexStatus,
  TextScope,
  Uid,
  UidValidity,
} from './model.ts';

export type * from './model.ts';
export { DELIMITER } from './model.ts';

/**
 * A mailbox that is open: it watches its folder until it is closed. Many callers in a process may share one. UIDs that the
 * mailbox does not have, or no longer, are passed over, unless a method says otherwise.
 */
export interface Mailbox {
  readonly name: MailboxName;
  /** MAILBOXID: the same under every name that the mailbox is given by `rename` (RFC 8474 §4). */
  readonly mailboxId: ObjectId;
  readonly uidValidity: UidValidity;
  /** The next UID that will be given, as last seen. */
  readonly uidNext: number;
  /** As last seen. */
  readonly highestModSeq: ModSeq;
  /** Expunges are remembered from this modification sequence on; older ones have been forgotten. */
  readonly historyFrom: ModSeq;
  /** Keywords in use in this mailbox, as last seen. Throws nothing. */
  keywords(): readonly Flag[];
  /** The UIDs of all messages, ascending, as the index has them now: four bytes a message. */
  uids(): Uint32Array;
  /** One message's state; undefined when it is gone. */
  state(uid: Uid): MessageState | undefined;
  /** The states of these messages (all when absent), ascending by UID, read from the index while they are asked for. */
  states(uids?: Iterable<Uid>): Iterable<MessageState>;
  /**
   * Whole records of these messages (all when absent), ascending by UID, in slices of some hundred so that the loop turns in
   * between. Messages that vanish on the way are left out. Throws what the signal's reason is, and an `Error` with a
   * `code` where a file cannot be looked at.
   */
  records(uids?: Iterable<Uid>, signal?: AbortSignal): AsyncIterable<readonly MessageRecord[]>;
  /**
   * What changed after `since` in the index (it does not look at the disk: `refresh` does; RFC 7162 §3.2.5.1). At most
   * `limit` changes, the oldest first, for whoever lets the loop turn in between; those of one modification sequence stay
   * together, however many they are. What was there from the beginning has the first one, 1: a `since` below that tells all.
   */
  changesSince(since: ModSeq, limit?: number): MailboxChanges;
  /**
   * The same, in pages of at most a thousand changes between which the loop turns, until there are no more: for those who have
   * missed very much. What changes meanwhile is told again. Where a page ends within the changes of one modification
   * sequence, its `highestModSeq` is below that: to go on from there later tells some things twice, and misses nothing.
   * Throws what the signal's reason is.
   */
  changes(since: ModSeq, signal?: AbortSignal): AsyncIterable<MailboxChanges>;
  /**
   * Looks at the folder now where there is reason to; resolves when the index is as true as the disk was at the call, or as
   * far as a full disk lets it be: what has no room is logged, and entered as soon as there is some. `no-such-mailbox` and
   * `index-replaced` say why a mailbox is lost; `unavailable` also after `close`.
   */
  refresh(): Promise<StoreResult<void>>;
  /**
   * Called (at most once per turn of the loop) after the index changed, whoever changed it; and once when the mailbox was
   * deleted or renamed, or its index replaced: `refresh` then says which. Returns the unsubscriber. What a listener throws
   * nobody catches.
   */
  onChange(listener: () => void): () => void;
  /**
   * Everything that happens after `since` (from now on when absent), in the order that `MailboxEvent` tells, until the
   * signal aborts, the mailbox is closed or lost. Nothing is queued: a slow reader gets the newest state of what changed
   * meanwhile. To resume later, keep the numbers of the last `upTo` (before the first, those of the mailbox at the call).
   * Whoever waits for the next event keeps the process alive by that; an open store or mailbox does not.
   */
  events(options?: EventsOptions): AsyncIterable<MailboxEvent>;
  /** The message with the lowest UID that is not \Seen. */
  firstUnseen(): Uid | undefined;
  /** The messages that are \Recent, ascending (RFC 3501 §2.3.2). */
  recent(): readonly Uid[];
  /**
   * Takes \Recent away from every message that has it and returns their UIDs: only one session gets each. At most `limit`,
   * those with the lowest UIDs, for whoever lets the loop turn in between. Where the index cannot be written now, that is
   * logged and none are returned: whoever asks next gets them.
   */
  claimRecent(limit?: number): readonly Uid[];
  /** Opens a message's file, wherever it was moved to meanwhile. On top: `vanished` when it is gone for good. */
  open(uid: Uid): Promise<StoreResult<MessageContent>>;
  /** What was kept for this message under this version; undefined otherwise. */
  rendered(uid: Uid, version: number): Rendered | undefined;
  /** One of the texts of each of these messages, ascending, where it was kept under this version and is of no great length. */
  renderedTexts(uids: readonly Uid[], version: number, text: RenderedText): ReadonlyMap<Uid, string>;
  /**
   * Keeps rendered texts with the message; written together, within a quarter of a second. A cache: what cannot be written is
   * dropped, counted (`renderedDropped`) and logged, and nothing is thrown.
   */
  keepRendered(uid: Uid, rendered: Rendered): void;
  /**
   * Changes flags by renaming files. Nothing of it is lost when the process dies; when the machine does, the flags of the
   * last second may be (limits.ts, FLAG_SYNC): then every modification sequence given before stays below those given after,
   * and after the reboot all messages of the mailbox count as changed, so that whoever was told of them hears how they are.
   * On top: `invalid-keyword`. After a failure some messages may have changed: `onChange` tells of those. After the signal
   * `changed` has those that were looked at until then, and the others are as they were.
   */
  store(uids: readonly Uid[], change: FlagChange, signal?: AbortSignal): Promise<StoreResult<FlagsChanged>>;
  /**
   * Adds a message; on disk when it resolves. On top: `invalid-keyword`, `quota-exceeded`, `too-large`, `incomplete`. Nothing
   * is stored when it fails. Rejects with what the content's iterable throws, and with the reason of the message's signal.
   */
  append(message: NewMessage): Promise<StoreResult<Appended>>;
  /**
   * Copies messages with flags, INTERNALDATE and EMAILID; all or nothing. `no-such-mailbox` also of the destination. On top:
   * `quota-exceeded`, and `invalid-keyword` where the destination cannot hold more keywords. Rejects with the signal's reason.
   */
  copy(uids: readonly Uid[], destination: MailboxName, signal?: AbortSignal): Promise<StoreResult<Copied>>;
  /**
   * Moves files; each message is in one of the two mailboxes at every moment (RFC 6851 §3.3). Those that vanish are left out.
   * Errors as of `copy`; after one, some messages may have been moved: `onChange` of both mailboxes tells of those. After the
   * signal the pairs are those that were moved until then.
   */
  move(uids: readonly Uid[], destination: MailboxName, signal?: AbortSignal): Promise<StoreResult<Copied>>;
  /**
   * Removes those of `uids` (all messages when absent) that carry \Deleted (RFC 9051 §6.4.3, §6.4.9). Returns the UIDs removed,
   * ascending; after the signal, those removed until then. After a failure some may be gone: `onChange` tells of those.
   */
  expunge(uids?: readonly Uid[], signal?: AbortSignal): Promise<StoreResult<readonly Uid[]>>;
  /**
   * Looks for a text, compared by i;unicode-casemap (RFC 5051), in these messages (all when absent), through the text index.
   * Without one, and where it fails, every message is `unindexed`. Rejects with the signal's reason.
   */
  findText(text: string, scope: TextScope, options?: FindTextOptions): Promise<StoreResult<TextHits>>;
  /**
   * Ends watching, `onChange` and `events`, and writes rendered texts that wait. May be called again. What reads the index
   * goes on answering until the store is closed.
   */
  close(): Promise<void>;
}

/** One user's mail. */
export interface MailStore {
  /**
   * Every mailbox, and every name that only has mailboxes below it; INBOX first. A folder that has been gone for a week is
   * forgotten at that occasion.
   */
  list(): Promise<StoreResult<readonly MailboxInfo[]>>;
  /** Names subscribed to, ascending, whether they exist or not (RFC 9051 §6.3.7). */
  subscriptions(): Promise<StoreResult<readonly MailboxName[]>>;
  /** Subscribes (`on`) or unsubscribes; the mailbox need not exist, and it may be so already (RFC 9051 §6.3.7, §6.3.8). */
  subscribe(name: MailboxName, on: boolean): Promise<StoreResult<void>>;
  /**
   * Makes a mailbox, with these special uses (RFC 6154 §3). Names above it are not made: they are listed as not selectable.
   * On top: `mailbox-exists`.
   */
  create(name: MailboxName, specialUse?: SpecialUse | readonly SpecialUse[]): Promise<StoreResult<void>>;
  /**
   * Deletes a mailbox with its messages and annotations. Mailboxes below it and the subscription stay (RFC 9051 §6.3.5). On
   * top: `not-permitted` for INBOX, and for a name that only has mailboxes below it.
   */
  delete(name: MailboxName): Promise<StoreResult<void>>;
  /**
   * Renames with all children, which keep UIDs and MAILBOXIDs; of INBOX it moves the messages and leaves INBOX empty (RFC 9051
   * §6.3.6). Subscriptions stay with the old names. On top: `mailbox-exists` where a new name is taken or has mailboxes below
   * it, `not-permitted` for a place below itself, and of INBOX everything that `Mailbox.move` answers.
   */
  rename(from: MailboxName, to: MailboxName): Promise<StoreResult<void>>;
  /**
   * The numbers of a mailbox, open or not. Where the sum of sizes is wanted, files that nobody has looked at yet are looked
   * at; rejects with the signal's reason.
   */
  status(name: MailboxName, options?: StatusOptions): Promise<StoreResult<MailboxStatus>>;
  /** Opens a mailbox, once its folder was looked at. Each call makes another `Mailbox`; the store closes those that are left. */
  open(name: MailboxName): Promise<StoreResult<Mailbox>>;
  /**
   * Adds a message to a mailbox that is not open: tmp, fsync, rename, directory fsync, index. Used for APPEND, and by
   * delivery. Errors as of `Mailbox.append`.
   */
  append(name: MailboxName, message: NewMessage): Promise<StoreResult<Appended>>;
  /**
   * All of them or none (RFC 3502); they share their syncs. Each content is read to its end before the next is asked for.
   * Where the process or the machine dies before the answer, some of them may be there. Errors as of `Mailbox.append`.
   */
  appendAll(
    name: MailboxName,
    messages: AsyncIterable<NewMessage> | Iterable<NewMessage>,
  ): Promise<StoreResult<AppendedAll>>;
  /** The annotations of a mailbox, or of the store where `name` is undefined, ascending by entry (RFC 5464). */
  metadata(name: MailboxName | undefined): Promise<StoreResult<readonly Metadata[]>>;
  /**
   * Sets annotations, all or none of them; a value of undefined removes one. `invalid-name` also for an entry that may not be
   * called so and for special uses that do not exist; on top: `too-large` for a value above 65,536 bytes, `not-permitted`
   * above 100 annotations.
   */
  setMetadata(
    name: MailboxName | undefined,
    changes: readonly { readonly entry: string; readonly value: Uint8Array | undefined }[],
  ): Promise<StoreResult<void>>;
  /** The store's Maildir++ quota, as `maildirsize` has it; undefined where none is set. */
  quota(): Promise<StoreResult<Quota | undefined>>;
  /**
   * Sets the limits, or takes the quota away; what is used is counted anew. Limits below what is used are allowed. Rejects with
   * `RangeError` for a limit that is none.
   */
  setQuota(limits: QuotaLimits | undefined): Promise<StoreResult<void>>;
  /** How far the text index is; of a store without one, that nothing is indexed. `unavailable` where its thread failed. */
  textIndex(): Promise<StoreResult<TextIndexStatus>>;
  /**
   * Builds the text index of every mailbox now, whatever their sizes; resolves when all is in it. On top: `not-permitted` for a
   * store that was opened without one. Rejects with the signal's reason; what was built until then is kept.
   */
  buildTextIndex(signal?: AbortSignal): Promise<StoreResult<TextIndexStatus>>;
  /**
   * Writes what Dovecot needs to take the Maildir over with its UIDs and keywords: see `DovecotExport`. Rejects with the
   * signal's reason; each mailbox's list is then the old one or the new one, and whole.
   */
  exportForDovecot(signal?: AbortSignal): Promise<StoreResult<DovecotExport>>;
  /**
   * Closes what is open, ends deliveries whose content has not come to its end (`unavailable`), and waits for the others and
   * for all syncs. May be called again; whatever else is asked afterwards is answered, or throws, `unavailable`.
   */
  close(): Promise<void>;
}
