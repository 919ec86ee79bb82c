import { join } from 'node:path';
import type { StoreResult } from '../api.ts';
import type { StoreContext } from '../context.ts';
import { attempt, StoreFailure } from '../errors.ts';
import { directoryOf, pathOf } from '../files/places.ts';
import { emailIdOf, splitFileName } from '../names/file-name.ts';
import { openContext } from '../opening.ts';
import { Renames } from '../writing/place.ts';
import type { MailPlaces } from './numbers.ts';

/** A message's file, by the names that it has and is to have in one directory. */
export interface MessageRename {
  /** The folder's name in the Maildir, empty for INBOX. */
  readonly folder: string;
  readonly directory: 'new' | 'cur';
  readonly from: string;
  readonly to: string;
}

/**
 * Gives a message's file another name, base included, and its row in the index with it, under the index's write lock: it
 * keeps its UID and everything that clients know of it. Durable when it resolves. Fails with `vanished` where the file is
 * not there, and `unavailable` where something has the new name.
 */
export function renameMessage(places: MailPlaces, message: MessageRename): Promise<StoreResult<void>> {
  return attempt(async () => {
    const context = await openContext(places);
    const renames = new Renames(context.fs.now);
    try {
      await context.index.db.write(() => renameWithRow(context, message, renames));
      await context.fs.syncDirectory(directoryOf(join(context.maildir, message.folder), message.directory === 'new'));
    } catch (error) {
      renames.undo();
      throw error;
    } finally {
      context.index.db.close();
    }
  });
}

/** Runs inside a write transaction. */
function renameWithRow({ index, fs, maildir }: StoreContext, message: MessageRename, renames: Renames): void {
  const { folder, directory } = message;
  const inNew = directory === 'new';
  const [from, to] = [splitFileName(message.from), splitFileName(message.to)];
  const [path, target] = [from, to].map((name) => pathOf(join(maildir, folder), name.base, { inNew, info: name.info }));
  if (path === undefined || target === undefined) return;
  if (fs.now.stat(target) !== undefined) throw new StoreFailure('unavailable', 'Something else has the new name.');
  if (!renames.rename(path, target)) throw new StoreFailure('vanished', 'The file is not there any more.');
  const mailbox = index.mailboxes.byFolder(folder);
  const row = mailbox === undefined ? undefined : index.messages.byBase(mailbox.id, from.base);
  if (mailbox === undefined || row === undefined) return;
  index.messages.rename(mailbox.id, row.uid, to.base, row.emailId ?? emailIdOf(row.base));
  index.messages.update(mailbox.id, row.uid, { ...row, inNew, info: to.info }, row.modSeq);
}
