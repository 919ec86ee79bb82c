/** An open mailbox. The index is its state: nothing about messages is held in memory, so nothing can be outdated. */

import { alterFlags, isDeleted, removeMessages, type Workplace } from './alter.ts';
import type {
  Appended,
  Copied,
  Flag,
  FlagChange,
  Mailbox,
  MailboxChanges,
  MailboxName,
  MessageContent,
  MessageRecord,
  ModSeq,
  NewMessage,
  Rendered,
  StoreResult,
  Uid,
  UidValidity,
} from './api.ts';
import type { Folder, StoreContext } from './context.ts';
import { copyMessages } from './copy.ts';
import { deliver } from './deliver.ts';
import { attempt, toStoreError } from './errors.ts';
import { DELETED, type Keywords, showFlags } from './flags.ts';
import { toModSeq } from './ids.ts';
import type { MailboxRow } from './index/mailboxes.ts';
import type { MessageRow } from './index/messages.ts';
import { LineTables } from './line-table.ts';
import { LiveFolder } from './live-folder.ts';
import { openMessage } from './open-message.ts';
import { RenderedCache } from './rendered-cache.ts';

/** What an open mailbox needs of its store. */
export interface Surroundings {
  /** The folder of another mailbox; throws when it does not exist. */
  readonly folderOf: (name: MailboxName) => Promise<Folder>;
  readonly onClose: () => void;
}

export class OpenMailbox implements Mailbox {
  readonly name: MailboxName;
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
  #closed = false;

  constructor(context: StoreContext, folder: Folder, name: MailboxName, row: MailboxRow, surroundings: Surroundings) {
    this.name = name;
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

  keywords(): readonly Flag[] {
    return this.#keywords.filter((name) => name !== undefined);
  }

  messages(): readonly MessageRecord[] {
    const { index } = this.#context;
    return index.db.read(() => {
      this.#readHead();
      return index.messages.all(this.#folder.id).map((row) => this.#record(row));
    });
  }

  changesSince(since: ModSeq): MailboxChanges {
    const { index } = this.#context;
    return index.db.read(() => {
      this.#readHead();
      return {
        changed: index.messages.changed(this.#folder.id, since).map((row) => this.#record(row)),
        vanished: index.messages.vanished(this.#folder.id, since),
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

  store(uids: readonly Uid[], change: FlagChange): Promise<StoreResult<readonly MessageRecord[]>> {
    return this.#attempt(async () => {
      const done = await alterFlags(this.#work, uids, change);
      return this.#context.index.db.read(() => {
        this.#readHead();
        return done.flatMap((uid) => {
          const row = this.#context.index.messages.byUid(this.#folder.id, uid);
          return row === undefined ? [] : [this.#record(row)];
        });
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

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopListening();
    this.#listeners.clear();
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

  #record(row: MessageRow): MessageRecord {
    const { uid, base, recent, internalDate } = row;
    return {
      uid,
      modSeq: toModSeq(row.modSeq),
      baseName: base,
      flags: this.#flags(row),
      recent,
      internalDate,
      size: row.virtualSize,
    };
  }

  /** Few combinations occur: records share their sets. */
  #flags(row: MessageRow): ReadonlySet<Flag> {
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
