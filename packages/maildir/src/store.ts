/** Opens a user's mail: Maildir, index and everything over them. */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { removeMessages } from './alter.ts';
import type {
  Appended,
  Mailbox,
  MailboxInfo,
  MailboxName,
  MailboxStatus,
  MailStore,
  NewMessage,
  StoreResult,
} from './api.ts';
import type { StoreContext } from './context.ts';
import { copyMessages } from './copy.ts';
import { deliver } from './deliver.ts';
import { attempt } from './errors.ts';
import { baseNames } from './file-name.ts';
import type { FileSystem } from './file-system.ts';
import * as folders from './folders.ts';
import { MailIndex } from './index/index.ts';
import { openIndex } from './index/open.ts';
import { newStats, type StoreLog, type StoreStats } from './log.ts';
import { OpenMailbox } from './mailbox.ts';
import { INBOX } from './mailbox-name.ts';
import { nodeFileSystem } from './node-file-system.ts';
import { changeSubscription, readSubscriptions } from './subscriptions.ts';
import { FolderSync } from './sync.ts';

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
  readonly log?: StoreLog;
}

/** The store that this package opens; it also counts how it learns of changes. */
export interface MaildirStore extends MailStore {
  stats(): Readonly<StoreStats>;
}

class Store implements MaildirStore {
  readonly #context: StoreContext;
  readonly #open = new Set<OpenMailbox>();

  constructor(context: StoreContext) {
    this.#context = context;
  }

  list(): Promise<StoreResult<readonly MailboxInfo[]>> {
    return this.#attempt(() => folders.listMailboxes(this.#context));
  }

  subscriptions(): Promise<StoreResult<readonly MailboxName[]>> {
    return this.#attempt(async () => readSubscriptions(this.#context));
  }

  subscribe(name: MailboxName, on: boolean): Promise<StoreResult<void>> {
    return this.#attempt(() => changeSubscription(this.#context, name, on));
  }

  create(name: MailboxName): Promise<StoreResult<void>> {
    return this.#attempt(() => folders.createMailbox(this.#context, name));
  }

  delete(name: MailboxName): Promise<StoreResult<void>> {
    return this.#attempt(() => folders.deleteMailbox(this.#context, name));
  }

  rename(from: MailboxName, to: MailboxName): Promise<StoreResult<void>> {
    return this.#attempt(() => (from === INBOX ? this.#moveInbox(to) : folders.renameMailbox(this.#context, from, to)));
  }

  status(name: MailboxName): Promise<StoreResult<MailboxStatus>> {
    return this.#attempt(async () => {
      const { index } = this.#context;
      const folder = await folders.findFolder(this.#context, name);
      await new FolderSync(this.#context, folder).look();
      return index.db.read(() => {
        const row = index.mailboxes.byId(folder.id) ?? folder.row;
        const { uidNext, uidValidity, highestModSeq } = row;
        return { ...index.messages.counts(folder.id), uidNext, uidValidity, highestModSeq };
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
      return mailbox;
    });
  }

  append(name: MailboxName, message: NewMessage): Promise<StoreResult<Appended>> {
    return this.#attempt(async () => {
      const folder = await folders.findFolder(this.#context, name);
      return { uidValidity: folder.row.uidValidity, uid: await deliver(this.#context, folder, message) };
    });
  }

  stats(): Readonly<StoreStats> {
    return { ...this.#context.stats };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open].map((mailbox) => mailbox.close()));
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
    const uids = context.index.messages.places(inbox.id).map((row) => row.uid);
    const { pairs } = await copyMessages(work, uids, await folders.findFolder(context, to));
    await removeMessages(
      work,
      pairs.map(({ source }) => source),
      () => true,
    );
  }
}

const makeContext = async (options: MailStoreOptions): Promise<StoreContext> => {
  const { clock = Date.now, random = randomBytes, hostName = hostname(), fileSystem = nodeFileSystem } = options;
  const log = options.log ?? (() => undefined);
  const newBase = baseNames({ clock, random, hostName, processId: process.pid });
  await folders.makeTree(fileSystem, options.maildir);
  await folders.ensureDirectories(fileSystem, options.maildir);
  await folders.makeTree(fileSystem, dirname(options.indexFile));
  const index = new MailIndex(await openIndex(options.indexFile, newBase(), log));
  return { maildir: options.maildir, fs: fileSystem, index, clock, newBase, log, stats: newStats() };
};

/**
 * Opens a user's mail. Several processes may have it open at once. Fails with `access-denied`, `no-space` or
 * `unavailable`; a damaged index is no failure: it is set aside, said through `log`, and rebuilt.
 */
export async function openMailStore(options: MailStoreOptions): Promise<StoreResult<MaildirStore>> {
  return attempt(async () => {
    const context = await makeContext(options);
    await folders.removeLeftovers(context);
    return new Store(context);
  });
}
