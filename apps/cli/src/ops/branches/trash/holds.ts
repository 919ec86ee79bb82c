/** Who uses a branch, so that it must not go: `git branch -D` refuses these, `git update-ref` does not. */
import { readdir, readFile } from 'node:fs/promises';
import { ok, type Result } from '@scorpiox/shared/result';
import { type Failure, systemErrorCode } from '../../failure.ts';
import { pathOf } from '../../plan/actions/path.ts';
import { gitText } from './git-text.ts';

/** By a branch's name: why it has to stay, as the end of `NAME is …`. */
export type Holds = ReadonlyMap<string, string>;

/** Reads them of a repository, by its common git directory as `pathText` writes it. */
export async function readHolds(repository: string): Promise<Result<Holds, Failure>> {
  const listed = await gitText(repository, ['worktree', 'list', '--porcelain', '-z']);
  if (!listed.ok) return listed;
  const holds = new Map<string, string>();
  for (const folder of await worktreeFolders(repository)) {
    for (const [name, why] of await underWay(folder)) holds.set(name, why);
  }
  for (const worktree of listed.value.split('\0\0')) {
    const lines = worktree.split('\0');
    const of = (word: string) => lines.find((line) => line.startsWith(`${word} `))?.slice(word.length + 1);
    const name = branchName(of('branch'));
    if (name !== undefined) holds.set(name, `checked out in ${of('worktree')}`);
    // A bare repository's own branch is the one that a clone of it checks out.
    if (lines.includes('bare')) await holdHead(repository, holds);
  }
  return ok(holds);
}

async function holdHead(repository: string, holds: Map<string, string>): Promise<void> {
  const head = await gitText(repository, ['symbolic-ref', '--quiet', 'HEAD']);
  const name = head.ok ? branchName(head.value.trimEnd()) : undefined;
  if (name !== undefined) holds.set(name, 'what HEAD of this bare repository names');
}

const branchName = (ref: string | undefined): string | undefined => /^refs\/heads\/(.+)$/s.exec(ref ?? '')?.[1];

/** The git directories of the main worktree and of those linked to it (gitrepository-layout(5)). */
async function worktreeFolders(repository: string): Promise<readonly string[]> {
  const linked = `${repository}/worktrees`;
  const names = await missing(readdir(pathOf(linked)), []);
  return [repository, ...names.map((name) => `${linked}/${name}`)];
}

/** What is under way in a worktree, whose HEAD is on no branch meanwhile: git's own wt-status.c reads the same files. */
async function underWay(folder: string): Promise<readonly (readonly [string, string])[]> {
  const text = (file: string) => missing(readFile(pathOf(`${folder}/${file}`), 'utf8'), '');
  const rebased = await Promise.all(['rebase-merge/head-name', 'rebase-apply/head-name'].map(text));
  // Three lines for each branch that `rebase --update-refs` moves at its end, the first of them its name.
  const moved = (await text('rebase-merge/update-refs')).split('\n').filter((_, at) => at % 3 === 0);
  const bisected = (await text('BISECT_START')).trimEnd();
  const named = [...rebased, ...moved].map((ref) => branchName(ref.trimEnd())).filter((name) => name !== undefined);
  return [
    ...named.map((name) => [name, `being rebased in ${placeOfWorktree(folder)}`] as const),
    ...(bisected === '' ? [] : [[bisected, `being bisected in ${placeOfWorktree(folder)}`] as const]),
  ];
}

const placeOfWorktree = (folder: string): string => folder.replace(/(?<=.)\/\.git$/, '');

async function missing<T>(read: Promise<T>, without: T): Promise<T> {
  try {
    return await read;
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return without;
    throw error;
  }
}
