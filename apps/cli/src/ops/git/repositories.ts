/**
 * Which git repositories there are below some folders, read from the folders themselves: no git is started. What each
 * holds has to be what git takes for a repository (gitrepository-layout(5), git.git's `is_git_directory`).
 *
 * - A root inside a repository means that repository. Repositories within others, submodules among them, are their own.
 * - Linked worktrees are told as well, each with the repository that it shares (`commonDir`).
 * - Folders that are links are not followed; what is reached twice is told once; what cannot be read is told.
 */
import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { systemErrorCode } from '../failure.ts';
import { pathText } from '../plan/actions/path.ts';
import { isBareConfig, isGitDirectory, readCommonDir, readGitFile } from './layout.ts';

export interface Repository {
  readonly kind: 'repository';
  /** Its work tree; the repository's own folder where it has none. Absolute, without links. */
  readonly root: Buffer;
  /** What is this work tree's own: HEAD, index. */
  readonly gitDir: Buffer;
  /** What all its work trees share: objects, references, configuration. */
  readonly commonDir: Buffer;
  readonly isBare: boolean;
  readonly isLinkedWorktree: boolean;
}

/** A folder that could not be looked into, or a `.git` that is no repository. */
interface Unreadable {
  readonly kind: 'unreadable';
  readonly path: Buffer;
  /** A whole sentence. */
  readonly message: string;
}

export type Found = Repository | Unreadable;

/** Everything below the roots, in the order of names. Roots are absolute paths. */
export async function* findRepositories(
  roots: readonly (string | Buffer)[],
  signal?: AbortSignal,
): AsyncGenerator<Found, void, undefined> {
  const seen = new Set<string>();
  const isNew = (path: Buffer): boolean => seen.size !== seen.add(path.toString('latin1')).size;
  for (const root of roots) {
    const start = await resolveRoot(Buffer.from(root));
    if ('kind' in start) {
      yield start;
      continue;
    }
    for await (const found of below(start.path, signal)) {
      if (isNew(found.kind === 'repository' ? found.gitDir : found.path)) yield found;
      if (signal?.aborted === true) return;
    }
  }
}

/** The same, each repository once however many work trees of it there are. */
export async function* findDistinct(
  roots: readonly (string | Buffer)[],
  signal?: AbortSignal,
): AsyncGenerator<Found, void, undefined> {
  const seen = new Set<string>();
  for await (const found of findRepositories(roots, signal)) {
    const key = found.kind === 'repository' ? found.commonDir : found.path;
    if (seen.size !== seen.add(key.toString('latin1')).size) yield found;
  }
}

async function* below(start: Buffer, signal: AbortSignal | undefined): AsyncGenerator<Found, void, undefined> {
  const around = await enclosing(start);
  // Within a repository's own folder there is nothing else to be found: `.git` means the folder that it lies in.
  const isInside = around?.kind === 'repository' && isWithin(start, around.gitDir);
  if (around !== undefined && (isInside || (await repositoryAt(start).catch(() => undefined)) === undefined))
    yield around;
  if (!isInside) yield* walk(start, signal);
}

/** A repository in a folder: its `.git`, or the folder itself. Undefined where there is none. */
export async function repositoryAt(folder: Buffer): Promise<Found | undefined> {
  const dotGit = join(folder, DOT_GIT);
  const kind = await kindOf(dotGit);
  if (kind === 'folder') {
    return (await isGitDirectory(dotGit)) ? describe(folder, await realpath(dotGit, 'buffer')) : undefined;
  }
  if (kind === 'file') return throughFile(folder, dotGit);
  return (await isGitDirectory(folder)) ? describe(folder, folder) : undefined;
}

const DOT_GIT = Buffer.from('.git');

/** A `.git` that is a file names the folder: linked worktrees and submodules have one (gitrepository-layout(5)). */
async function throughFile(folder: Buffer, file: Buffer): Promise<Found> {
  const named = await readGitFile(file);
  if (named === undefined) return unreadable(file, `${pathText(file)} is no folder and names none.`);
  if (await isGitDirectory(named)) return describe(folder, await realpath(named, 'buffer'));
  const mend = 'If it was moved, `git worktree repair` in its repository mends a worktree.';
  return unreadable(file, `${pathText(file)} names ${pathText(named)}, which is no repository. ${mend}`);
}

