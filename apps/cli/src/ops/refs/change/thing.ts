/** Files and symbolic links in words that other content, target, mode or owner would change, and another date or place on the disk would not. */
import { type FileHandle, lstat, readlink } from 'node:fs/promises';
import { systemErrorCode } from '../../failure.ts';
import { octal } from '../../plan/actions/attributes.ts';
import { pathOf, pathText } from '../../plan/actions/path.ts';
import { stateOf } from '../../plan/actions/place.ts';
import type { World } from '../../plan/plan.ts';
import { digestOf, openToRead, windowsOf } from './contents.ts';

/** What lies at a path, as `pathText` writes it. */
export const lookAtThing = async ({ path }: { readonly path: string }): Promise<World> => ({
  [path]: await thingState(path),
});

/** Where opening says that it is no file. */
const NO_FILE: ReadonlySet<string | undefined> = new Set(['ELOOP', 'EMLINK', 'ENOENT', 'ENOTDIR', 'ENXIO']);

async function thingState(path: string): Promise<string> {
  let file: FileHandle;
  try {
    file = await openToRead(path);
  } catch (error) {
    if (NO_FILE.has(systemErrorCode(error))) return linkState(path);
    if (systemErrorCode(error) === 'EACCES') return 'may not be read';
    throw error;
  }
  try {
    const stats = await file.stat();
    if (!stats.isFile()) return await stateOf(path);
    const rights = `mode ${octal(stats.mode & 0o7777)}, user ${stats.uid}, group ${stats.gid}`;
    return `content ${await digestOf(windowsOf(file))}, ${rights}`;
  } finally {
    await file.close();
  }
}

async function linkState(path: string): Promise<string> {
  const state = await stateOf(path);
  if (!state.startsWith('link ')) return state;
  const { uid, gid } = await lstat(pathOf(path));
  return `link to ${await targetOf(path)}, user ${uid}, group ${gid}`;
}

/** Where a symbolic link points to, as `pathText` writes it. */
export const targetOf = async (path: string): Promise<string> =>
  pathText(await readlink(pathOf(path), { encoding: 'buffer' }));

/** Such a state with other content. */
export const withContent = (state: string, from: string, to: string): string =>
  state.replace(`content ${from},`, () => `content ${to},`);

/** Such a state with another target. */
export const withTarget = (state: string, from: string, to: string): string =>
  state.replace(`link to ${from},`, () => `link to ${to},`);
