/** The files by which a folder is known as a repository: gitrepository-layout(5). Nothing here starts git. */
import { readFile, readlink, realpath, stat } from 'node:fs/promises';
import { SMALL_FILE_BYTES } from './limits.ts';

/** Whether git takes a folder for a repository's own: a HEAD that can be one, objects, references. */
export async function isGitDirectory(folder: Buffer): Promise<boolean> {
  if (!(await hasHead(folder))) return false;
  const common = (await readCommonDir(folder).catch(() => undefined)) ?? folder;
  return (await isFolder(inside(common, 'objects'))) && (await isFolder(inside(common, 'refs')));
}

/** HEAD names a reference or a commit; in old repositories it is a link into `refs/`. */
async function hasHead(folder: Buffer): Promise<boolean> {
  const file = inside(folder, 'HEAD');
  const link = await readlink(file).catch(() => undefined);
  if (link !== undefined) return link.startsWith('refs/');
  const text = (await readSmall(file))?.toString('latin1') ?? '';
  return /^ref:\s*refs\//.test(text) || /^[0-9a-f]{40}(?:[0-9a-f]{24})?\s*$/.test(text);
}

/** The folder that a `.git` file names; undefined where it names none. */
export async function readGitFile(file: Buffer): Promise<Buffer | undefined> {
  const content = await readSmall(file);
  if (content?.subarray(0, 8).toString('latin1') !== 'gitdir: ') return undefined;
  return resolve(file.subarray(0, file.lastIndexOf(0x2f)), lineOf(content.subarray(8)));
}

/** What a linked worktree's own folder shares with others; undefined where it is a repository of its own. */
export async function readCommonDir(gitDir: Buffer): Promise<Buffer | undefined> {
  const content = await readSmall(inside(gitDir, 'commondir'));
  return content === undefined ? undefined : realpath(resolve(gitDir, lineOf(content)), 'buffer');
}

/** Whether a repository's configuration calls it bare: `.git` may be a file that names a bare one. */
export async function isBareConfig(gitDir: Buffer): Promise<boolean> {
  const text = (await readSmall(inside(gitDir, 'config')))?.toString('latin1') ?? '';
  const core = text.split(/^\s*\[/m).filter((section) => /^core\s*\]/i.test(section));
  return core.some((section) => /^\s*bare\s*(?:=\s*(?:true|yes|on|1)\s*)?$/im.test(section));
}

/** A file's content, undefined where there is none or it is too long to be what it should be. */
async function readSmall(path: Buffer): Promise<Buffer | undefined> {
  // Asked first: opening a pipe would wait for somebody to write.
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() !== true || found.size > SMALL_FILE_BYTES) return undefined;
  return readFile(path).catch(() => undefined);
}

const isFolder = async (path: Buffer): Promise<boolean> =>
  (await stat(path).catch(() => undefined))?.isDirectory() === true;

const inside = (folder: Buffer, name: string): Buffer => Buffer.concat([folder, Buffer.from(`/${name}`)]);

/** Without the line end that it closes with; a name may hold others. */
function lineOf(content: Buffer): Buffer {
  let end = content.length;
  while (end > 0 && (content[end - 1] === 10 || content[end - 1] === 13)) end -= 1;
  return content.subarray(0, end);
}

const resolve = (folder: Buffer, path: Buffer): Buffer =>
  path[0] === 0x2f ? path : Buffer.concat([folder, Buffer.from('/'), path]);
