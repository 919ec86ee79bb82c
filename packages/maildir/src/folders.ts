/**
 * The tree of folders: list, create, delete, rename. A folder appears and disappears by one rename, under names that no
 * listing shows (two leading dots mean an empty level), so that others see it whole or not at all.
 */
import { join } from 'node:path';
import type { MailboxInfo, MailboxName } from './api.ts';
import type { Folder, StoreContext } from './context.ts';
import { removeIfThere } from './deliver.ts';
import { errno, isMissing, StoreFailure } from './errors.ts';
import type { FileSystem } from './file-system.ts';
import type { MailboxRow } from './index/mailboxes.ts';
import { STALE } from './limits.ts';
import { folderOf, INBOX, isInferior, mailboxOf, parseMailboxName, superiors } from './mailbox-name.ts';
import { readSubscriptions } from './subscriptions.ts';

const SUBFOLDERS = ['cur', 'new', 'tmp'];
const MARKER = 'maildirfolder';
const UIDVALIDITY_FILE = 'scorpiox-uidvalidity';
/** RFC 9051 §9: nz-number, 32 bits. */
const MAX_UIDVALIDITY = 2 ** 32 - 1;
const HIDDEN = '..scorpiox-';

const noSuchMailbox = (): StoreFailure => new StoreFailure('no-such-mailbox', 'There is no such mailbox.');
const exists = (): StoreFailure => new StoreFailure('mailbox-exists', 'A mailbox of this name exists already.');

/**
 * A UIDVALIDITY above every one given so far. The file beside the mail remembers the last one, so that it holds even
 * when the index is lost or the clock was set back. Runs inside a write transaction.
 */
function nextUidValidity(context: StoreContext): number {
  const path = join(context.maildir, UIDVALIDITY_FILE);
  const kept = Number.parseInt(context.fs.now.readText(path) ?? '0', 10) || 0;
  const last = Math.max(kept, context.index.mailboxes.highestUidValidity());
  const next = Math.max(Math.floor(context.clock() / 1000), last + 1);
  if (next > MAX_UIDVALIDITY)
    throw new StoreFailure('unavailable', 'No higher UIDVALIDITY is left; is the clock right?');
  context.fs.now.replaceText(path, `${next}\n`);
  return next;
}

/** Makes the folder's directories where any is missing. */
export async function ensureDirectories(fs: FileSystem, path: string): Promise<void> {
  for (const name of SUBFOLDERS) {
    if ((await fs.stat(join(path, name))) === undefined) await fs.makeDirectory(join(path, name));
  }
}

/** A mailbox's folder with its row; throws `no-such-mailbox`. */
export async function findFolder(context: StoreContext, name: MailboxName): Promise<Folder & { row: MailboxRow }> {
  const { index, fs } = context;
  const folder = folderOf(name);
  const path = join(context.maildir, folder);
  if (!(await isMaildir(context, path))) throw noSuchMailbox();
  await ensureDirectories(fs, path);
  const known = index.db.read(() => index.mailboxes.byFolder(folder));
  const row =
    known ??
    (await index.db.write(
      () => index.mailboxes.byFolder(folder) ?? index.mailboxes.add(folder, nextUidValidity(context)),
    ));
  return { id: row.id, name: folder, path, row };
}

async function isMaildir(context: StoreContext, path: string): Promise<boolean> {
  return (await context.fs.stat(join(path, 'cur')))?.kind === 'directory';
}

/** Every mailbox that has a folder, INBOX first. */
async function existing(context: StoreContext): Promise<MailboxName[]> {
  const names: MailboxName[] = [];
  for (const entry of await context.fs.names(context.maildir)) {
    const name = mailboxOf(entry);
    if (name !== undefined && (await isMaildir(context, join(context.maildir, entry)))) names.push(name);
  }
  return [INBOX, ...names.sort()];
}

export async function listMailboxes(context: StoreContext): Promise<MailboxInfo[]> {
  const selectable = new Set(await existing(context));
  const names = new Set([...selectable].flatMap((name) => [...superiors(name), name]));
  const parents = new Set([...names].flatMap((name) => superiors(name)));
  const subscribed = new Set(readSubscriptions(context));
  return [...names].map((name) => ({
    name,
    selectable: selectable.has(name),
    hasChildren: parents.has(name),
    subscribed: subscribed.has(name),
  }));
}

