/**
 * The tree of folders: list, create, delete, rename. A folder appears and disappears by one rename, under names that no
 * listing shows (two leading dots mean an empty level), so that others see it whole or not at all.
 */
import { dirname, join } from 'node:path';
import type { MailboxInfo, MailboxName, SpecialUse } from '../api.ts';
import { firstSight } from '../compat/first-sight.ts';
import type { Folder, StoreContext } from '../context.ts';
import { errno, StoreFailure } from '../errors.ts';
import type { FileSystem, Stat } from '../files/file-system.ts';
import type { MailboxRow } from '../index/mailboxes.ts';
import { STALE } from '../limits.ts';
import { folderOf, INBOX, isInferior, mailboxOf, parseMailboxName, superiors } from '../names/mailbox-name.ts';
import { formatSpecialUse, parseSpecialUse, SPECIAL_USE } from '../names/special-use.ts';
import { removeIfThere } from '../writing/place.ts';
import { clearRemoved } from './removed.ts';
import { forgetRenames, noteRenames, settleRenames } from './renames.ts';
import { readSubscriptions } from './subscriptions.ts';

const SUBFOLDERS = ['cur', 'new', 'tmp'];
const MARKER = 'maildirfolder';
/** In the Maildir's root: the last UIDVALIDITY given. Where it is, there has been an index. */
export const UIDVALIDITY_FILE = 'scorpiox-uidvalidity';
/** RFC 9051 §9: nz-number, 32 bits. */
const MAX_UIDVALIDITY = 2 ** 32 - 1;
const HIDDEN = '..scorpiox-';
/** How a rename says that something else has the new name: a directory with contents, or a file. */
const TAKEN = ['ENOTEMPTY', 'EEXIST', 'ENOTDIR'];

const noSuchMailbox = (): StoreFailure => new StoreFailure('no-such-mailbox', 'There is no such mailbox.');
const exists = (): StoreFailure => new StoreFailure('mailbox-exists', 'A mailbox of this name exists already.');

/**
 * A UIDVALIDITY above every one given so far. The file beside the mail remembers the last one, so that it holds even
 * when the index is lost or the clock was set back. Runs inside a write transaction.
 */
export function nextUidValidity(context: StoreContext): number {
  const path = join(context.maildir, UIDVALIDITY_FILE);
  const kept = Number.parseInt(context.fs.now.readText(path) ?? '0', 10) || 0;
  const last = Math.max(kept, context.index.mailboxes.highestUidValidity());
  const next = Math.max(Math.floor(context.clock() / 1000), last + 1);
  if (next > MAX_UIDVALIDITY)
    throw new StoreFailure('unavailable', 'No higher UIDVALIDITY is left; is the clock right?');
  context.fs.now.replaceText(path, `${next}\n`);
  return next;
}

/** Keeps a UIDVALIDITY that another server gave from being given again. Runs inside a write transaction. */
function rememberUidValidity(context: StoreContext, uidValidity: number): void {
  const path = join(context.maildir, UIDVALIDITY_FILE);
  const kept = Number.parseInt(context.fs.now.readText(path) ?? '0', 10) || 0;
  if (uidValidity > kept) context.fs.now.replaceText(path, `${uidValidity}\n`);
}

/** Makes a directory where it is missing, with its parents. Durable when it resolves: each is synced in its parent. */
export async function makeTree(fs: FileSystem, path: string): Promise<void> {
  if ((await fs.stat(path)) !== undefined) return;
  const parent = dirname(path);
  if (parent !== path) await makeTree(fs, parent);
  await fs.makeDirectory(path);
  await fs.syncDirectory(parent);
}

/**
 * Makes the folder's directories where any is missing, durably. The folder itself must be there: one that was deleted
 * meanwhile must not come back by being looked at.
 */
export async function ensureDirectories(fs: FileSystem, path: string): Promise<void> {
  let made = false;
  for (const name of SUBFOLDERS) {
    if ((await fs.stat(join(path, name))) !== undefined) continue;
    await fs.makeDirectory(join(path, name));
    made = true;
  }
  if (made) await fs.syncDirectory(path);
}

/** A mailbox's folder with its row; throws `no-such-mailbox`. */
export async function findFolder(context: StoreContext, name: MailboxName): Promise<Folder & { row: MailboxRow }> {
  const { index, fs } = context;
  const folder = folderOf(name);
  const path = join(context.maildir, folder);
  // Asked for by each delivery: the usual answer costs some calls of a microsecond and no thread.
  const isWhole = SUBFOLDERS.every((part) => fs.now.stat(join(path, part))?.kind === 'directory');
  if (leadsOut(context, path) || (!isWhole && !(await isMaildir(context, path)))) throw noSuchMailbox();
  if (!isWhole) await ensureDirectories(fs, path);
  const known = index.db.read(() => index.mailboxes.byFolder(folder));
  const row =
    known ??
    (await firstSight(context, folder, {
      next: () => nextUidValidity(context),
      remember: (uidValidity) => rememberUidValidity(context, uidValidity),
    }));
  return { id: row.id, name: folder, path, row };
}

