/**
 * What mends a path in git's own files: never an edit that git has a command for. Commands are told, not run.
 *
 * Where no new path was named, `/NEW` stands for it.
 */
import { readFileSync, readlinkSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Environment } from '../../git/environment.ts';
import { SMALL_FILE_BYTES } from '../limits.ts';
import type { Search } from '../match.ts';
import type { RawFinding } from './findings.ts';
import { below, type OctetText, octetsOfText } from './octets.ts';
import { mendSettings, readSettings } from './settings.ts';
import { commandLine } from './shell.ts';

export interface Mender {
  readonly search: Search;
  /** Octets with the path replaced, as far as it is in them. */
  moved(octets: Buffer): Buffer;
  readonly env: Environment;
}

type Mended = Pick<RawFinding, 'path' | 'home' | 'content'>;

/** The commands that mend one of git's own files; none where it only tells what was. */
export async function mendOf({ path, home, content }: Mended, mender: Mender): Promise<readonly string[]> {
  if (content === 'link') return mendLink(path, mender);
  const inside = home.kind === 'git-folder' ? below(path, home.root) : undefined;
  if (inside === undefined) return mendDotGit(path, mender);
  if (/(?:^|\/)config(?:\.worktree)?$/.test(inside)) {
    const settings = await readSettings(path, mender.env);
    return mendSettings(settings, ['--file', octetsOfText(path)], mender);
  }
  if (/(?:^|\/)worktrees\/[^/]+\/gitdir$/.test(inside)) return mendWorktree(path, home.root, mender);
  return isHistory(inside) ? [] : mendLines(path, mender);
}

/** A folder that a link points to is no place to put the new link into. */
function mendLink(path: OctetText, mender: Mender): readonly string[] {
  const target = mender.moved(readlinkSync(octetsOfText(path), { encoding: 'buffer' }));
  return [commandLine('ln', '-sfn', '--', target, octetsOfText(path))];
}

/** Reflogs, what was fetched last, the index: git writes them anew, or they tell what was. */
const isHistory = (inside: OctetText): boolean =>
  /(?:^|\/)(?:logs\/|(?:FETCH_HEAD|ORIG_HEAD|MERGE_MSG|COMMIT_EDITMSG|index|packed-refs|gitdir|commondir)$)/.test(
    inside,
  );

/** The `.git` of a linked worktree names a folder in its repository, which mends both ends; another names a repository. */
function mendDotGit(path: OctetText, mender: Mender): readonly string[] {
  const named = mender.moved(lineOf(path).subarray('gitdir: '.length));
  const [, shared] = /^(.*)\/worktrees\/[^/]+$/s.exec(named.toString('latin1')) ?? [];
  const folder = octetsOfText(dirname(path));
  if (shared !== undefined) return [commandLine('git', '-C', repositoryOf(shared), 'worktree', 'repair', folder)];
  return [
    `printf '%s\\n' ${commandLine(Buffer.concat([Buffer.from('gitdir: '), named]))} > ${commandLine(octetsOfText(path))}`,
  ];
}

/** `worktrees/NAME/gitdir` names the `.git` of a worktree. */
function mendWorktree(path: OctetText, gitDir: OctetText, mender: Mender): readonly string[] {
  const named = mender
    .moved(lineOf(path))
    .toString('latin1')
    .replace(/\/\.git$/, '');
  return [commandLine('git', '-C', repositoryOf(gitDir), 'worktree', 'repair', octetsOfText(named))];
}

/** The folder in which git is to be started for a repository's own folder. */
const repositoryOf = (gitDir: OctetText): Buffer => octetsOfText(gitDir.replace(/\/\.git$/, ''));

/** Files of one line by which git finds things. */
function lineOf(path: OctetText): Buffer {
  const octets = readFileSync(octetsOfText(path));
  return octets.subarray(0, octets.at(-1) === 0x0a ? octets.length - 1 : octets.length);
}

/** Hooks, alternates and the like are text. */
function mendLines(path: OctetText, mender: Mender): readonly string[] {
  const file = octetsOfText(path);
  if (statSync(file).size > SMALL_FILE_BYTES) return [editorOn(file)];
  const octets = readFileSync(file);
  const { content, hits, nearMisses } = mender.search.inFile(octets);
  const spared = new Set(nearMisses.map(({ line }) => line));
  // What only looks like it must not be changed along, and sed knows no UTF-16.
  if (content !== 'octets' || hits.some(({ line }) => spared.has(line))) return [editorOn(file)];
  const edits = hits.map(({ line, at, length }) => {
    const hit = octets.subarray(at, at + length);
    return `${line}s|${escaped(hit, /[\\.*[\]^$|]/g)}|${escaped(mender.moved(hit), /[\\&|]/g)}|g`;
  });
  return [commandLine('sed', '-i', ...[...new Set(edits)].flatMap((edit) => ['-e', octetsOfText(edit)]), file)];
}

const escaped = (octets: Buffer, special: RegExp): OctetText => octets.toString('latin1').replace(special, '\\$&');

const editorOn = (file: Buffer): string => `"\${EDITOR:-vi}" ${commandLine(file)}`;
