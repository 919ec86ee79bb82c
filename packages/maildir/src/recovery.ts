/** What a restored index still needs before it may be used, and what becomes of rows whose folder is gone. */
import { join } from 'node:path';
import type { StoreContext } from './context.ts';
import { errno, sqliteCode } from './errors.ts';
import { nextUidValidity } from './folders/folders.ts';
import { clearRemoved } from './folders/removed.ts';
import type { MailboxRow } from './index/mailboxes.ts';
import { GONE_KEPT } from './limits.ts';

/**
 * Gives every mailbox of an index that came from its copy a UIDVALIDITY above all given so far: between the copy and its
 * loss the index may have given any UID. All of them or none, by whichever process comes first.
 */
export async function renewRestored(context: StoreContext): Promise<void> {
  const { index } = context;
  if (index.facts.get('restored') === undefined) return;
  await index.db.write(() => {
    if (index.facts.get('restored') === undefined) return; // another process was quicker
    for (const row of index.mailboxes.all()) index.mailboxes.renew(row.id, nextUidValidity(context));
    index.facts.remove('restored');
  });
}

const hasFolder = (context: StoreContext, row: MailboxRow): boolean =>
  context.fs.now.stat(join(context.maildir, row.folder, 'cur')) !== undefined;

/** Since when the folder has been known to be gone, milliseconds since the epoch. */
function goneSince(context: StoreContext, row: MailboxRow): number | undefined {
  const noted = context.index.facts.get(`gone ${row.id}`);
  return noted === undefined ? undefined : Number(noted);
}

/** Notes, takes back or forgets; runs in a write transaction. Returns the mailboxes that were forgotten. */
function settle(context: StoreContext, rows: readonly MailboxRow[]): MailboxRow[] {
  const { index } = context;
  const now = context.clock();
  const forgotten: MailboxRow[] = [];
  for (const seen of rows) {
    const row = index.mailboxes.byId(seen.id);
    if (row === undefined) index.facts.remove(`gone ${seen.id}`);
    if (row === undefined || row.folder !== seen.folder) continue; // removed or renamed by another process
    const since = goneSince(context, row);
    if (hasFolder(context, row)) index.facts.remove(`gone ${row.id}`);
    // A clock that was set back starts the time anew.
    else if (since === undefined || since > now) index.facts.set(`gone ${row.id}`, String(now));
    else if (now - since >= GONE_KEPT) {
      index.mailboxes.remove(row.folder);
      index.facts.remove(`gone ${row.id}`);
      forgotten.push(row);
    }
  }
  return forgotten;
}

/**
 * Forgets mailboxes whose folder another program removed or renamed long ago. Not at once: a folder may be missing because
 * a disk is not mounted or a backup is being brought back. Nobody asked for it, so a full disk or a lock fails nothing.
 */
export async function forgetGone(context: StoreContext): Promise<void> {
  const { index, log } = context;
  await clearRemoved(context);
  const now = context.clock();
  const due = index.mailboxes.all().filter((row) => {
    const since = goneSince(context, row);
    if (hasFolder(context, row)) return since !== undefined;
    return since === undefined || since > now || now - since >= GONE_KEPT;
  });
  if (due.length === 0) return;
  try {
    const forgotten = await index.db.write(() => settle(context, due));
    for (const row of forgotten) {
      const message = `The folder ${join(context.maildir, row.folder)} has been gone for long: its mailbox is forgotten.`;
      log({ level: 'info', code: 'mailbox-forgotten', message });
      index.committed(row.id);
    }
    await clearRemoved(context);
  } catch (error) {
    if (sqliteCode(error) === undefined && errno(error) === undefined) throw error;
    const reason = error instanceof Error ? error.message : 'unknown reason';
    log({ level: 'warn', code: 'look-unrecorded', message: `That folders are gone could not be noted: ${reason}` });
  }
}