/**
 * A folder that is a symbolic link, or whose directories are, may lead out of the Maildir, into other people's mail: it is
 * no mailbox. The Maildir itself may be a link; where it lies is the operator's choice.
 */
function leadsOut({ fs, maildir }: StoreContext, path: string): boolean {
  if (path !== join(maildir) && fs.now.isLink(path)) return true;
  return SUBFOLDERS.some((part) => fs.now.isLink(join(path, part)));
}

async function isMaildir(context: StoreContext, path: string): Promise<boolean> {
  return (await context.fs.stat(join(path, 'cur')))?.kind === 'directory' && !leadsOut(context, path);
}

/** Tells once of a folder with mail in it that is not shown. */
async function tellUnreadable(context: StoreContext, entry: string, isName: boolean): Promise<void> {
  const { fs, maildir, unreadableFolders, stats, log } = context;
  if (!entry.startsWith('.') || entry.startsWith(HIDDEN) || unreadableFolders.has(entry)) return;
  const path = join(maildir, entry);
  if ((await fs.stat(join(path, 'cur')))?.kind !== 'directory') return;
  unreadableFolders.add(entry);
  stats.unreadableFolders += 1;
  const reason = isName
    ? 'it, or a directory in it, is a symbolic link'
    : 'its name is no mailbox name in modified UTF-7';
  const message = `${JSON.stringify(path)} holds mail but is no mailbox: ${reason}. Rename or move it to see its messages.`;
  log({ level: 'warn', code: 'folder-unreadable', message });
}

/** Every mailbox that has a folder, INBOX first. */
async function existing(context: StoreContext): Promise<MailboxName[]> {
  const names: MailboxName[] = [];
  for (const entry of await context.fs.names(context.maildir)) {
    const name = mailboxOf(entry);
    const path = join(context.maildir, entry);
    if (name !== undefined && (await isMaildir(context, path))) names.push(name);
    else await tellUnreadable(context, entry, name !== undefined);
  }
  return [INBOX, ...names.sort()];
}

const NO_USE = new Uint8Array();

export async function listMailboxes(context: StoreContext): Promise<MailboxInfo[]> {
  const selectable = new Set(await existing(context));
  const names = new Set([...selectable].flatMap((name) => [...superiors(name), name]));
  const parents = new Set([...names].flatMap((name) => superiors(name)));
  const subscribed = new Set(readSubscriptions(context));
  const uses = context.index.metadata.everywhere(SPECIAL_USE);
  return [...names].map((name) => ({
    name,
    selectable: selectable.has(name),
    hasChildren: parents.has(name),
    subscribed: subscribed.has(name),
    specialUse: selectable.has(name) ? (parseSpecialUse(uses.get(folderOf(name)) ?? NO_USE) ?? []) : [],
  }));
}

const hiddenPath = (context: StoreContext, purpose: string): string =>
  join(context.maildir, `${HIDDEN}${purpose}-${context.newBase().replaceAll('.', '-')}`);

/**
 * Renames a folder and changes the index by `rows`, both under the index's write lock: nobody else can give the name
 * away between the two. When the index refuses, the folder goes back. Throws `mailbox-exists` where the new name is taken.
 */
async function moveFolder<T>(context: StoreContext, from: string, to: string, rows: () => T): Promise<T> {
  const { fs, index } = context;
  let moved = false;
  try {
    return await index.db.write(() => {
      if (!moved) fs.now.rename(from, to);
      moved = true;
      return rows();
    });
  } catch (error) {
    if (moved) fs.now.rename(to, from);
    throw !moved && TAKEN.includes(errno(error) ?? '') ? exists() : error;
  }
}

/** Tells those who have the mailbox of this row open that it is not there any more, or not under this name. */
function tell(context: StoreContext, row: MailboxRow | undefined): void {
  if (row !== undefined) context.index.committed(row.id);
}

/** Makes a mailbox, and its special uses in the same transaction (RFC 6154 §3). */
export async function createMailbox(
  context: StoreContext,
  name: MailboxName,
  use: SpecialUse | readonly SpecialUse[] = [],
): Promise<void> {
  const uses = [use].flat();
  const { fs, index } = context;
  const folder = folderOf(name);
  const path = join(context.maildir, folder);
  if (name === INBOX || (await isMaildir(context, path))) throw exists();
  const beside = hiddenPath(context, 'new');
  try {
    await fs.makeDirectory(beside);
    await (await fs.open(join(beside, MARKER), 'create')).close();
    await ensureDirectories(fs, beside); // its sync makes the marker durable as well
    const left = await moveFolder(context, beside, path, () => {
      // A row of this name belongs to a folder that another program removed: the new mailbox is another one.
      const row = index.mailboxes.byFolder(folder);
      index.mailboxes.remove(folder);
      if (uses.length > 0) {
        const made = index.mailboxes.add(folder, nextUidValidity(context));
        index.metadata.set(made.id, SPECIAL_USE, formatSpecialUse(uses));
      }
      return row;
    });
    tell(context, left);
  } catch (error) {
    await discard(context, beside);
    throw error;
  }
  await fs.syncDirectory(context.maildir);
  await clearRemoved(context);
}

