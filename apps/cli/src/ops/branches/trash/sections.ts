/**
 * Renames sections of a repository's configuration at once. git renames one with each process, and a thousand branches have a
 * thousand (nor does it find one whose header is written `[BRANCH "x"]`); so the file is written here, under the lock that git
 * itself takes, and git is asked what it reads in it. Where that is not to the letter what it should be, the file is dropped, and
 * git does it one by one.
 */
import { type FileHandle, lstat, open, readFile, rename, rm } from 'node:fs/promises';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { type Failure, systemErrorCode } from '../../failure.ts';
import { pathOf } from '../../plan/actions/path.ts';
import { readEntries, splitEntry } from './entries.ts';
import { gitText } from './git-text.ts';
import { placeOf } from './lot.ts';

export interface Renaming {
  readonly from: string;
  readonly to: string;
}

/** Gives sections other names, which no section has. */
export async function renameSections(
  repository: string,
  renamings: readonly Renaming[],
): Promise<Result<void, Failure>> {
  if (renamings.length === 0) return ok(undefined);
  const isDone = await renameAtOnce(repository, renamings);
  if (!isDone.ok || isDone.value) return isDone.ok ? ok(undefined) : isDone;
  for (const { from, to } of renamings) {
    const renamed = await gitText(repository, ['config', '--local', '--rename-section', from, to]);
    if (!renamed.ok) return renamed;
  }
  return ok(undefined);
}

/** False where it is better left to git, and nothing was done. */
async function renameAtOnce(repository: string, renamings: readonly Renaming[]): Promise<Result<boolean, Failure>> {
  const [path, lock] = [pathOf(`${repository}/config`), pathOf(`${repository}/config.lock`)];
  const found = await lstat(path);
  if (!found.isFile()) return ok(false); // of a link, git locks what it leads to
  const file = await take(lock);
  if (file === undefined) {
    const message = `Another program has locked the configuration of ${placeOf(repository)}. If none is at work there, remove ${repository}/config.lock.`;
    return err({ kind: 'try-again', message });
  }
  let isRenamed = false;
  try {
    const before = await readEntries(repository, 'config');
    await file.writeFile(renamedText(await readFile(path, 'latin1'), renamings), 'latin1');
    await file.chmod(found.mode & 0o7777);
    await file.sync();
    const after = await readEntries(repository, 'config.lock');
    isRenamed = before.ok && after.ok && isSame(renamedEntries(before.value, renamings), after.value);
    if (isRenamed) await rename(lock, path);
    return ok(isRenamed);
  } finally {
    await file.close();
    if (!isRenamed) await rm(lock, { force: true });
  }
}

/** As git takes a lock: whoever makes the file has it. */
async function take(lock: Buffer): Promise<FileHandle | undefined> {
  try {
    return await open(lock, 'wx', 0o600);
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return undefined;
    throw error;
  }
}

/**
 * git-config(1): a section's header opens its line; in the name within quotes, `"` and `\` stand behind a `\`. Without quotes, as
 * in `[branch.topic]`, a name is in lower case, however it is written.
 */
const HEADER = /^([ \t]*\[)([A-Za-z0-9-]+)(?:[ \t]+"((?:[^"\\\n]|\\.)*)"|\.([A-Za-z0-9.-]+))\]/gm;

/** The file with the names in its headers changed, octet by octet as latin1. */
function renamedText(text: string, renamings: readonly Renaming[]): string {
  const to = new Map(renamings.map((one) => [latin1(one.from), latin1(one.to)]));
  return text.replace(HEADER, (header: string, open: string, section: string, quoted?: string, plain = '') => {
    const written = quoted?.replace(/\\(.)/g, '$1') ?? plain.toLowerCase();
    const name = to.get(`${section.toLowerCase()}.${written}`);
    if (name === undefined) return header;
    const dot = name.indexOf('.');
    return `${open}${name.slice(0, dot)} "${name.slice(dot + 1).replace(/["\\]/g, '\\$&')}"]`;
  });
}

/** What `git config --list -z` tells, with those names changed. */
function renamedEntries(entries: readonly string[], renamings: readonly Renaming[]): readonly string[] {
  const to = new Map(renamings.map((one) => [latin1(one.from), latin1(one.to)]));
  return entries.map((entry) => {
    const { section, rest } = splitEntry(entry);
    return `${to.get(section) ?? section}${rest}`;
  });
}

const isSame = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((entry, at) => entry === other[at]);

const latin1 = (text: string): string => Buffer.from(text).toString('latin1');
