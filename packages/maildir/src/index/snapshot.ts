/** The index of one moment as a file by itself, for a backup. */
import { closeSync, openSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { backup, DatabaseSync } from 'node:sqlite';
import { COPY_PAGES, READ_PATIENCE } from '../limits.ts';
import { isSound } from './check-thread.ts';
import { isDamaged } from './connection.ts';

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
  if (!(await isSound(target))) return false;
  const copy = new DatabaseSync(target);
  try {
    // One file, with nothing beside it.
    copy.exec('PRAGMA journal_mode = DELETE; DELETE FROM rendered; VACUUM');
  } finally {
    copy.close();
  }
  await sync(target);
  return true;
}

const discard = (file: string): void => {
  for (const part of ['-journal', '-wal', '-shm', '']) rmSync(file + part, { force: true });
};

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
