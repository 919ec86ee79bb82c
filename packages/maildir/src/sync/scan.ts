/**
 * Reads a folder. While a directory is read, files may be renamed in it: one may be met twice or not at all. So the
 * directories' times are looked at before and after, new/ is read before cur/ (mail moves in that direction), and a
 * caller that has to know that something is *not* there asks for a stable answer.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { FileSystem, SynchronousFileSystem } from '../files/file-system.ts';
import { directoryOf } from '../files/places.ts';
import { COARSE_TICK, MTIME_TICK, SCAN_ATTEMPTS, SETTLED } from '../limits.ts';
import { kindOfName } from '../names/file-name.ts';
import type { FolderNames } from './reconcile.ts';

/** The two directories at one moment. */
export interface Stamp {
  /** Identity and times as text: equal stamps mean an unchanged folder, as far as its times can tell. */
  readonly text: string;
  /** Which directories they are. */
  readonly ids: string;
  /** Modification times, nanoseconds since the epoch. */
  readonly mtimes: { readonly new: bigint; readonly cur: bigint };
}

export interface Scan {
  readonly names: FolderNames;
  /** Files that are not shown, since their names are no UTF-8. */
  readonly unreadable: number;
  /** Symbolic links that have a message's name: not followed, and not shown. */
  readonly links: number;
  readonly stamp: Stamp;
  /** Just after `stamp` was taken, before anything was read; milliseconds since the epoch. */
  readonly started: number;
  /** Nothing changed while reading, beyond the doubt of coarse times: what is not in `names` is not there. */
  readonly stable: boolean;
  /** The times are old enough to be trusted as long as they stay. */
  readonly settled: boolean;
}

/** A folder's stamp; undefined when the folder is gone. A matter of microseconds. */
export function stampOf(fs: FileSystem, folder: string): Stamp | undefined {
  const fresh = fs.now.stat(directoryOf(folder, true));
  const cur = fs.now.stat(directoryOf(folder, false));
  if (fresh === undefined || cur === undefined) return undefined;
  return {
    text: `${fresh.id} ${fresh.mtime} ${cur.id} ${cur.mtime}`,
    ids: `${fresh.id} ${cur.id}`,
    mtimes: { new: fresh.mtime, cur: cur.mtime },
  };
}

/**
 * Whether this is a message's file. A symbolic link is none, wherever it leads: who can write here could make us serve any
 * file that we may read. A hard link is the file itself, which only who may read it can make.
 */
export const isMessageFile = (now: SynchronousFileSystem, path: string): boolean =>
  now.stat(path)?.kind === 'file' && !now.isLink(path);

/**
 * Two changes closer than this, milliseconds, may leave this same modification time (nanoseconds since the epoch). A whole
 * second is what a file system leaves that counts seconds; where another one does by chance, waiting costs a look.
 */
export const tickOf = (mtime: bigint): number => (mtime % 1_000_000_000n === 0n ? COARSE_TICK : MTIME_TICK);

/** The same for both directories. */
const tickOfBoth = ({ mtimes }: Stamp): number => Math.max(tickOf(mtimes.new), tickOf(mtimes.cur));

/** Whether both times are at least `age` milliseconds old, and a tick. */
function isOlder(stamp: Stamp, age: number, now: number): boolean {
  const isOld = (mtime: bigint): boolean =>
    mtime <= BigInt(Math.floor(now - Math.max(age, tickOf(mtime)))) * 1_000_000n;
  return isOld(stamp.mtimes.new) && isOld(stamp.mtimes.cur);
}

/** Whether both times are old enough to be trusted as long as they stay; `now` is the file system's clock. */
export const isSettled = (stamp: Stamp, now: number): boolean => isOlder(stamp, SETTLED, now);

async function readNames(fs: FileSystem, folder: string): Promise<Pick<Scan, 'names' | 'unreadable' | 'links'>> {
  const names = { new: new Set<string>(), cur: new Set<string>() };
  let [unreadable, links] = [0, 0];
  const onLink = (name: string): void => {
    if (kindOfName(name) === 'message') links += 1;
  };
  for (const directory of ['new', 'cur'] as const) {
    const onName = (name: string): void => {
      const kind = kindOfName(name);
      if (kind === 'message') names[directory].add(name);
      else if (kind === 'unreadable') unreadable += 1;
    };
    await fs.files(directoryOf(folder, directory === 'new'), onName, onLink);
  }
  return { names, unreadable, links };
}

/** Reads both directories; `stable` asks for a reading during which nothing changed, and tries some times to get it. */
export async function scanFolder(fs: FileSystem, folder: string, wanted: 'any' | 'stable'): Promise<Scan | undefined> {
  let first: { readonly text: string; readonly at: number } | undefined;
  for (let attempt = 1; ; attempt += 1) {
    const stamp = stampOf(fs, folder);
    if (stamp === undefined) return undefined;
    const started = fs.time();
    if (first?.text !== stamp.text) first = { text: stamp.text, at: performance.now() };
    // A clock that was set back shows times of the future: then it has to have stayed so while we looked.
    const hasStayed = performance.now() - first.at >= tickOfBoth(stamp);
    const found = await readNames(fs, folder);
    const unchanged = stampOf(fs, folder)?.text === stamp.text;
    const stable = unchanged && (hasStayed || isOlder(stamp, MTIME_TICK, started));
    const scan = { ...found, stamp, started, stable, settled: unchanged && isSettled(stamp, started) };
    if (stable || (wanted === 'any' && unchanged) || attempt === SCAN_ATTEMPTS) return scan;
    if (unchanged) await pause(tickOfBoth(stamp));
  }
}
