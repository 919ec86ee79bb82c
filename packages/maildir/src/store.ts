/** Opens a user's mail: Maildir, index and everything over them. */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import type {
  Appended,
  AppendedAll,
  DovecotExport,
  Mailbox,
  MailboxInfo,
  MailboxName,
  MailboxStatus,
  MailStore,
  Metadata,
  NewMessage,
  Quota,
  QuotaLimits,
  SpecialUse,
  StoreResult,
  TextIndexStatus,
} from './api.ts';
import { exportForDovecot } from './compat/export.ts';
import type { Delivery, StoreContext } from './context.ts';
import { attempt } from './errors.ts';
import type { FileSystem } from './files/file-system.ts';
import { nodeFileSystem } from './files/node-file-system.ts';
import * as folders from './folders/folders.ts';
import { changeMetadata, type MetadataChange, readMetadata } from './folders/metadata.ts';
import { adoptSubscriptions, changeSubscription, readSubscriptions } from './folders/subscriptions.ts';
import { IndexCopier, type Repeat } from './index/copy.ts';
import { MailIndex } from './index/index.ts';
import { openIndex } from './index/open.ts';
import { FLAG_SYNC, GROUP } from './limits.ts';
import { newStats, type StoreLog, type StoreStats } from './log.ts';
import { OpenMailbox } from './mailbox.ts';
import { baseNames } from './names/file-name.ts';
import { toUid } from './names/ids.ts';
import { folderOf, INBOX } from './names/mailbox-name.ts';
import { countFolder } from './quota/count.ts';
import { NOTHING } from './quota/maildirsize.ts';
import { hasQuota, readQuota, release, setQuota } from './quota/quota.ts';
import { noteBoot, readBootId } from './reboot.ts';
import { forgetGone, renewRestored } from './recovery.ts';
import { learnAll } from './sync/details.ts';
import { FolderSync } from './sync/sync.ts';
import { buildTextIndex, textIndexStatus } from './text/find-text.ts';
import type { TextService } from './text/service.ts';
import { deliver, deliverAll } from './writing/deliver.ts';
import { Groups } from './writing/groups.ts';
import { LateSync } from './writing/late-sync.ts';
import { moveMessages } from './writing/move.ts';
import { clearUp } from './writing/place.ts';

/** What opening a store needs; everything but the two paths has a default. */
export interface MailStoreOptions {
  /** The Maildir's root; made when it is not there. */
  readonly maildir: string;
  /** The user's index; made, or rebuilt from the files, when it is not there or damaged. */
  readonly indexFile: string;
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
  readonly random?: (bytes: number) => Uint8Array;
  readonly hostName?: string;
  readonly fileSystem?: FileSystem;
  /** Names the machine's boot; undefined where nothing does: flags are synced before they are answered then. */
  readonly bootId?: () => string | undefined;
  readonly log?: StoreLog;
  /** What builds and searches the text index; without it `findText` leaves every message to be read. */
  readonly text?: TextService;
  /** The text index's file; `text.db` beside the index when absent. No two stores may share one. */
  readonly textFile?: string;
  /** Calls something every so many milliseconds without keeping the process alive; returns what stops it. */
  readonly repeat?: Repeat;
}

/** The store that this package opens; it also counts how it learns of changes. */
export interface MaildirStore extends MailStore {
  stats(): Readonly<StoreStats>;
}

class Store implements MaildirStore {
  readonly #context: StoreContext;
  readonly #copier: IndexCopier;
  readonly #open = new Set<OpenMailbox>();

  constructor(context: StoreContext, copier: IndexCopier) {
    this.#context = context;
    this.#copier = copier;
  }

  list(): Promise<StoreResult<readonly MailboxInfo[]>> {
    return this.#attempt(async () => {
      await forgetGone(this.#context);
      return folders.listMailboxes(this.#context);
    });
  }

  subscriptions(): Promise<StoreResult<readonly MailboxName[]>> {
    return this.#attempt(async () => readSubscriptions(this.#context));
  }

  subscribe(name: MailboxName, on: boolean): Promise<StoreResult<void>> {
    return this.#attempt(() => changeSubscription(this.#context, name, on));
  }

  create(name: MailboxName, specialUse?: SpecialUse): Promise<StoreResult<void>> {
    return this.#attempt(() => folders.createMailbox(this.#context, name, specialUse));
  }

