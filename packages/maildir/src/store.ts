/** Opens a user's mail: Maildir, index and everything over them. */
import { join } from 'node:path';
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
  StatusOptions,
  StoreResult,
  TextIndexStatus,
} from './api.ts';
import { exportForDovecot } from './compat/export.ts';
import type { StoreContext } from './context.ts';
import { countMessages } from './counting.ts';
import { attempt, storeClosed, toStoreError } from './errors.ts';
import * as folders from './folders/folders.ts';
import { changeMetadata, type MetadataChange, readMetadata } from './folders/metadata.ts';
import { adoptSubscriptions, changeSubscription, readSubscriptions } from './folders/subscriptions.ts';
import { IndexCopier, type Repeat } from './index/copy.ts';
import type { StoreStats } from './log.ts';
import { OpenMailbox } from './mailbox.ts';
import { toUid } from './names/ids.ts';
import { checkMailboxName, folderOf, INBOX } from './names/mailbox-name.ts';
import { type MailStoreOptions, openContext } from './opening.ts';
import { countFolder } from './quota/count.ts';
import { NOTHING } from './quota/maildirsize.ts';
import { hasQuota, readQuota, release, setQuota } from './quota/quota.ts';
import { noteBoot, settleLate } from './reboot.ts';
import { forgetGone, renewRestored } from './recovery.ts';
import { learnAll } from './sync/details.ts';
import { asFarAsThereIsRoom } from './sync/full-disk.ts';
import { FolderSync } from './sync/sync.ts';
import { buildTextIndex, textIndexStatus } from './text/find-text.ts';
import { deliver, deliverAll } from './writing/deliver.ts';
import { moveMessages } from './writing/move.ts';
import { clearUp } from './writing/place.ts';

/** The store that this package opens; it also counts how it learns of changes. */
export interface MaildirStore extends MailStore {
  /** The counts since the store was opened, as they are now; also after `close`. */
  stats(): Readonly<StoreStats>;
}

class Store implements MaildirStore {
  readonly #context: StoreContext;
  readonly #copier: IndexCopier;
  readonly #open = new Set<OpenMailbox>();
  #closing: Promise<void> | undefined;

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

  create(name: MailboxName, specialUse?: SpecialUse | readonly SpecialUse[]): Promise<StoreResult<void>> {
    return this.#attempt(() => folders.createMailbox(this.#context, name, specialUse));
  }

  delete(name: MailboxName): Promise<StoreResult<void>> {
    return this.#attempt(() => this.#delete(name));
  }

  rename(from: MailboxName, to: MailboxName): Promise<StoreResult<void>> {
    return this.#attempt(() => {
      for (const name of [from, to]) checkMailboxName(name);
      return from === INBOX ? this.#moveInbox(to) : folders.renameMailbox(this.#context, from, to);
    });
  }

  status(
    name: MailboxName,
    { size: isSummed = true, signal }: StatusOptions = {},
  ): Promise<StoreResult<MailboxStatus>> {
    return this.#attempt(async () => {
      signal?.throwIfAborted();
      const folder = await folders.findFolder(this.#context, name);
      const work = { context: this.#context, folder, sync: new FolderSync(this.#context, folder) };
      await asFarAsThereIsRoom(this.#context, folder, () => work.sync.look());
      let counted = await countMessages(this.#context.index, folder.row, signal);
      if (isSummed && counted.unlearnt > 0) {
        await learnAll(work, signal);
        counted = await countMessages(this.#context.index, folder.row, signal);
      }
      return counted.status;
    });
  }

  open(name: MailboxName): Promise<StoreResult<Mailbox>> {
    return this.#attempt(async () => {
      const folder = await folders.findFolder(this.#context, name);
      const mailbox = new OpenMailbox(this.#context, folder, name, folder.row, {
        folderOf: (other) => folders.findFolder(this.#context, other),
        onClose: () => this.#open.delete(mailbox),
      });
      this.#ensureOpen(); // whoever closes the store closes the mailboxes that are open by then
      this.#open.add(mailbox);
      try {
        await mailbox.start();
      } catch (error) {
        await mailbox.close();
        throw error;
      }
      this.#sweep(folder.path);
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

  exportForDovecot(signal?: AbortSignal): Promise<StoreResult<DovecotExport>> {
    return this.#attempt(async () => {
      const context = this.#context;
      const names = (await folders.listMailboxes(context)).filter((one) => one.selectable).map((one) => one.name);
      return exportForDovecot(context, names, (name) => folders.findFolder(context, name), signal);
    });
  }

  stats(): Readonly<StoreStats> {
    return { ...this.#context.stats };
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#open].map((mailbox) => mailbox.close()));
    await this.#context.text?.close();
    await this.#copier.close();
    await this.#context.underway.close();
    await this.#context.deliveries.idle();
    await this.#context.lateSync.close();
    await this.#settleLate();
    this.#context.index.db.close();
  }

  /** A mark that stays costs clients a look at all flags after the next boot, and nothing else. */
  async #settleLate(): Promise<void> {
    const { index } = this.#context;
    if (!index.db.isCurrent() || this.#context.boot === undefined) return;
    await settleLate(index).catch((error: unknown) => {
      if (toStoreError(error) === undefined) throw error;
    });
  }

  /** Whoever opens a mailbox does not wait for that; whoever closes the store does. */
  #sweep(path: string): void {
    const swept = this.#context.underway.run(() => folders.sweepTemporary(this.#context, path));
    swept.catch(() => undefined); // the store is being closed: a later opening sweeps
  }

  #ensureOpen(): void {
    if (this.#closing !== undefined) throw storeClosed();
  }

  /** Runs an operation on the index, unless the store was closed, or that is not the user's index any more. */
  #attempt<T>(work: () => Promise<T>): Promise<StoreResult<T>> {
    return attempt(async () => {
      this.#ensureOpen();
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
    const uids = Array.from(context.index.uids.all(inbox.id), toUid);
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

const repeatedly: Repeat = (work, delay) => {
  const timer = setInterval(work, delay).unref();
  return () => clearInterval(timer);
};

/**
 * Opens a user's mail. Several processes may have it open at once, and one process several times. A lost or damaged index is no
 * failure: it is restored from its copy or rebuilt, and that is said through `log`.
 *
 * Fails with `access-denied`, `no-space`, `quota-exceeded` (the disk's), `invalid-name` (a path too long), `index-replaced`
 * (another process has just replaced the index; open again) or `unavailable`: the index is locked or of a newer version, the
 * disk reports an error, or one of the paths leads over something that is no directory. The sentence names the path.
 */
export async function openMailStore(options: MailStoreOptions): Promise<StoreResult<MaildirStore>> {
  return attempt(async () => {
    const context = await openContext(options);
    const { index, clock, newBase: suffix, log } = context;
    try {
      await renewRestored(context);
      await folders.finishRenames(context);
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
