/** Whether a folder has mail of another format than it is to be written in: of a mixture nobody could tell what is whole. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { systemErrorCode } from '../../failure.ts';

/** What came over into mbox files is noted beside them, so that it goes where they go. */
export const NOTES = '.scorpiox-export';

/** A sentence about what is in the way; undefined where nothing is. Errors of the system are thrown. */
export async function otherFormatIn(folder: string, format: 'mbox' | 'maildir'): Promise<string | undefined> {
  const names = await namesIn(folder);
  // Asked first: beside an mbox of that name there may be folders `cur`, `new` and `tmp`.
  const there = hasMbox(names) ? 'mbox' : hasMaildir(folder, names) ? 'maildir' : format;
  if (there === format) return undefined;
  return there === 'mbox'
    ? `${folder} holds mbox files. Export with --format mbox, or to another folder.`
    : `${folder} is a Maildir. Export with --format maildir, or to another folder.`;
}

const hasMbox = (names: readonly string[]): boolean =>
  names.some((name) => name === NOTES || /^[^.].*\.mbox(\.partial)?$/.test(name));

const hasMaildir = (folder: string, names: readonly string[]): boolean =>
  ['cur', 'new', 'tmp'].every((part) => names.includes(part)) ||
  names.some((name) => name.startsWith('.') && existsSync(join(folder, name, 'maildirfolder')));

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw error;
  }
}
