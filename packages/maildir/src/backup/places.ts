/**
 * Where a user's backups lie. `messages/ab/abcd…` keeps octets under their SHA-256, each once, however many backups have
 * them. Every backup is a folder named by its time, with `manifest.jsonl` and `index.db`; it has that name only once all
 * of it is on disk. What is being made lies in `unfinished/`, and what an earlier process left of one in `interrupted.jsonl`.
 */
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from '../errors.ts';
import { BackupFailure } from './failure.ts';

export const MANIFEST = 'manifest.jsonl';
export const INDEX = 'index.db';

export const messagesIn = (root: string): string => join(root, 'messages');
export const unfinishedIn = (root: string): string => join(root, 'unfinished');
export const interruptedIn = (root: string): string => join(root, 'interrupted.jsonl');
export const lockIn = (root: string): string => join(root, 'lock');

/** `2026-11-28T22-41-00.123Z`: a time that is also a file's name everywhere. */
export const backupName = (milliseconds: number): string => new Date(milliseconds).toISOString().replaceAll(':', '-');

const NAME = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z$/;

/** The backups of a user, oldest first. None where there is no such folder. */
export async function backupsIn(root: string): Promise<readonly string[]> {
  try {
    return (await readdir(root)).filter((name) => NAME.test(name)).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** The folder of the backup of this name, of the newest where none is named. */
export async function findBackup(root: string, named: string | undefined): Promise<string> {
  const all = await backupsIn(root);
  const name = named ?? all.at(-1);
  if (name === undefined) throw new BackupFailure('no-backup', `There is no finished backup in ${root}.`);
  if (all.includes(name)) return join(root, name);
  throw new BackupFailure(
    'no-backup',
    `There is no backup ${JSON.stringify(name)} in ${root}: the last is ${all.at(-1)}.`,
  );
}

export const makeFolder = (path: string): Promise<string | undefined> => mkdir(path, { recursive: true, mode: 0o700 });
