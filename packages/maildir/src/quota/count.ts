/** Counts the messages of folders and their bytes, by the sizes in their names where those have them. */
import { join } from 'node:path';
import type { StoreContext } from '../context.ts';
import { isMissing } from '../errors.ts';
import type { FileSystem } from '../files/file-system.ts';
import { claimedSizes, parseFileName } from '../names/file-name.ts';
import { folderOf, INBOX, mailboxOf } from '../names/mailbox-name.ts';
import { type Amount, NOTHING } from './maildirsize.ts';

async function namesIn(fs: FileSystem, directory: string): Promise<readonly string[]> {
  try {
    return await fs.names(directory);
  } catch (error) {
    if (isMissing(error)) return []; // no folder, or one that was just deleted
    throw error;
  }
}

async function countDirectory(fs: FileSystem, directory: string): Promise<Amount> {
  let { storage, messages } = NOTHING;
  for (const name of await namesIn(fs, directory)) {
    if (parseFileName(name) === undefined) continue;
    const size = claimedSizes(name.split(':')[0] ?? name).size ?? (await fs.stat(join(directory, name)))?.size;
    if (size === undefined) continue; // gone meanwhile
    storage += size;
    messages += 1;
  }
  return { storage, messages };
}

/** What the folder at this path holds. */
export async function countFolder(fs: FileSystem, path: string): Promise<Amount> {
  let { storage, messages } = NOTHING;
  for (const part of ['new', 'cur']) {
    const amount = await countDirectory(fs, join(path, part));
    storage += amount.storage;
    messages += amount.messages;
  }
  return { storage, messages };
}

/** What the whole store holds: INBOX and every folder, Trash like the rest. */
export async function countStore({ fs, maildir }: StoreContext): Promise<Amount> {
  let { storage, messages } = await countFolder(fs, join(maildir, folderOf(INBOX)));
  for (const entry of await fs.names(maildir)) {
    if (mailboxOf(entry) === undefined) continue;
    const amount = await countFolder(fs, join(maildir, entry));
    storage += amount.storage;
    messages += amount.messages;
  }
  return { storage, messages };
}
