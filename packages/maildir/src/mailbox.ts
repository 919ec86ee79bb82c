/** An open mailbox. The index is its state: nothing about messages is held in memory, so nothing can be outdated. */

import type {
  Appended,
  Copied,
  EventsOptions,
  FindTextOptions,
  Flag,
  FlagChange,
  FlagsChanged,
  Mailbox,
  MailboxChanges,
  MailboxEvent,
  MailboxName,
  MessageContent,
  MessageRecord,
  MessageState,
  ModSeq,
  NewMessage,
  ObjectId,
  Rendered,
  RenderedText,
  StoreResult,
  TextHits,
  TextScope,
  Uid,
  UidValidity,
} from './api.ts';
import { LateNotes } from './content/late-notes.ts';
import { LineTables } from './content/line-table.ts';
import { openMessage } from './content/open-message.ts';
import type { Folder, StoreContext } from './context.ts';
import { attempt, StoreFailure, toStoreError } from './errors.ts';
import { type EventSource, mailboxEvents, type Start } from './events.ts';
import type { MailboxRow } from './index/mailboxes.ts';
import { MailboxReading } from './reading.ts';
import { LOST } from './sync/jobs.ts';
import { LiveFolder } from './sync/live-folder.ts';
import { findText } from './text/find-text.ts';
import { alterFlags, isDeleted, removeMessages, type Workplace } from './writing/alter.ts';
import { copyMessages } from './writing/copy.ts';
import { deliver } from './writing/deliver.ts';
import { moveMessages } from './writing/move.ts';

/** What an open mailbox needs of its store. */
export interface Surroundings {
  /** The folder of another mailbox; throws when it does not exist. */
  readonly folderOf: (name: MailboxName) => Promise<Folder>;
  readonly onClose: () => void;
}

export class OpenMailbox implements Mailbox {
  readonly name: MailboxName;
  readonly mailboxId: ObjectId;
  readonly uidValidity: UidValidity;
  readonly #context: StoreContext;
  readonly #folder: Folder;
  readonly #surroundings: Surroundings;
  readonly #live: LiveFolder;
  readonly #work: Workplace;
  readonly #notes: LateNotes;
  readonly #lineTables = new LineTables();
  readonly #listeners = new Set<() => void>();
  readonly #stopListening: () => void;
  readonly #reading: MailboxReading;
  #notifying = false;
  readonly #ended = new AbortController();
  #closed = false;