export async function deleteMailbox(context: StoreContext, name: MailboxName): Promise<void> {
  const { fs, index } = context;
  if (name === INBOX) throw new StoreFailure('not-permitted', 'INBOX cannot be deleted.');
  const folder = folderOf(name);
  const path = join(context.maildir, folder);
  if (!(await isMaildir(context, path))) {
    if (!(await existing(context)).some((other) => isInferior(other, name))) throw noSuchMailbox();
    throw new StoreFailure('not-permitted', 'The mailbox only holds other mailboxes; delete those first.');
  }
  const trash = hiddenPath(context, 'trash');
  const removed = await moveFolder(context, path, trash, () => {
    const row = index.mailboxes.byFolder(folder);
    index.mailboxes.remove(folder);
    return row;
  });
  tell(context, removed);
  await fs.syncDirectory(context.maildir);
  await discard(context, trash);
  await clearRemoved(context);
}

/** What a rename does: pairs of old and new names, the mailbox itself and everything below it. */
function renamePlan(
  names: readonly MailboxName[],
  from: MailboxName,
  to: MailboxName,
): { readonly from: MailboxName; readonly to: MailboxName }[] {
  const plan = [];
  for (const name of names) {
    if (name !== from && !isInferior(name, from)) continue;
    const target = parseMailboxName(to + name.slice(from.length));
    if (!target.ok) throw new StoreFailure('invalid-name', target.error.message);
    if (names.includes(target.value)) throw exists();
    plan.push({ from: name, to: target.value });
  }
  return plan;
}

/** Renames a mailbox other than INBOX, with all below it. */
export async function renameMailbox(context: StoreContext, from: MailboxName, to: MailboxName): Promise<void> {
  const { fs } = context;
  const names = await existing(context);
  if (names.includes(to) || names.some((name) => isInferior(name, to))) throw exists();
  if (isInferior(to, from)) throw new StoreFailure('not-permitted', 'A mailbox cannot be moved below itself.');
  const plan = renamePlan(names, from, to);
  if (plan.length === 0) throw noSuchMailbox();
  const steps = plan.map((step) => ({ from: folderOf(step.from), to: folderOf(step.to) }));
  const noted = await noteRenames(context, steps);
  for (const step of steps) await renameFolder(context, step);
  await fs.syncDirectory(context.maildir);
  await forgetRenames(context, noted);
  await clearRemoved(context);
}

async function renameFolder(context: StoreContext, { from, to }: { from: string; to: string }): Promise<void> {
  const { index, maildir } = context;
  const moved = await moveFolder(context, join(maildir, from), join(maildir, to), () => {
    const rows = [index.mailboxes.byFolder(from), index.mailboxes.byFolder(to)];
    index.mailboxes.rename(from, to, () => nextUidValidity(context));
    return rows;
  });
  for (const row of moved) tell(context, row);
}

/** Settles what renames that were cut short have left. */
export const finishRenames = (context: StoreContext): Promise<void> =>
  settleRenames(context, () => nextUidValidity(context));

/** Clears something up. Nobody asked for it, so a failure fails nothing: it is said, and tried again at a later opening. */
async function tidy(context: StoreContext, path: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const message = `${path} is left over and could not be removed (${errno(error) ?? 'unknown reason'}).`;
    context.log({ level: 'warn', code: 'leftover-kept', message });
  }
}

const discard = (context: StoreContext, path: string): Promise<void> =>
  tidy(context, path, () => context.fs.removeTree(path));

/**
 * Removes what earlier processes left half made or half removed: none of it is listed. Only what is old: another
 * process may be at work on the rest.
 */
export async function removeLeftovers(context: StoreContext): Promise<void> {
  const { fs, maildir } = context;
  for (const entry of await fs.names(maildir)) {
    const path = join(maildir, entry);
    if (!entry.startsWith(HIDDEN)) continue;
    await tidy(context, path, async () => {
      if (isStale(fs, await fs.stat(path))) await fs.removeTree(path);
    });
  }
}

/** Removes deliveries that were never finished from tmp/. Directories are nobody's deliveries and stay. */
export async function sweepTemporary(context: StoreContext, path: string): Promise<void> {
  const { fs } = context;
  const directory = join(path, 'tmp');
  await tidy(context, directory, async () => {
    for (const name of await fs.names(directory)) {
      const file = join(directory, name);
      await tidy(context, file, async () => {
        const stat = await fs.stat(file);
        if (stat?.kind === 'file' && isStale(fs, stat)) await removeIfThere(fs, file);
      });
    }
  });
}

/** By the time of its last change of any kind: a delivery sets the file's mtime to what the sender asked for. */
const isStale = (fs: FileSystem, stat: Stat | undefined): boolean =>
  stat !== undefined && stat.ctime < fs.time() - STALE;
