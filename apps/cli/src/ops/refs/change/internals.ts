/**
 * git's own files that say the path. Those that people write (configuration, hooks, alternates) are files as any other; they
 * come back octet for octet too. Those by which linked worktrees and their repository find each other are never edited:
 * git has a command for them, which is named. What only tells what was, as reflogs do, stays.
 *
 * A repository must not break by it. Where it would look for its objects or its working tree in a folder that is not there,
 * the file is left.
 */
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pathOf, pathText } from '../../plan/actions/path.ts';
import { parentOf } from '../../plan/actions/place.ts';
import type { AbsolutePath } from '../absolute-path.ts';
import { replaceHits } from '../replace.ts';
import { gitText } from './git-text.ts';
import type { Rewriting } from './rewritten.ts';
import { searchOf } from './search-of.ts';

/** Whether one of git's own files is changed; `inside` is its path in the repository's own folder. */
export function isChanged(inside: string, { text }: AbsolutePath): boolean {
  // In a value that is not quoted these begin a comment (git-config(1)).
  if (isConfig(inside) && /[#;]/.test(text)) return false;
  return CHANGED.test(inside) && !inside.endsWith('.sample');
}

/** Submodules keep theirs in `modules/`. */
const CHANGED = /(?:^|\/)(?:config|config\.worktree|hooks\/[^/]+|objects\/info\/alternates|info\/exclude)$/;

const isConfig = (path: string): boolean => /(?:^|\/)config(?:\.worktree)?$/.test(path);

/** The folder that a repository would miss if the path were replaced in one of its files (as `pathText` writes it). */
export async function missedFolder(
  path: string,
  rewriting: Pick<Rewriting, 'find' | 'put'>,
): Promise<string | undefined> {
  for (const folder of await foldersIn(path)) {
    const moved = replaced(folder, rewriting);
    if (!moved.equals(folder) && !(await isFolder(moved))) return pathText(moved);
  }
  return undefined;
}

/** Folders without which git does not work. */
async function foldersIn(path: string): Promise<readonly Buffer[]> {
  if (path.endsWith('/objects/info/alternates')) {
    const lines = (await readFile(pathOf(path))).toString('latin1').split('\n');
    return lines.filter((line) => line.startsWith('/')).map((line) => Buffer.from(line, 'latin1'));
  }
  if (!isConfig(path)) return [];
  const named = ['config', '--file', basename(path), '--get', 'core.worktree'];
  const tree = await gitText(parentOf(path), named, { okCodes: [1] });
  return tree.ok && tree.value !== '' ? [Buffer.from(tree.value)] : [];
}

const replaced = (octets: Buffer, { find, put }: Pick<Rewriting, 'find' | 'put'>): Buffer =>
  replaceHits(octets, searchOf(find).inFile(octets).hits, put);

const isFolder = async (path: Buffer): Promise<boolean> =>
  (await stat(path).catch(() => undefined))?.isDirectory() === true;
