/**
 * Reads a folder. While a directory is read, files may be renamed in it: one may be met twice or not at all. So the
 * directories' times are looked at before and after, new/ is read before cur/ (mail moves in that direction), and a
 * caller that has to know that something is *not* there asks for a stable answer.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { BaseName } from './api.ts';
import { parseFileName } from './file-name.ts';
import type { FileSystem } from './file-system.ts';
import type { Place } from './index/messages.ts';
import { MTIME_TICK, SCAN_ATTEMPTS, SETTLED } from './limits.ts';
import { directoryOf, samePlace } from './places.ts';

/** The two directories at one moment. */
export interface Stamp {
  /** Identity and times as text: equal stamps mean an unchanged folder, as far as its times can tell. */
  readonly text: string;
  /** Modification times, nanoseconds since the epoch. */
  readonly mtimes: { readonly new: bigint; readonly cur: bigint };
}

/** A file whose base name another file has as well. */
export interface Duplicate extends Place {
  readonly base: BaseName;
}

export interface Scan {
  readonly entries: ReadonlyMap<BaseName, Place>;
  readonly duplicates: readonly Duplicate[];
  readonly stamp: Stamp;
  /** Nothing changed while reading, beyond the doubt of coarse times: what is not in `entries` is not there. */
  readonly stable: boolean;
  /** The times are old enough to be trusted as long as they stay. */
  readonly settled: boolean;
}

/** A folder's stamp; undefined when the folder is gone. */
export async function stampOf(fs: FileSystem, folder: string): Promise<Stamp | undefined> {
  const fresh = await fs.stat(directoryOf(folder, true));
  const cur = await fs.stat(directoryOf(folder, false));
  if (fresh === undefined || cur === undefined) return undefined;
  return {
    text: `${fresh.id} ${fresh.mtime} ${cur.id} ${cur.mtime}`,
    mtimes: { new: fresh.mtime, cur: cur.mtime },
  };
}

/** Whether both times are at least `age` milliseconds old. */
function isOlder(stamp: Stamp, age: number, now: number): boolean {
  const limit = BigInt(Math.floor(now - age)) * 1_000_000n;
  return stamp.mtimes.new <= limit && stamp.mtimes.cur <= limit;
}

async function readEntries(fs: FileSystem, folder: string): Promise<Pick<Scan, 'entries' | 'duplicates'>> {
  const entries = new Map<BaseName, Place>();
  const duplicates: Duplicate[] = [];
  for (const inNew of [true, false]) {
    for (const name of await fs.names(directoryOf(folder, inNew))) {
      const parsed = parseFileName(name);
      if (parsed === undefined) continue;
      const place = { inNew, info: parsed.info };
      const known = entries.get(parsed.base);
      if (known !== undefined && !samePlace(known, place)) duplicates.push({ base: parsed.base, ...known });
      entries.set(parsed.base, place); // the later one: cur/ rather than new/
    }
  }
  return { entries, duplicates };
}

/** Reads both directories; `stable` asks for a reading during which nothing changed, and tries some times to get it. */
export async function scanFolder(fs: FileSystem, folder: string, wanted: 'any' | 'stable'): Promise<Scan | undefined> {
  let first: { readonly text: string; readonly at: number } | undefined;
  for (let attempt = 1; ; attempt += 1) {
    const stamp = await stampOf(fs, folder);
    if (stamp === undefined) return undefined;
    const started = fs.time();
    if (first?.text !== stamp.text) first = { text: stamp.text, at: performance.now() };
    // A clock that was set back shows times of the future: then it has to have stayed so while we looked.
    const hasStayed = performance.now() - first.at >= MTIME_TICK;
    const found = await readEntries(fs, folder);
    const after = await stampOf(fs, folder);
    const unchanged = after?.text === stamp.text;
    const stable = unchanged && (hasStayed || isOlder(stamp, MTIME_TICK, started));
    const scan = { ...found, stamp, stable, settled: unchanged && isOlder(stamp, SETTLED, started) };
    if (stable || (wanted === 'any' && unchanged) || attempt === SCAN_ATTEMPTS) return scan;
    if (unchanged) await pause(MTIME_TICK);
  }
}