  constructor(context: StoreContext, folder: Folder, name: MailboxName, row: MailboxRow, surroundings: Surroundings) {
    this.name = name;
    this.mailboxId = row.objectId;
    this.uidValidity = row.uidValidity;
    this.#context = context;
    this.#folder = folder;
    this.#surroundings = surroundings;
    this.#live = new LiveFolder(context, folder, {
      onIndexTick: () => this.#lookAtIndex(),
      onLost: () => this.#notify(),
    });
    this.#work = { context, folder, sync: this.#live.sync };
    this.#notes = new LateNotes(context, folder.id);
    this.#stopListening = context.index.onCommit(folder.id, () => this.#changed());
    this.#reading = new MailboxReading(this.#work, row);
  }

  start(): Promise<void> {
    return this.#live.start();
  }

  get uidNext(): number {
    return this.#reading.head.uidNext;
  }

  get highestModSeq(): ModSeq {
    return this.#reading.head.highestModSeq;
  }

  get historyFrom(): ModSeq {
    return this.#reading.head.historyFrom;
  }

  keywords(): readonly Flag[] {
    return this.#reading.keywords();
  }

  uids(): Uint32Array {
    return this.#reading.uids();
  }

  state(uid: Uid): MessageState | undefined {
    return this.#reading.state(uid);
  }

  states(uids?: Iterable<Uid>): Iterable<MessageState> {
    return this.#reading.states(uids);
  }

  records(uids?: Iterable<Uid>, signal?: AbortSignal): AsyncIterable<readonly MessageRecord[]> {
    this.#notes.flush(); // what was counted lately is not to be counted again
    return this.#reading.records(uids, signal);
  }

  firstUnseen(): Uid | undefined {
    return this.#context.index.states.firstUnseen(this.#folder.id);
  }

  recent(): readonly Uid[] {
    return this.#context.index.states.recent(this.#folder.id);
  }

  changesSince(since: ModSeq, limit?: number): MailboxChanges {
    return this.#reading.changesSince(since, limit);
  }

  changes(since: ModSeq, signal?: AbortSignal): AsyncIterable<MailboxChanges> {
    return this.#reading.changes(since, signal);
  }

  refresh(): Promise<StoreResult<void>> {
    return attempt(async () => {
      if (this.#closed) throw new StoreFailure('unavailable', 'The mailbox was closed.');
      await this.#live.refresh(); // it looks by itself whether the index is still the user's
    });
  }

  onChange(listener: () => void): () => void {
    const own = (): void => listener(); // the same function may be given twice
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  events(options: EventsOptions = {}): AsyncIterable<MailboxEvent> {
    return mailboxEvents(this.#eventSource(), this.#startAt(options), options.signal);
  }

  #startAt({ since, uidNext }: EventsOptions): Start {
    const { changes } = this.#context.index;
    return this.#reading.read(() => {
      const { head } = this.#reading;
      const keywords = this.keywords();
      if (since === undefined || since >= head.highestModSeq)
        return { modSeq: since ?? head.highestModSeq, uidNext: uidNext ?? head.uidNext, keywords, isExact: true };
      const guessed = (): number => changes.highestUid(this.#folder.id, since) + 1;
      return { modSeq: since, uidNext: uidNext ?? guessed(), keywords, isExact: uidNext !== undefined };
    });
  }

  #eventSource(): EventSource {
    return {
      closed: this.#ended.signal,
      onChange: (listener) => this.onChange(listener),
      reading: this.#reading,
      lost: async () => {
        if (!this.#live.isLost()) return undefined;
        const result = await this.refresh();
        return !result.ok && LOST.includes(result.error.code) ? result.error : undefined;
      },
    };
  }

  claimRecent(limit?: number): readonly Uid[] {
    const { index } = this.#context;
    if (!index.db.read(() => index.states.hasRecent(this.#folder.id))) return [];
    try {
      // After a power failure they may be recent once more, which is no reason to wait for the disk before each notice.
      return index.db.writeCache(() =>
        index.states.claimRecent(this.#folder.id, limit === undefined ? -1 : Math.max(1, limit)),
      );
    } catch (error) {
      const known = toStoreError(error);
      if (known === undefined) throw error;
      // They stay recent: the next session that asks gets them.
      const message = `New messages could not be claimed: ${known.message}`;
      this.#context.log({ level: 'info', code: 'recent-unclaimed', message });
      return [];
    }
  }

  open(uid: Uid): Promise<StoreResult<MessageContent>> {
    return this.#attempt(() => openMessage(this.#work, { tables: this.#lineTables, notes: this.#notes }, uid));
  }

  rendered(uid: Uid, version: number): Rendered | undefined {
    const rendered = this.#notes.get(uid);
    return rendered?.version === version ? rendered : undefined;
  }

  renderedTexts(uids: readonly Uid[], version: number, text: RenderedText): ReadonlyMap<Uid, string> {
    return this.#notes.texts(uids, version, text);
  }

  keepRendered(uid: Uid, rendered: Rendered): void {
    this.#notes.keep(uid, rendered);
  }

  store(uids: readonly Uid[], change: FlagChange, signal?: AbortSignal): Promise<StoreResult<FlagsChanged>> {
    return this.#change(async () => {
      const { changed, modified } = await alterFlags(this.#work, uids, change, signal);
      return { changed: await this.#reading.allStates(changed), modified };
    });
  }

  append(message: NewMessage): Promise<StoreResult<Appended>> {
    return this.#change(async () => ({
      uidValidity: this.uidValidity,
      uid: await deliver(this.#context, this.#folder, message),
    }));
  }

  copy(uids: readonly Uid[], destination: MailboxName, signal?: AbortSignal): Promise<StoreResult<Copied>> {
    return this.#change(async () =>
      copyMessages(this.#work, uids, await this.#surroundings.folderOf(destination), signal),
    );
  }

  move(uids: readonly Uid[], destination: MailboxName, signal?: AbortSignal): Promise<StoreResult<Copied>> {
    return this.#change(async () =>
      moveMessages(this.#work, uids, await this.#surroundings.folderOf(destination), signal),
    );
  }

  expunge(uids?: readonly Uid[], signal?: AbortSignal): Promise<StoreResult<readonly Uid[]>> {
    return this.#change(async () => removeMessages(this.#work, await this.#reading.deleted(uids), isDeleted, signal));
  }

  findText(text: string, scope: TextScope, options: FindTextOptions = {}): Promise<StoreResult<TextHits>> {
    const mailbox = { id: this.#folder.id, objectId: this.mailboxId, uidValidity: this.uidValidity };
    return this.#attempt(() => findText(this.#context, mailbox, { text, scope }, options, () => this.uids()));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopListening();
    this.#listeners.clear();
    this.#ended.abort();
    await this.#live.close();
    this.#notes.flush();
    this.#surroundings.onClose();
  }

  /** Runs an operation on the index, unless that is not the user's index any more. */
  #attempt<T>(work: () => Promise<T>): Promise<StoreResult<T>> {
    return attempt(() => {
      this.#context.index.db.ensureCurrent();
      return work();
    });
  }

  /** The same for what changes files: the folder is to be read for nothing of our own that was not heard. */
  #change<T>(work: () => Promise<T>): Promise<StoreResult<T>> {
    return this.#attempt(() => {
      if (!this.#closed) this.#live.watchNow();
      return work();
    });
  }

  /** Notices what other processes committed. */
  #lookAtIndex(): void {
    if (this.#closed) return;
    if (this.#reading.hasChanged()) this.#notify();
  }

  #changed(): void {
    if (this.#closed) return;
    this.#reading.read(() => undefined);
    this.#notify();
  }

  #notify(): void {
    if (this.#notifying || this.#listeners.size === 0) return;
    this.#notifying = true;
    setImmediate(() => {
      this.#notifying = false;
      for (const listener of this.#listeners) listener();
    });
  }
}
