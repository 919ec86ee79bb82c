/** A Maildir of any program as a source. It is only read: nothing is made in it, and no name changed. */
import { createReadStream } from 'node:fs';
import { lstat, readFile, realpath, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Flag } from '@scorpiox/maildir';
import { flagsOfInfo, KEYWORDS_FILE, parseKeywords } from '@scorpiox/maildir/format';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { type Failure, systemErrorCode } from '../../failure.ts';
import { TRANSFER_CHUNK } from '../limits.ts';
import { pathFailure } from '../mbox/source.ts';
import { type Source, type SourceFolder, type SourceMessage, stableName, type Unreadable } from '../model.ts';
import { findFolders, type MaildirFolder, readSubscriptions } from './folders.ts';
import { inOrder, type ListedMessage, namesOf } from './listing.ts';

/** Whether there is a Maildir at or directly below a path. */
export async function isMaildir(path: string): Promise<boolean> {
  return (await findFolders(path, [])).length > 0;
}

/** Opens a Maildir with all its folders; `usage` where there is none. */
export async function openMaildirSource(path: string, signal: AbortSignal): Promise<Result<Source, Failure>> {
  try {
    const root = await realpath(path);
    const passedOver: string[] = [];
    const found = await findFolders(root, passedOver);
    if (found.length === 0)
      return err({ kind: 'usage', message: `There is no Maildir in ${root}: no folder has a cur/.` });
    const subscriptions = await readSubscriptions(root);
    const folders: SourceFolder[] = [];
    for (const folder of found) folders.push(await survey(folder, subscriptions, signal));
    return ok({ identity: `maildir ${root}`, passedOver, folders, close: async () => {} });
  } catch (error) {
    signal.throwIfAborted();
    return err(pathFailure(path, error));
  }
}

async function survey(
  { directory, path }: MaildirFolder,
  subscriptions: ReadonlySet<string> | undefined,
  signal: AbortSignal,
): Promise<SourceFolder> {
  let [messages, bytes] = [0, 0];
  for await (const { place, name, base } of namesOf(directory)) {
    signal.throwIfAborted();
    messages += 1;
    bytes += claimedSize(base) ?? (await sizeOf(join(directory, place, name)));
  }
  return {
    path,
    specialUse: undefined,
    subscribed: subscriptions?.has(path.join('\n')) ?? true,
    messages,
    bytes,
    state: String((await stat(directory)).ino),
    read: (stop) => readMessages(directory, stop),
  };
}

const claimedSize = (base: string): number | undefined => {
  const digits = /,S=(\d{1,15})(?=,|$)/.exec(base)?.[1];
  return digits === undefined ? undefined : Number(digits);
};

async function sizeOf(file: string): Promise<number> {
  try {
    return (await lstat(file)).size;
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return 0; // it went away, or was renamed
  }
}

async function* readMessages(directory: string, signal: AbortSignal): AsyncGenerator<SourceMessage | Unreadable> {
  const keywords = parseKeywords(await readKeywords(join(directory, KEYWORDS_FILE)));
  let [last, copies] = ['', 0];
  for await (const listed of inOrder(directory)) {
    if (signal.aborted) return;
    const unique = stableName(listed.base);
    copies = unique === last ? copies + 1 : 0;
    last = unique;
    // Two files of one base name are two messages.
    yield await message(directory, listed, keywords, copies === 0 ? unique : `${unique} ${copies}`);
  }
}

async function readKeywords(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return '';
    throw error;
  }
}

async function message(
  directory: string,
  listed: ListedMessage,
  keywords: readonly (Flag | undefined)[],
  key: string,
): Promise<SourceMessage | Unreadable> {
  const file = await look(directory, listed);
  const where = `${basename(directory)}/${listed.place}/${listed.name}`;
  if (typeof file === 'string') return { kind: 'unreadable', where, reason: file };
  return {
    kind: 'message',
    key,
    where,
    flags: [...flagsOfInfo(file.info, keywords)],
    internalDate: file.mtime,
    size: file.size,
    open: () => createReadStream(file.path, { highWaterMark: TRANSFER_CHUNK }),
  };
}

interface MessageFile {
  readonly path: string;
  readonly info: string;
  readonly size: number;
  readonly mtime: number;
}

/** The file, under another name where it was renamed meanwhile; else why it is none. */
async function look(directory: string, listed: ListedMessage): Promise<MessageFile | string> {
  const first = await lookAt(directory, listed);
  if (first !== undefined) return first;
  for await (const other of namesOf(directory)) {
    if (other.base !== listed.base) continue;
    const found = await lookAt(directory, other);
    if (found !== undefined) return found;
  }
  return 'It went away while the folder was being read.';
}

async function lookAt(
  directory: string,
  { place, name, info }: ListedMessage,
): Promise<MessageFile | string | undefined> {
  const path = join(directory, place, name);
  try {
    const stats = await lstat(path);
    if (stats.isSymbolicLink()) return 'It is a symbolic link.';
    if (!stats.isFile()) return 'It is no file.';
    return { path, info, size: stats.size, mtime: stats.mtimeMs };
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT') return undefined;
    if (code === undefined) throw error;
    return `It cannot be read: ${code}.`;
  }
}