  delete(name: MailboxName): Promise<StoreResult<void>> {
    return this.#attempt(() => this.#delete(name));
  }

  rename(from: MailboxName, to: MailboxName): Promise<StoreResult<void>> {
    return this.#attempt(() => (from === INBOX ? this.#moveInbox(to) : folders.renameMailbox(this.#context, from, to)));
  }

  status(name: MailboxName, options?: { readonly size?: boolean }): Promise<StoreResult<MailboxStatus>> {
    return this.#attempt(async () => {
      const { index } = this.#context;
      const folder = await folders.findFolder(this.#context, name);
      const work = { context: this.#context, folder, sync: new FolderSync(this.#context, folder) };
      await work.sync.look();
      const counts = () => index.messages.counts(folder.id);
      if (options?.size !== false && counts().unlearnt > 0) await learnAll(work);
      return index.db.read(() => {
        const row = index.mailboxes.byId(folder.id) ?? folder.row;
        const { uidNext, uidValidity, highestModSeq, objectId: mailboxId } = row;
        const { messages, recent, unseen, deleted, size } = counts();
        return { messages, recent, unseen, deleted, size, uidNext, uidValidity, highestModSeq, mailboxId };
      });
    });
  }

  open(name: MailboxName): Promise<StoreResult<Mailbox>> {
    return this.#attempt(async () => {
      const folder = await folders.findFolder(this.#context, name);
      const mailbox = new OpenMailbox(this.#context, folder, name, folder.row, {
        folderOf: (other) => folders.findFolder(this.#context, other),
        onClose: () => this.#open.delete(mailbox),
      });
      this.#open.add(mailbox);
      try {
        await folders.sweepTemporary(this.#context, folder.path);
        await mailbox.start();
      } catch (error) {
        await mailbox.close();
        throw error;
      }
      const look = (): void => this.#context.text?.look(folder.id, mailbox.uidNext);
      look();
      mailbox.onChange(look);
      return mailbox;
    });
  }

  append(name: MailboxName, message: NewMessage): Promise<StoreResult<Appended>> {
    return this.#attempt(async () => {
      const folder = await folders.findFolder(this.#context, name);
      return { uidValidity: folder.row.uidValidity, uid: await deliver(this.#context, folder, message) };
    });
  }

  metadata(name: MailboxName | undefined): Promise<StoreResult<readonly Metadata[]>> {
    return this.#attempt(() => readMetadata(this.#context, name));
  }

  setMetadata(name: MailboxName | undefined, changes: readonly MetadataChange[]): Promise<StoreResult<void>> {
    return this.#attempt(() => changeMetadata(this.#context, name, changes));
  }

  appendAll(
    name: MailboxName,
    messages: AsyncIterable<NewMessage> | Iterable<NewMessage>,
  ): Promise<StoreResult<AppendedAll>> {
    return this.#attempt(async () => {
      const folder = await folders.findFolder(this.#context, name);
      return { uidValidity: folder.row.uidValidity, uids: await deliverAll(this.#context, folder, messages) };
    });
  }

  quota(): Promise<StoreResult<Quota | undefined>> {
    return this.#attempt(() => readQuota(this.#context));
  }

  setQuota(limits: QuotaLimits | undefined): Promise<StoreResult<void>> {
    return this.#attempt(() => setQuota(this.#context, limits));
  }

  textIndex(): Promise<StoreResult<TextIndexStatus>> {
    return this.#attempt(() => textIndexStatus(this.#context));
  }

  buildTextIndex(signal?: AbortSignal): Promise<StoreResult<TextIndexStatus>> {
    return this.#attempt(() => buildTextIndex(this.#context, signal));
  }

  exportForDovecot(): Promise<StoreResult<DovecotExport>> {
    return this.#attempt(async () => {
      const context = this.#context;
      const names = (await folders.listMailboxes(context)).filter((one) => one.selectable).map((one) => one.name);
      return exportForDovecot(context, names, (name) => folders.findFolder(context, name));
    });
  }

