/**
 * The way back to Dovecot: writes what it reads when it sees a Maildir for the first time, so that its clients keep their
 * caches. For a Maildir that nobody writes to meanwhile: what arrives after the export gets its UID from whoever sees it
 * first. Dovecot believes its own index files (`dovecot.index*`) before these lists: where they are older, they have to be
 * removed before Dovecot is started. They are Dovecot's, and are not touched here.
 */
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DovecotExport, MailboxName } from '../api.ts';
import type { Folder, StoreContext } from '../context.ts';
import type { OpenFile } from '../files/file-system.ts';
import { countLeftKeywords } from '../index/left-keywords.ts';
import type { MailboxRow } from '../index/mailboxes.ts';
import { ROWS } from '../limits.ts';
import { formatKeywords, KEYWORDS_FILE } from '../names/keywords-file.ts';
import { FolderSync } from '../sync/sync.ts';
import { removeIfThere } from '../writing/place.ts';
import { DOVECOT_LIST } from './first-sight.ts';
import { readLines } from './lines.ts';
import { formatHeader, formatLine, parseHeader } from './uid-list.ts';

/** The GUID that Dovecot gave the mailbox, where it has left one. */
async function knownGuid(context: StoreContext, path: string): Promise<string | undefined> {
  if ((await context.fs.stat(path)) === undefined) return undefined;
  let guid: string | undefined;
  await readLines(context.fs, path, (line) => {
    guid = line === undefined ? undefined : parseHeader(line)?.guid;
    return false;
  });
  return guid !== undefined && /^[0-9a-f]{32}$/.test(guid) ? guid : undefined;
}

/** Writes the lines below the header; returns their number. */
async function writeLines(
  context: StoreContext,
  mailbox: number,
  below: number,
  file: OpenFile,
  signal: AbortSignal | undefined,
): Promise<number> {
  let written = 0;
  for (let after = 0; ; ) {
    const rows = context.index.messages.places(mailbox, after, ROWS).filter(({ uid }) => uid < below);
    const last = rows.at(-1);
    if (last === undefined) return written;
    after = last.uid;
    // A name that holds a line end would be two lines, and the second could give another message a UID.
    const lines = rows.filter(({ base, info }) => !(base + info).includes('\n'));
    written += lines.length;
    await file.write(Buffer.from(lines.map(({ uid, base, info }) => formatLine(uid, base + info)).join('')));
    await nextTurn();
    signal?.throwIfAborted();
  }
}

/** Writes beside, syncs, renames over; returns the number of messages. */
async function writeList(
  context: StoreContext,
  folder: Folder,
  row: MailboxRow,
  signal: AbortSignal | undefined,
): Promise<number> {
  const { fs } = context;
  const path = join(folder.path, DOVECOT_LIST);
  const guid = await knownGuid(context, path);
  const beside = `${path}.${context.newBase()}`;
  try {
    const file = await fs.open(beside, 'create');
    let messages = 0;
    try {
      await file.write(Buffer.from(formatHeader(row.uidValidity, row.uidNext, guid)));
      messages = await writeLines(context, folder.id, row.uidNext, file, signal);
      await file.sync();
    } finally {
      await file.close();
    }
    await fs.rename(beside, path);
    await fs.syncDirectory(folder.path);
    return messages;
  } catch (error) {
    await removeIfThere(fs, beside);
    throw error;
  }
}

async function writeKeywords({ index, fs }: StoreContext, folder: Folder): Promise<void> {
  const path = join(folder.path, KEYWORDS_FILE);
  await index.db.write(() => {
    const text = formatKeywords(index.keywords.all(folder.id));
    if (text !== (fs.now.readText(path) ?? '')) fs.now.replaceText(path, text);
  });
}

/** Exports these mailboxes; `find` gives the folder of each. `subscriptions` is the file that Dovecot reads already. */
export async function exportForDovecot(
  context: StoreContext,
  names: readonly MailboxName[],
  find: (name: MailboxName) => Promise<Folder>,
  signal: AbortSignal | undefined,
): Promise<DovecotExport> {
  const { index } = context;
  let messages = 0;
  const keywordsLeft = [];
  for (const name of names) {
    signal?.throwIfAborted();
    const folder = await find(name);
    await new FolderSync(context, folder).look();
    const row = index.mailboxes.byId(folder.id);
    if (row === undefined) continue; // deleted meanwhile
    messages += await writeList(context, folder, row, signal);
    await writeKeywords(context, folder);
    for (const [keyword, uses] of countLeftKeywords(index.db, folder.id)) {
      keywordsLeft.push({ name, keyword, messages: uses });
    }
  }
  return { mailboxes: names.length, messages, keywordsLeft };
}
