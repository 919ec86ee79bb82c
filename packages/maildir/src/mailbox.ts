/** An open mailbox. The index is its state: nothing about messages is held in memory, so nothing can be outdated. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import type {
  Appended,
  Copied,
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
  StoreResult,
  TextHits,
  TextScope,
  Uid,
  UidValidity,
} from './api.ts';
import { LineTables } from './content/line-table.ts';
import { openMessage } from './content/open-message.ts';
import { RenderedCache } from './content/rendered-cache.ts';
import type { Folder, StoreContext } from './context.ts';
import { attempt, toStoreError } from './errors.ts';
import { type EventSource, mailboxEvents } from './events.ts';
import type { MailboxRow } from './index/mailboxes.ts';
import type { MessageRow, StateRow } from './index/messages.ts';
import { ROWS } from './limits.ts';
import { emailIdOf } from './names/file-name.ts';
import { DELETED, type Keywords, showFlags } from './names/flags.ts';
import { toModSeq } from './names/ids.ts';
import { detailedRows } from './sync/details.ts';
import { LiveFolder, LOST } from './sync/live-folder.ts';
import { type FindTextOptions, findText } from './text/find-text.ts';
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
  readonly #rendered: RenderedCache;
  readonly #lineTables = new LineTables();
  readonly #listeners = new Set<() => void>();
  readonly #stopListening: () => void;
  readonly #flagSets = new Map<string, ReadonlySet<Flag>>();
  #keywords: Keywords;
  #head: MailboxRow;
  #dataVersion: number;
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
    this.#rendered = new RenderedCache(context, folder.id);
    this.#stopListening = context.index.onCommit(folder.id, () => this.#changed());
    this.#head = row;
    this.#keywords = context.index.keywords.all(folder.id);
    this.#dataVersion = context.index.db.dataVersion();
  }

  start(): Promise<void> {
    return this.#live.start();
  }

  get uidNext(): number {
    return this.#head.uidNext;
  }

  get highestModSeq(): ModSeq {
    return this.#head.highestModSeq;
  }

  get historyFrom(): ModSeq {
    return this.#head.historyFrom;
  }

  keywords(): readonly Flag[] {
    return this.#keywords.filter((name) => name !== undefined);
  }

  uids(): Uint32Array {
    const { index } = this.#context;
    return index.db.read(() => {
      this.#readHead();
      return index.messages.uids(this.#folder.id);
    });
  }

  state(uid: Uid): MessageState | undefined {
    const row = this.#context.index.messages.state(this.#folder.id, uid);
    return row === undefined ? undefined : this.#state(row);
  }

  *states(uids?: Iterable<Uid>): Iterable<MessageState> {
    for (const slice of this.#slices(uids)) {
      for (const row of this.#context.index.messages.states(this.#folder.id, slice)) yield this.#state(row);
    }
  }

  async *records(uids?: Iterable<Uid>, signal?: AbortSignal): AsyncIterable<readonly MessageRecord[]> {
    signal?.throwIfAborted();
    for (const slice of this.#slices(uids)) {
      const rows = await detailedRows(this.#work, slice, signal);
      signal?.throwIfAborted();
      if (rows.length > 0) yield rows.map((row) => this.#record(row));
      await nextTurn();
      signal?.throwIfAborted();
    }
  }

  /** Ascending, each UID once. */
  *#slices(wanted: Iterable<Uid> | undefined): Iterable<Uint32Array> {
    const uids = wanted === undefined ? this.uids() : Uint32Array.from(new Set(wanted)).sort();
    for (let at = 0; at < uids.length; at += ROWS) yield uids.subarray(at, at + ROWS);
  }

  recent(): readonly Uid[] {
    return this.#context.index.messages.recent(this.#folder.id);
  }

  changesSince(since: ModSeq): MailboxChanges {
    const { index } = this.#context;
    return index.db.read(() => {
      this.#readHead();
      return {
        changed: index.messages.changed(this.#folder.id, since).map((row) => this.#state(row)),
        vanished: index.messages.vanished(this.#folder.id, since).map(({ uid }) => uid),
        highestModSeq: toModSeq(Math.max(this.#head.highestModSeq, since)),
      };
    });
  }

  refresh(): Promise<StoreResult<void>> {
    return this.#attempt(() => this.#live.refresh());
  }

  onChange(listener: () => void): () => void {
    const own = (): void => listener(); // the same function may be given twice
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  events(options: { readonly since?: ModSeq; readonly signal?: AbortSignal } = {}): AsyncIterable<MailboxEvent> {
    const { index } = this.#context;
    const { since, signal } = options;
    const start = index.db.read(() => {
      this.#readHead();
      const { highestModSeq, uidNext } = this.#head;
      const isPast = since !== undefined && since < highestModSeq;
      return {
        modSeq: since ?? highestModSeq,
        uidNext: isPast ? index.messages.highestUid(this.#folder.id, since) + 1 : uidNext,
        keywords: this.keywords(),
        isPast,
      };
    });
    return mailboxEvents(this.#eventSource(), start, signal);
  }

  #eventSource(): EventSource {
    const { index } = this.#context;
    return {
      closed: this.#ended.signal,
      onChange: (listener) => this.onChange(listener),
      look: (since) =>
        index.db.read(() => {
          this.#readHead();
          const { uidNext, highestModSeq } = this.#head;
          const changed = index.messages.changed(this.#folder.id, since).map((row) => this.#state(row));
          const vanished = index.messages.vanished(this.#folder.id, since);
          return { changed, vanished, keywords: this.keywords(), uidNext, highestModSeq };
        }),
      lost: async () => {
        if (!this.#live.isLost()) return undefined;
        const result = await this.refresh();
        return !result.ok && LOST.includes(result.error.code) ? result.error : undefined;
      },
    };
  }

  claimRecent(): readonly Uid[] {
    const { index } = this.#context;
    if (!index.db.read(() => index.messages.hasRecent(this.#folder.id))) return [];
    try {
      return index.db.writeNow(() => index.messages.claimRecent(this.#folder.id));
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
    return this.#attempt(() => openMessage(this.#work, this.#lineTables, uid));
  }

  rendered(uid: Uid, version: number): Rendered | undefined {
    const rendered = this.#rendered.get(uid);
    return rendered?.version === version ? rendered : undefined;
  }

  keepRendered(uid: Uid, rendered: Rendered): void {
    this.#rendered.keep(uid, rendered);
  }

  store(uids: readonly Uid[], change: FlagChange): Promise<StoreResult<FlagsChanged>> {
    return this.#attempt(async () => {
      const { changed, modified } = await alterFlags(this.#work, uids, change);
      return this.#context.index.db.read(() => {
        this.#readHead();
        return { changed: [...this.states(changed)], modified };
      });
    });
  }

  append(message: NewMessage): Promise<StoreResult<Appended>> {
    return this.#attempt(async () => ({
      uidValidity: this.uidValidity,
      uid: await deliver(this.#context, this.#folder, message),
    }));
  }

  copy(uids: readonly Uid[], destination: MailboxName): Promise<StoreResult<Copied>> {
    return this.#attempt(async () => copyMessages(this.#work, uids, await this.#surroundings.folderOf(destination)));
  }

  move(uids: readonly Uid[], destination: MailboxName): Promise<StoreResult<Copied>> {
    return this.#attempt(async () => moveMessages(this.#work, uids, await this.#surroundings.folderOf(destination)));
  }

  expunge(uids?: readonly Uid[]): Promise<StoreResult<readonly Uid[]>> {
    return this.#attempt(() => {
      const { index } = this.#context;
      const asked = uids === undefined ? undefined : new Set(uids);
      const marked = index.db.read(() => index.messages.flagged(this.#folder.id, DELETED));
      return removeMessages(
        this.#work,
        marked.filter((uid) => asked?.has(uid) ?? true),
        isDeleted,
      );
    });
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
    this.#rendered.flush();
    this.#surroundings.onClose();
  }

  /** Runs an operation on the index, unless that is not the user's index any more. */
  #attempt<T>(work: () => Promise<T>): Promise<StoreResult<T>> {
    return attempt(() => {
      this.#context.index.db.ensureCurrent();
      return work();
    });
  }

  #state(row: StateRow): MessageState {
    return { uid: row.uid, modSeq: toModSeq(row.modSeq), flags: this.#flags(row), recent: row.recent };
  }

  #record(row: MessageRow): MessageRecord {
    const { base: baseName, internalDate, saveDate, virtualSize: size } = row;
    const emailId = row.emailId ?? emailIdOf(baseName);
    return { ...this.#state(row), baseName, emailId, internalDate, saveDate, size };
  }

  /** Few combinations occur: records share their sets. */
  #flags(row: StateRow): ReadonlySet<Flag> {
    const key = `${row.mask} ${row.extra}`;
    const known = this.#flagSets.get(key);
    if (known !== undefined) return known;
    const flags = showFlags(row, this.#keywords);
    this.#flagSets.set(key, flags);
    return flags;
  }

  /** Runs inside a snapshot: the numbers belong to what is read with them. */
  #readHead(): void {
    const { index } = this.#context;
    this.#head = index.mailboxes.byId(this.#folder.id) ?? this.#head;
    const keywords = index.keywords.all(this.#folder.id);
    if (keywords.join(' ') === this.#keywords.join(' ')) return;
    this.#keywords = keywords;
    this.#flagSets.clear();
  }

  /** Notices what other processes committed. */
  #lookAtIndex(): void {
    if (this.#closed) return;
    const version = this.#context.index.db.dataVersion();
    if (version === this.#dataVersion) return;
    this.#dataVersion = version;
    const before = this.#head;
    const keywords = this.#keywords;
    this.#context.index.db.read(() => this.#readHead());
    const isSame = before.uidNext === this.#head.uidNext && before.highestModSeq === this.#head.highestModSeq;
    if (!isSame || keywords !== this.#keywords) this.#notify();
  }

  #changed(): void {
    if (this.#closed) return;
    this.#context.index.db.read(() => this.#readHead());
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