async function describe(root: Buffer, gitDir: Buffer): Promise<Repository> {
  const commonDir = await readCommonDir(gitDir);
  const isLinkedWorktree = commonDir !== undefined;
  const isBare = !isLinkedWorktree && (root.equals(gitDir) || (await isBareConfig(gitDir)));
  return { kind: 'repository', root, gitDir, commonDir: commonDir ?? gitDir, isBare, isLinkedWorktree };
}

/** The repository that a folder lies in: the nearest above it, but the outermost whose own folder it lies in. */
export async function enclosing(start: Buffer): Promise<Found | undefined> {
  let nearest: Found | undefined;
  for (let folder = parentOf(start); folder !== undefined; folder = parentOf(folder)) {
    const found = await repositoryAt(folder).catch(() => undefined);
    if (found?.kind === 'repository' && isWithin(start, found.gitDir)) nearest = found;
    nearest ??= found;
  }
  return nearest;
}

async function* walk(start: Buffer, signal: AbortSignal | undefined): AsyncGenerator<Found, void, undefined> {
  const open: Buffer[] = [start];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    if (signal?.aborted === true) return;
    const looked = await look(folder);
    if (looked.found !== undefined) yield looked.found;
    open.push(...looked.below.toReversed());
  }
}

/** What a folder is, and the folders in it that are to be looked into. */
async function look(folder: Buffer): Promise<{ readonly found?: Found; readonly below: readonly Buffer[] }> {
  try {
    const found = await repositoryAt(folder);
    if (found?.kind === 'repository' && found.root.equals(found.gitDir)) return { found, below: [] };
    const entries: Dirent<Buffer>[] = await readdir(folder, { withFileTypes: true, encoding: 'buffer' });
    const names = entries.filter((entry) => entry.isDirectory() && !entry.name.equals(DOT_GIT)).map(({ name }) => name);
    const below = names.sort(Buffer.compare).map((name) => join(folder, name));
    return found === undefined ? { below } : { found, below };
  } catch (error) {
    const reason = systemErrorCode(error) ?? String(error);
    // What has gone meanwhile is not there.
    if (reason === 'ENOENT') return { below: [] };
    return { found: unreadable(folder, `${pathText(folder)} cannot be read: ${reason}.`), below: [] };
  }
}

async function resolveRoot(root: Buffer): Promise<{ readonly path: Buffer } | Unreadable> {
  try {
    const path = await realpath(root, 'buffer');
    if ((await stat(path)).isDirectory()) return { path };
    return unreadable(root, `${pathText(root)} is no folder.`);
  } catch (error) {
    const reason = systemErrorCode(error);
    const message = reason === 'ENOENT' ? 'is not there' : `cannot be read: ${reason ?? String(error)}`;
    return unreadable(root, `${pathText(root)} ${message}.`);
  }
}

async function kindOf(path: Buffer): Promise<'folder' | 'file' | undefined> {
  const found = await stat(path).catch((error: unknown) => {
    if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(systemErrorCode(error) ?? '')) return undefined;
    throw error;
  });
  if (found === undefined) return undefined;
  return found.isDirectory() ? 'folder' : 'file';
}

const unreadable = (path: Buffer, message: string): Unreadable => ({ kind: 'unreadable', path, message });

const SLASH = Buffer.from('/');
const join = (folder: Buffer, name: Buffer): Buffer =>
  Buffer.concat(folder.equals(SLASH) ? [folder, name] : [folder, SLASH, name]);

function parentOf(path: Buffer): Buffer | undefined {
  if (path.equals(SLASH)) return undefined;
  return path.subarray(0, Math.max(1, path.lastIndexOf(0x2f)));
}

const isWithin = (path: Buffer, folder: Buffer): boolean =>
  path.equals(folder) || path.subarray(0, folder.length + 1).equals(Buffer.concat([folder, SLASH]));
