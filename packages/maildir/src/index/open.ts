/**
 * Opens a user's index. One that cannot be read is set aside under another name, never removed, and a new one is made:
 * its contents come back from the files, under a higher UIDVALIDITY.
 */
import { closeSync, existsSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import type { StoreLog } from '../log.ts';
import { Connection, damageMark, isDamaged, whileBusy } from './connection.ts';

const inodeOf = (file: string): number | undefined => statSync(file, { throwIfNoEntry: false })?.ino;

/** Renames the index and its companions, the write-ahead log first: it must never be applied to the next index. */
function setAside(file: string, inode: number | undefined, suffix: string, log: StoreLog): void {
  if (inode === undefined) {
    // Whoever took the damaged index away left the mark: it must not condemn the next index.
    rmSync(damageMark(file), { force: true });
    return;
  }
  if (inodeOf(file) !== inode) return; // another process was quicker
  const aside = `${file}.damaged-${suffix}`;
  for (const part of ['-wal', '-shm', '']) {
    if (existsSync(file + part)) renameSync(file + part, aside + part);
  }
  rmSync(damageMark(file), { force: true });
  log({
    level: 'warn',
    code: 'index-set-aside',
    message: `The damaged mail index ${file} was renamed to ${aside}; a new one is built from the files.`,
  });
}

/** Opens the file, made for its owner only: SQLite gives its companions the same mode. */
function connect(file: string): Promise<Connection> {
  closeSync(openSync(file, 'a', 0o600));
  return whileBusy(() => new Connection(file));
}

/** Its directory must be there. `suffix` tells several damaged indexes apart. */
export async function openIndex(file: string, suffix: string, log: StoreLog): Promise<Connection> {
  const inode = inodeOf(file);
  if (existsSync(damageMark(file))) setAside(file, inode, suffix, log);
  try {
    return await connect(file);
  } catch (error) {
    if (!isDamaged(error)) throw error;
    setAside(file, inode, suffix, log);
    return connect(file);
  }
}