const hiddenPath = (context: StoreContext, purpose: string): string =>
  join(context.maildir, `${HIDDEN}${purpose}-${context.newBase().replaceAll('.', '-')}`);

export async function createMailbox(context: StoreContext, name: MailboxName): Promise<void> {
  const { fs, index } = context;
  const folder = folderOf(name);
  const path = join(context.maildir, folder);
  if (name === INBOX || (await isMaildir(context, path))) throw exists();
  const beside = hiddenPath(context, 'new');
  try {
    await ensureDirectories(fs, beside);
    await (await fs.open(join(beside, MARKER), 'create')).close();
    await fs.syncDirectory(beside);
    // Left by a deletion that did not come to its end: the new mailbox is another one.
    if (index.mailboxes.byFolder(folder) !== undefined) await index.db.write(() => index.mailboxes.remove(folder));
    await fs.rename(beside, path);
  } catch (error) {
    await fs.removeTree(beside);
    throw ['ENOTEMPTY', 'EEXIST'].includes(errno(error) ?? '') ? exists() : error;
  }
  await fs.syncDirectory(context.maildir);
}

export async function deleteMailbox(context: StoreContext, name: MailboxName): Promise<void> {
  const { fs, index } = context;
  if (name === INBOX) throw new StoreFailure('not-permitted', 'INBOX cannot be deleted.');
  const trash = hiddenPath(context, 'trash');
  try {
    await fs.rename(join(context.maildir, folderOf(name)), trash);
  } catch (error) {
    if (!isMissing(error)) throw error;
    if (!(await existing(context)).some((other) => isInferior(other, name))) throw noSuchMailbox();
    throw new StoreFailure('not-permitted', 'The mailbox only holds other mailboxes; delete those first.');
  }
  await fs.syncDirectory(context.maildir);
  const row = index.mailboxes.byFolder(folderOf(name));
  await index.db.write(() => index.mailboxes.remove(folderOf(name)));
  if (row !== undefined) index.committed(row.id);
  await discard(context, trash);
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
  const { fs, index } = context;
  const names = await existing(context);
  if (names.includes(to) || names.some((name) => isInferior(name, to))) throw exists();
  if (isInferior(to, from)) throw new StoreFailure('not-permitted', 'A mailbox cannot be moved below itself.');
  const plan = renamePlan(names, from, to);
  if (plan.length === 0) throw noSuchMailbox();
  for (const step of plan) {
    const [old, renamed] = [folderOf(step.from), folderOf(step.to)];
    await index.db.write(() => {
      fs.now.rename(join(context.maildir, old), join(context.maildir, renamed));
      index.mailboxes.rename(old, renamed, () => nextUidValidity(context));
    });
  }
  await fs.syncDirectory(context.maildir);
}

/** Removes a hidden directory. The mailbox is gone already: what cannot be removed is said and tried again later. */
async function discard(context: StoreContext, path: string): Promise<void> {
  try {
    await context.fs.removeTree(path);
  } catch (error) {
    const message = `${path} is left of a mailbox and could not be removed (${errno(error) ?? 'unknown reason'}).`;
    context.log({ level: 'warn', code: 'leftover-kept', message });
  }
}

/**
 * Removes what earlier processes left half made or half removed: none of it is listed. Only what is old: another
 * process may be at work on the rest.
 */
export async function removeLeftovers(context: StoreContext): Promise<void> {
  const { fs, maildir } = context;
  for (const entry of await fs.names(maildir)) {
    if (entry.startsWith(HIDDEN) && (await isStale(fs, join(maildir, entry))))
      await discard(context, join(maildir, entry));
  }
}

/** Removes deliveries that were never finished from tmp/. */
export async function sweepTemporary(context: StoreContext, path: string): Promise<void> {
  const { fs } = context;
  for (const name of await fs.names(join(path, 'tmp'))) {
    const file = join(path, 'tmp', name);
    if (await isStale(fs, file)) await removeIfThere(fs, file);
  }
}

/** By the time of its last change of any kind: a delivery sets the file's mtime to what the sender asked for. */
async function isStale(fs: FileSystem, path: string): Promise<boolean> {
  const stat = await fs.stat(path);
  return stat !== undefined && stat.ctime < fs.time() - STALE;
}
