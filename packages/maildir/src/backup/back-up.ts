/*
 * Backing up a user's mail beside everything that goes on with it
 *
 * What a finished backup promises: it has the index of one moment, and every message that the index had then, under its UID,
 * unless it was expunged before the backup came to it (counted: `gone`); and besides the messages that came while no server
 * looked, or since. A message that was moved meanwhile is where it was at that moment, once. A backup is there whole or not
 * at all: it gets its name by one rename, after everything in it was synced.
 *
 * Hazards
 * - The index goes on changing: it is copied first (index/snapshot.ts), and all is read from the copy. The server's
 *   write-ahead log is held up only as long as that takes.
 * - Files are renamed, moved and removed meanwhile: reader/folder-reader.ts looks again within a folder; what is not in its
 *   folder is looked for in all others at the end, and a file that is met in another one than the index had it in is left to that.
 * - The process dies: what it has kept lies under its hash and is not copied again; its manifest, as far as it came, says which
 *   messages those are, so that they are not even read again.
 * - A message that cannot be read (a bad sector, a wrong mode) must not cost the backup of all others: it stands in the
 *   manifest as unreadable, and whoever asked is told. What cannot be written ends the backup.
 * - Two backups into one place at once: the second is refused, by a lock that dies with its holder.
 */
import { existsSync, statSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from '../errors.ts';
import { syncPath } from '../files/sync-path.ts';
import { UIDVALIDITY_FILE } from '../folders/folders.ts';
import { SUBSCRIPTIONS_FILE } from '../folders/subscriptions.ts';
import { takeLock } from '../index/file-lock.ts';
import { takeSnapshot } from '../index/snapshot.ts';
import { BACKUP_LOOKS, BACKUP_LOST, BACKUP_PARALLEL } from '../limits.ts';
import { KEYWORDS_FILE } from '../names/keywords-file.ts';
import { folderOf } from '../names/mailbox-name.ts';
import { QUOTA_FILE } from '../quota/maildirsize.ts';
import type { FolderReader, ReadMessage } from '../reader/folder-reader.ts';
import { type ListedMailbox, MailReader } from '../reader/mail-reader.ts';
import { atTarget, BackupFailure } from './failure.ts';
import { findMoved } from './find-moved.ts';
import { Hints } from './hints.ts';
import { Keeper, type Task } from './keeper.ts';
import { FORMAT, type Line, type MailboxLine } from './manifest.ts';
import { ManifestWriter, readManifest, readUnfinished } from './manifest-file.ts';
import { hashFile, Objects } from './objects.ts';
import { backupName, backupsIn, INDEX, interruptedIn, lockIn, MANIFEST, makeFolder, unfinishedIn } from './places.ts';
import { together } from './together.ts';

export interface BackUpOptions {
  readonly maildir: string;
  readonly indexFile: string;
  /** Whose mail it is; stands in the manifest. */
  readonly user: string;
  /** Where this user's backups lie; made where it is not there. */
  readonly root: string;
  /** Milliseconds since the epoch; the machine's clock by default. */
  readonly clock?: () => number;
  readonly signal?: AbortSignal;
  /** Called with how many messages of about how many are in the backup. */
  readonly onProgress?: (done: number, total: number) => void;
}

export interface BackUpReport {
  /** The backup's name. */
  readonly name: string;
  readonly mailboxes: number;
  readonly messages: number;
  readonly bytes: number;
  /** What was not kept already. */
  readonly copied: number;
  readonly copiedBytes: number;
  /** Messages that were expunged while the backup ran. */
  readonly gone: number;
  /** Messages that are there and could not be read, and the first of their paths. */
  readonly unreadable: number;
  readonly firstUnreadable?: string;
  /** Whether the UIDs are in it: false without an index, or with a damaged one. */
  readonly hasIndex: boolean;
}

/** Files beside the mail that are part of it. */
const ROOT_FILES = [SUBSCRIPTIONS_FILE, QUOTA_FILE, UIDVALIDITY_FILE];

/**
 * Makes a backup of a user's mail; on disk when it resolves. Throws `BackupFailure`, the system's or SQLite's error where the mail
 * cannot be read, and the signal's reason; what was kept until then is not copied again.
 */
export async function backUpMail(options: BackUpOptions): Promise<BackUpReport> {
  const { root } = options;
  const release = await atTarget(root, async () => {
    await makeFolder(root);
    return takeLock(lockIn(root));
  });
  if (release === undefined) throw new BackupFailure('busy', `Another process is making a backup in ${root}.`);
  try {
    await atTarget(root, () => prepare(root));
    return await new BackUp(options).run();
  } finally {
    release();
  }
}

/** Takes away what an earlier process left, but for the longest manifest among it. */
async function prepare(root: string): Promise<void> {
  const [unfinished, interrupted] = [unfinishedIn(root), interruptedIn(root)];
  const size = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? -1;
  if (size(join(unfinished, MANIFEST)) > size(interrupted)) await rename(join(unfinished, MANIFEST), interrupted);
  await rm(unfinished, { recursive: true, force: true });
  await makeFolder(unfinished);
}

class BackUp {
  readonly #options: BackUpOptions;
  readonly #folder: string;
  readonly #objects: Objects;
  readonly #keeper: Keeper;
  #mailboxes = 0;
  #gone = 0;
  #total = 0;

  constructor(options: BackUpOptions) {
    this.#options = options;
    this.#folder = unfinishedIn(options.root);
    this.#objects = new Objects(options.root, this.#folder);
    this.#keeper = new Keeper(this.#objects, (messages) =>
      options.onProgress?.(messages, Math.max(this.#total, messages)),
    );
  }

  async run(): Promise<BackUpReport> {
    const { maildir, indexFile, root, clock = Date.now } = this.#options;
    const snapshot = join(this.#folder, INDEX);
    const started = clock();
    const isTaken = existsSync(indexFile) && (await takeSnapshot(indexFile, snapshot));
    if (!isTaken) await rm(snapshot, { force: true });
    const reader = new MailReader({ maildir, indexFile: snapshot });
    const hasIndex = reader.sideFiles().trouble === undefined;
    const writer = await atTarget(this.#folder, () => ManifestWriter.create(join(this.#folder, MANIFEST)));
    try {
      await this.#write(writer, reader, new Date(started).toISOString());
      await atTarget(this.#folder, async () => {
        const { messages, bytes, unreadable } = this.#keeper.count;
        await writer.end({
          kind: 'end',
          messages,
          bytes,
          unreadable,
          index: hasIndex ? await hashFile(snapshot) : null,
        });
      });
    } finally {
      reader.close();
      await writer.close();
    }
    const name = backupName(started);
    await this.#finish(root, name);
    const { count, firstUnreadable } = this.#keeper;
    const { unreadable, ...kept } = count;
    const first = firstUnreadable === undefined ? {} : { firstUnreadable };
    return { name, hasIndex, mailboxes: this.#mailboxes, ...kept, gone: this.#gone, unreadable, ...first };
  }

  /** Everything is on disk before the backup gets its name. */
  async #finish(root: string, name: string): Promise<void> {
    await this.#objects.sync();
    await atTarget(root, async () => {
      await syncPath(this.#folder);
      await rename(this.#folder, join(root, name));
      await syncPath(root);
      await rm(interruptedIn(root), { force: true });
    });
  }

  async #write(writer: ManifestWriter, reader: MailReader, started: string): Promise<void> {
    const { user, maildir } = this.#options;
    const add = (lines: readonly Line[]): Promise<void> => atTarget(this.#folder, () => writer.add(lines));
    const hints = await this.#hints();
    try {
      await add([{ kind: 'backup', format: FORMAT, user, started }]);
      await add(await this.#keeper.files(maildir, ROOT_FILES));
      const mailboxes = inOrder(await reader.mailboxes());
      const present = mailboxes.flatMap((mailbox) => {
        const folder = reader.folder(mailbox.name);
        return folder === undefined ? [] : [{ mailbox, folder }];
      });
      const origins = present.map(({ folder }) => folder);
      this.#total = origins.reduce((sum, { count }) => sum + count, 0);
      for (const one of present) await this.#addMailbox({ ...one, reader, origins, hints, add });
    } finally {
      for (const one of hints) await one.close();
    }
  }

  /** What the last backup, and one that was interrupted since, say of messages. */
  async #hints(): Promise<readonly Hints[]> {
    const { root } = this.#options;
    const last = (await atTarget(root, () => backupsIn(root))).at(-1);
    const hints: Hints[] = [];
    if (last !== undefined) hints.push(new Hints(believed(readManifest(join(root, last)))));
    if (existsSync(interruptedIn(root))) hints.push(new Hints(readUnfinished(interruptedIn(root))));
    return hints;
  }

  async #addMailbox({ reader, mailbox, folder, origins, hints, add }: Mailbox): Promise<void> {
    const line = mailboxLine(reader, mailbox);
    await add([line, ...(await this.#keeper.files(this.#options.maildir, [join(line.folder, KEYWORDS_FILE)]))]);
    this.#mailboxes += 1;
    let lost: ReadMessage[] = [];
    const addMoved = async (atLeast: number): Promise<void> => {
      if (lost.length < atLeast) return;
      await add(await this.#moved(origins, { folder: line.folder, own: folder }, lost));
      lost = [];
    };
    for await (const slice of folder.messages(this.#options.signal, (message) => lost.push(message))) {
      for (let at = 0; at < slice.length; at += BACKUP_PARALLEL) {
        this.#options.signal?.throwIfAborted();
        const group: Task[] = [];
        for (const message of slice.slice(at, at + BACKUP_PARALLEL)) {
          if (message.uid === undefined && (await isMovedHere(origins, message))) continue;
          const hint = await this.#hint(hints, line, message);
          const onGone = (): unknown => message.uid !== undefined && lost.push(message);
          group.push({ folder, message, path: pathIn(line.folder, message), hint, onGone });
        }
        await add((await together(group.map((task) => this.#keeper.keep(task)))).flat());
      }
      await addMoved(BACKUP_LOST);
    }
    await addMoved(1);
    await this.#countUnnamed(folder, line.folder, add);
  }

  /** Names that are no text cannot be told in a manifest; that they are left out is. */
  async #countUnnamed(folder: FolderReader, name: string, add: Add): Promise<void> {
    const passed = { unreadable: 0, links: 0 };
    for await (const _ of folder.files(passed)) void _;
    for (let left = passed.unreadable; left > 0; left -= 1) {
      await add([this.#keeper.unreadable(join(name, 'cur', 'a name that is no UTF-8'), 'EILSEQ')]);
    }
  }

  async #hint(hints: readonly Hints[], { folder, uidValidity }: MailboxLine, message: ReadMessage) {
    const { uid, base } = message;
    if (uid === undefined || uidValidity === null) return undefined;
    for (const one of hints) {
      const found = await one.find({ folder, uidValidity, uid, base });
      if (found !== undefined && this.#objects.has(found)) return found;
    }
    return undefined;
  }

  /**
   * Messages that are not in their mailbox any more: they belong there if they lie in another one, where the index had them here.
   * What is moved on while it is looked for is looked for again; what several looks in a row do not find is gone.
   */
  async #moved(origins: readonly FolderReader[], { folder: here, own }: Origin, lost: readonly ReadMessage[]) {
    const lines: Line[] = [];
    let left = lost;
    for (let quiet = 0; left.length > 0 && quiet < BACKUP_LOOKS; ) {
      this.#options.signal?.throwIfAborted();
      const found = await findMoved(origins, own, left);
      quiet = found.length === 0 ? quiet + 1 : 0;
      const again: ReadMessage[] = [];
      for (const { folder, message, at } of found) {
        const onGone = (): unknown => again.push(message);
        lines.push(
          ...(await this.#keeper.keep({ folder, message, path: pathIn(here, message), hint: undefined, onGone, at })),
        );
      }
      const seen = new Set(found.map(({ message }) => message));
      left = [...left.filter((message) => !seen.has(message)), ...again];
    }
    this.#gone += left.length;
    return lines;
  }
}

type Add = (lines: readonly Line[]) => Promise<void>;

interface Mailbox {
  readonly reader: MailReader;
  readonly mailbox: ListedMailbox;
  readonly folder: FolderReader;
  /** All mailboxes. */
  readonly origins: readonly FolderReader[];
  readonly hints: readonly Hints[];
  readonly add: Add;
}

/** The mailbox that messages belong to: its folder's name, and its files. */
interface Origin {
  readonly folder: string;
  readonly own: FolderReader;
}

/** A manifest that is damaged helps as far as it goes: each line of it is looked at again. */
async function* believed(lines: AsyncIterable<Line>): AsyncGenerator<Line> {
  try {
    yield* lines;
  } catch (error) {
    if (!(error instanceof BackupFailure) && !isMissing(error)) throw error;
  }
}

/** By the names of their folders, which is how the hints are read along. */
const inOrder = (mailboxes: readonly ListedMailbox[]): readonly ListedMailbox[] =>
  mailboxes.toSorted((one, other) => (folderOf(one.name) < folderOf(other.name) ? -1 : 1));

function mailboxLine(reader: MailReader, { name, subscribed, specialUse }: ListedMailbox): MailboxLine {
  const numbers = reader.numbers(name);
  const { uidValidity = null, uidNext = null } = numbers ?? {};
  return { kind: 'mailbox', name, folder: folderOf(name), uidValidity, uidNext, subscribed, specialUse };
}

const pathIn = (folder: string, { base, place }: ReadMessage): string =>
  join(folder, place.inNew ? 'new' : 'cur', base + place.info);

/** Whether a file without a row is one that the index has in another mailbox, from which it is gone. */
async function isMovedHere(origins: readonly FolderReader[], { base }: ReadMessage): Promise<boolean> {
  for (const origin of origins) {
    const uid = origin.uidOf(base);
    if (uid !== undefined && (await origin.message(uid)) === undefined) return true;
  }
  return false;
}