  stats(): Readonly<StoreStats> {
    return { ...this.#context.stats };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open].map((mailbox) => mailbox.close()));
    await this.#context.text?.close();
    await this.#copier.close();
    await this.#context.deliveries.idle();
    await this.#context.lateSync.close();
    this.#context.index.db.close();
  }

  /** Runs an operation on the index, unless that is not the user's index any more. */
  #attempt<T>(work: () => Promise<T>): Promise<StoreResult<T>> {
    return attempt(() => {
      this.#context.index.db.ensureCurrent();
      return work();
    });
  }

  /** RENAME of INBOX: its messages move, INBOX stays (RFC 9051 §6.3.6). */
  async #moveInbox(to: MailboxName): Promise<void> {
    const context = this.#context;
    const inbox = await folders.findFolder(context, INBOX);
    const work = { context, folder: inbox, sync: new FolderSync(context, inbox) };
    await work.sync.look();
    await folders.createMailbox(context, to);
    const uids = Array.from(context.index.messages.uids(inbox.id), toUid);
    await moveMessages(work, uids, await folders.findFolder(context, to));
  }

  async #delete(name: MailboxName): Promise<void> {
    const context = this.#context;
    const path = join(context.maildir, folderOf(name));
    const amount = hasQuota(context) ? await countFolder(context.fs, path) : NOTHING;
    await folders.deleteMailbox(context, name);
    await clearUp(context, async () => release(context, amount));
  }
}

function makeLateSync(
  fs: FileSystem,
  index: MailIndex,
  boot: string | undefined,
  log: StoreLog,
  stats: StoreStats,
): LateSync {
  return new LateSync({
    syncLog: () => index.db.syncLog(),
    syncDirectory: (path) => fs.syncDirectory(path),
    delay: boot === undefined ? undefined : FLAG_SYNC,
    onFailure(error) {
      stats.lateSyncFailures += 1;
      const reason = error instanceof Error ? error.message : 'unknown reason';
      const message = `Flags that were answered may not survive a power failure: ${reason}`;
      log({ level: 'warn', code: 'flags-unsynced', message });
    },
  });
}

const makeContext = async (options: MailStoreOptions): Promise<StoreContext> => {
  const { clock = Date.now, random = randomBytes, hostName = hostname(), fileSystem = nodeFileSystem } = options;
  const log = options.log ?? (() => undefined);
  const newBase = baseNames({ clock, random, hostName, processId: process.pid });
  await folders.makeTree(fileSystem, options.maildir);
  await folders.ensureDirectories(fileSystem, options.maildir);
  await folders.makeTree(fileSystem, dirname(options.indexFile));
  const hadIndex = (await fileSystem.stat(join(options.maildir, folders.UIDVALIDITY_FILE))) !== undefined;
  const index = new MailIndex(await openIndex({ file: options.indexFile, suffix: newBase(), hadIndex, log }));
  const stats = newStats();
  const boot = (options.bootId ?? readBootId)();
  const lateSync = makeLateSync(fileSystem, index, boot, log, stats);
  const deliveries = new Groups<Delivery>(GROUP);
  const { maildir, indexFile, textFile = join(dirname(indexFile), 'text.db') } = options;
  const text = options.text?.open({ maildir, indexFile, textFile }, log);
  return { maildir, fs: fileSystem, index, clock, newBase, log, stats, boot, deliveries, lateSync, text, textFile };
};

const repeatedly: Repeat = (work, delay) => {
  const timer = setInterval(work, delay).unref();
  return () => clearInterval(timer);
};

/**
 * Opens a user's mail. Several processes may have it open at once. Fails with `access-denied`, `no-space` or
 * `unavailable`; a lost or damaged index is no failure: it is restored from its copy or rebuilt, and that is said through `log`.
 */
export async function openMailStore(options: MailStoreOptions): Promise<StoreResult<MaildirStore>> {
  return attempt(async () => {
    const context = await makeContext(options);
    const { index, clock, newBase: suffix, log } = context;
    try {
      await renewRestored(context);
      await noteBoot(index, context.boot);
      await adoptSubscriptions(context);
      await folders.removeLeftovers(context);
    } catch (error) {
      await context.text?.close();
      index.db.close();
      throw error;
    }
    const copier = new IndexCopier({
      ...{ file: options.indexFile, index, clock, suffix, log },
      repeat: options.repeat ?? repeatedly,
    });
    copier.start();
    return new Store(context, copier);
  });
}
