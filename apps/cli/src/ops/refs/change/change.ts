/** What is to be done to a file or a link that says the path: a deed, or the reason why it is left. Changes nothing. */
import type { Stats } from 'node:fs';
import { access, constants, lstat } from 'node:fs/promises';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { systemErrorCode } from '../../failure.ts';
import { pathOf, pathText } from '../../plan/actions/path.ts';
import { parentOf } from '../../plan/actions/place.ts';
import type { Action } from '../../plan/plan.ts';
import type { Hit } from '../match.ts';
import { replaceHits } from '../replace.ts';
import type { Spelling } from '../spellings.ts';
import { digestOf, openToRead, windowsOf } from './contents.ts';
import { replaceInFile } from './replace-file.ts';
import { retargetLink } from './retarget-link.ts';
import { BinaryFound, type Rewriting, rewritten } from './rewritten.ts';
import { searchOf } from './search-of.ts';
import { targetOf } from './thing.ts';

export interface Change {
  readonly does: string;
  readonly action: Action;
}

/** Why something stays as it is. */
export interface Left {
  readonly path: string;
  readonly why: 'binary' | 'hard-links' | 'not-permitted' | 'missing';
  /** The rest of a sentence about it. */
  readonly message: string;
}

export interface ChangeOptions extends Pick<Rewriting, 'find' | 'put'> {
  /** Where originals are kept. */
  readonly originals: string;
  /** Whether files may be parted from other names that they have. */
  readonly hardLinks: boolean;
}

/** Undefined where nothing says the path any more. `path` is as `pathText` writes it. */
export async function changeOf(path: string, options: ChangeOptions): Promise<Result<Change | undefined, Left>> {
  const leave = (why: Left['why'], message: string): Result<never, Left> => err({ path, why, message });
  try {
    const stats = await lstat(pathOf(path));
    const change = stats.isSymbolicLink()
      ? await linkChange(path, options)
      : stats.isFile()
        ? await fileChange(path, stats, options)
        : ok(undefined);
    if (!change.ok || change.value === undefined) return change;
    const denied = await whyDenied(path, stats);
    return denied === undefined ? change : leave('not-permitted', denied);
  } catch (error) {
    if (error instanceof BinaryFound) return leave('binary', 'is binary.');
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return ok(undefined);
    if (code === 'EACCES' || code === 'EPERM') return leave('not-permitted', 'may not be read by this user.');
    throw error;
  }
}

async function linkChange(path: string, { find, put }: ChangeOptions): Promise<Result<Change | undefined, Left>> {
  const from = await targetOf(path);
  const target = pathOf(from);
  const to = pathText(replaceHits(target, searchOf(find).inFile(target).hits, put));
  if (to === from) return ok(undefined);
  return ok({ does: `Let ${path} point to ${to} instead of ${from}.`, action: retargetLink.of({ path, from, to }) });
}

async function fileChange(
  path: string,
  { nlink }: Stats,
  { find, put, originals, hardLinks }: ChangeOptions,
): Promise<Result<Change | undefined, Left>> {
  const spellings = new Map<Spelling, number>();
  const file = await openToRead(path);
  try {
    const onHit = ({ spelling }: Hit) => void spellings.set(spelling, (spellings.get(spelling) ?? 0) + 1);
    const after = await digestOf(rewritten(windowsOf(file), { find, put, onHit }));
    if (spellings.size === 0) return ok(undefined);
    if (nlink > 1 && !hardLinks) {
      const message = `has ${nlink - 1} more names (hard links), which would keep the old content: with --hard-links it is parted from them.`;
      return err({ path, why: 'hard-links', message });
    }
    const before = await digestOf(windowsOf(file));
    const data = { path, find: find.text, put: put.text, before, after, originals };
    const does = `Write ${put.text} for ${find.text} in ${path}: ${tally(spellings)}.`;
    return ok({ does, action: replaceInFile.of(nlink > 1 ? { ...data, hardLinks: true } : data) });
  } finally {
    await file.close();
  }
}

/** `3 plain, 1 json`. */
const tally = (spellings: ReadonlyMap<Spelling, number>): string =>
  [...spellings].map(([spelling, count]) => `${count} ${spelling}`).join(', ');

/** What keeps this user from changing it: better known before anything is changed. */
async function whyDenied(path: string, { uid, gid }: Stats): Promise<string | undefined> {
  const own = process.geteuid?.();
  if (own !== undefined && own !== 0) {
    if (own !== uid) return `is user ${uid}'s: as a file of yours it would be another.`;
    const groups = [process.getegid?.(), ...(process.getgroups?.() ?? [])];
    if (!groups.includes(gid)) return `is of group ${gid}, which is none of yours: it could not stay so.`;
  }
  try {
    await access(pathOf(parentOf(path)), constants.W_OK | constants.X_OK);
    return undefined;
  } catch {
    return 'lies in a folder that this user may not write to.';
  }
}
