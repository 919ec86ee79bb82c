/** Who has which branch in hand: `git branch -D` refuses these, `git update-ref` does not. */
import { readdir, readFile } from 'node:fs/promises';
import type { Repository } from '../git/repositories.ts';
import { pathText } from '../plan/actions/path.ts';
import type { Asking } from './asking.ts';
import type { InUse } from './verdict.ts';

/** By a branch's reference, as text. */
export async function readInUse(
  asking: Asking,
  repository: Repository,
): Promise<ReadonlyMap<string, readonly InUse[]>> {
  const uses = new Map<string, InUse[]>();
  const add = (ref: string, use: InUse) => uses.set(ref, [...(uses.get(ref) ?? []), use]);
  const { stdout } = await asking.answer(['worktree', 'list', '--porcelain', '-z']);
  for (const lines of blocksOf(stdout)) {
    const worktree = lineOf(lines, 'worktree');
    const ref = lineOf(lines, 'branch');
    if (worktree !== undefined && ref !== undefined) add(ref, { worktree, how: 'checked-out' });
  }
  for (const { folder, worktree } of await foldersOf(repository)) {
    for (const [ref, how] of await underWay(folder)) add(ref, { worktree, how });
  }
  if (repository.isBare) {
    const head = await asking.answer(['symbolic-ref', '--quiet', 'HEAD'], { okCodes: [1] });
    add(pathText(head.stdout.subarray(0, -1)), { worktree: pathText(repository.root), how: 'head' });
  }
  return uses;
}

/** The lines of each work tree: they end with NUL, and an empty one ends a work tree. */
function blocksOf(output: Buffer): readonly (readonly string[])[] {
  const blocks: string[][] = [[]];
  for (let from = 0; from < output.length; ) {
    const end = output.indexOf(0, from);
    const line = output.subarray(from, end === -1 ? output.length : end);
    if (line.length === 0) blocks.push([]);
    else blocks.at(-1)?.push(pathText(line));
    from += line.length + 1;
  }
  return blocks;
}

const lineOf = (lines: readonly string[], word: string): string | undefined =>
  lines.find((line) => line.startsWith(`${word} `))?.slice(word.length + 1);

/** What is a work tree's own in the repository, and where the work tree is (gitrepository-layout(5)). */
async function foldersOf({ commonDir, root, isLinkedWorktree }: Repository) {
  const worktrees = Buffer.concat([commonDir, Buffer.from('/worktrees')]);
  const names = await readdir(worktrees, { encoding: 'buffer' }).catch(() => []);
  const linked = names.map(async (name) => {
    const folder = Buffer.concat([worktrees, Buffer.from('/'), name]);
    const dotGit = await readFile(inside(folder, 'gitdir')).catch(() => folder);
    return {
      folder,
      worktree: pathText(dotGit)
        .replace(/(?:\\x0a)+$/, '')
        .replace(/\/\.git$/, ''),
    };
  });
  const main = {
    folder: commonDir,
    worktree: pathText(isLinkedWorktree ? commonDir : root).replace(/(?<=.)\/\.git$/, ''),
  };
  return [main, ...(await Promise.all(linked))];
}

/** HEAD is on no branch meanwhile; git's own wt-status.c and branch.c read the same files. */
async function underWay(folder: Buffer): Promise<readonly (readonly [string, InUse['how']])[]> {
  const text = async (name: string) => pathText(await readFile(inside(folder, name)).catch(() => Buffer.alloc(0)));
  const linesOf = async (name: string) => (await text(name)).split('\\x0a');
  const [merge = ''] = await linesOf('rebase-merge/head-name');
  const [apply = ''] = await linesOf('rebase-apply/head-name');
  // `rebase --update-refs` keeps three lines for each branch that it moves at its end, the first of them its name.
  const moved = (await linesOf('rebase-merge/update-refs')).filter((_, at) => at % 3 === 0);
  const [bisected = ''] = await linesOf('BISECT_START');
  return [
    ...[merge, apply, ...moved].filter((ref) => ref.startsWith('refs/')).map((ref) => [ref, 'rebase'] as const),
    ...(bisected === '' ? [] : [[`refs/heads/${bisected}`, 'bisect'] as const]),
  ];
}

const inside = (folder: Buffer, name: string): Buffer => Buffer.concat([folder, Buffer.from(`/${name}`)]);
