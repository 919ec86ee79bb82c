/** The index of one moment as a file by itself, for a backup, and how such a file becomes an index again. */
import { closeSync, openSync, rmSync } from 'node:fs';
import { backup, DatabaseSync } from 'node:sqlite';
import { syncPath } from '../files/sync-path.ts';
import { COPY_PAGES, READ_PATIENCE, REBOOT_JUMP, RESTORE_JUMP } from '../limits.ts';
import { checkIndex } from './check.ts';
import { Connection, isDamaged } from './connection.ts';
import { FactTable } from './facts.ts';
import { Mailboxes } from './mailboxes.ts';

/**
 * Copies the index as it is at one moment, while others go on writing to it. What is rendered for FETCH is left out: it is
 * made again from the messages. False where the index is damaged. Durable when it resolves, but for the name of the file.
 */
export async function takeSnapshot(file: string, target: string): Promise<boolean> {
  discard(target);
  closeSync(openSync(target, 'wx', 0o600)); // SQLite would make it readable for others
  const source = new DatabaseSync(file, { readOnly: true, timeout: READ_PATIENCE });
  try {
    // One snapshot from the first page to the last: without it every commit of others would begin the copy anew.
    source.exec('BEGIN; SELECT count(*) FROM facts');
    await backup(source, target, { rate: COPY_PAGES });
  } catch (error) {
    if (isDamaged(error)) return false;
    throw error;
  } finally {
    source.close();
  }
  const copy = new DatabaseSync(target);
  try {
    if (!checkIndex(copy)) return false;
    // One file, with nothing beside it.
    copy.exec('PRAGMA journal_mode = DELETE; DELETE FROM rendered; VACUUM');
  } finally {
    copy.close();
  }
  await syncPath(target);
  return true;
}

/**
 * Makes a snapshot ready to be the index of the messages that it tells of. UIDs and UIDVALIDITYs stay. What was given out
 * after the snapshot is not known any more, and must not be given again to anything else: the next UID and the highest
 * modification sequence jump over it. Clients that know more than the snapshot hear of every flag, and compare UIDs, once.
 */
export async function reviveSnapshot(file: string): Promise<void> {
  const db = new Connection(file, 'exclusive');
  try {
    db.writeNow(() => {
      const mailboxes = new Mailboxes(db);
      mailboxes.distrustAll(REBOOT_JUMP); // every folder is read, and sequences jump
      for (const { id, uidNext } of mailboxes.all()) {
        mailboxes.changeAll(id);
        const { highestModSeq } = mailboxes.byId(id) ?? { highestModSeq: 1 };
        mailboxes.advance(id, uidNext + RESTORE_JUMP, highestModSeq);
        mailboxes.raiseHistory(id, highestModSeq);
      }
      const facts = new FactTable(db);
      facts.remove('copied');
      facts.remove('copying');
    });
  } finally {
    db.close(); // the last connection: all is in the one file now
  }
  await syncPath(file);
}

const discard = (file: string): void => {
  for (const part of ['-journal', '-wal', '-shm', '']) rmSync(file + part, { force: true });
};
