import { existsSync, mkdirSync, readdirSync, renameSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { INSERT_ROWS, SHIP_BYTES } from '../../limits.ts';
import type { Submission } from '../../store/port.ts';
import type { AsideEvent } from './aside.ts';
import type { Consignment, Culprit } from './parcel.ts';
import { isDamage, SpoolFile } from './spool-file.ts';

/*
 * The spool
 *
 * What clients were promised and the server has not committed yet: a folder of SQLite files, one per process.
 *
 * Invariants: what `append` returned from is on the disk. A file is written by one process at a time, and appended to by
 * the process that made it only. Whatever is in a file, the file is shipped, or said to be kept.
 *
 * Hazards: a process dies with a full file. Two processes start at once and both find it. A file is copied, or comes back
 * from a backup. The disk fills, or breaks a file. The configuration names another database than the file was filled for.
 *
 * Rules:
 * 1. A process makes a file of its own at its start; the system's lock on it dies with the process.
 * 2. Files that no process holds are adopted: at the start, and now and then, for neighbours may die. Whoever gets the
 *    lock has the file; it is shipped, its asides are copied, it is removed. Nothing is appended to it, so that a number
 *    (lineage, seq) never names two parcels, even where a backup brings an old file back.
 * 3. A file names the database that it waits for; it is never shipped to another one.
 * 4. A broken file is renamed and counted, never removed; the process goes on with a new one.
 * 5. Beyond its size, or below the disk's reserve, the spool takes nothing: the sender keeps it and comes back.
 */

export interface SpoolOptions {
  readonly folder: string;
  /** Names the database that the events are for. */
  readonly target: string;
  /** Bytes of all files of this process. */
  readonly mostBytes: number;
  /** Bytes that stay free on the disk. */
  readonly reserveBytes: number;
}

/** What the files of this process hold. */
export interface SpoolContents {
  readonly parcels: number;
  readonly events: number;
  readonly bytes: number;
  /** When the oldest that waits was received, milliseconds since 1970. */
  readonly oldest?: number;
  /** Events that the server refuses, and parcels that cannot be read. */
  readonly aside: number;
  readonly damaged: number;
  /** Names of files that were broken, in the spool's folder, whenever that was found. */
  readonly brokenFiles: readonly string[];
  /** Names of files that wait for another database. */
  readonly foreignFiles: readonly string[];
  /** Why nothing is taken now; absent when it is. */
  readonly full?: string;
}

const BROKEN = /\.db\.broken-\d+$/;

export class Spool {
  readonly #options: SpoolOptions;
  #own: SpoolFile;
  #adopted: SpoolFile[] = [];
  #foreign: readonly string[] = [];

  constructor(options: SpoolOptions) {
    this.#options = options;
    mkdirSync(options.folder, { recursive: true, mode: 0o700 });
    this.#own = this.#create();
    this.adopt();
  }

  /** Puts submissions down, durably, an INSERT's worth a parcel. Throws the reason when there is no room. */
  append(submissions: readonly Submission[]): void {
    const full = this.#full();
    if (full !== undefined) throw new Error(full);
    this.#mending(this.#own, () => this.#own.append(submissions, INSERT_ROWS));
  }

  /** What is to be shipped next, the files of the dead first; undefined when nothing waits. */
  take(events: number): Consignment | undefined {
    for (const file of [...this.#adopted, this.#own]) {
      const taken = this.#mending(file, () => file.take({ events, bytes: SHIP_BYTES }));
      if (taken !== undefined) return taken;
      if (file !== this.#own) this.#finish(file);
    }
    return undefined;
  }

  /** Forgets what the server has committed; gives how many events that were. */
  remove({ lineage, through }: { readonly lineage: string; readonly through: number }): number {
    const file = this.#file(lineage);
    return file === undefined ? 0 : (this.#mending(file, () => file.remove(through)) ?? 0);
  }

  setAside({ lineage, culprits, now }: { lineage: string; culprits: readonly Culprit[]; now: number }): void {
    for (const [seq, own] of Map.groupBy(culprits, (culprit) => culprit.seq))
      this.#file(lineage)?.setAside(seq, own, now);
  }

  setDamaged({ lineage, seq, reason, now }: { lineage: string; seq: number; reason: string; now: number }): void {
    this.#file(lineage)?.setDamaged(seq, reason, now);
  }

  /** Takes over the files of processes that are gone; gives how many events came with them. */
  adopt(): number {
    const foreign: string[] = [];
    let events = 0;
    for (const name of this.#names().filter((one) => one.endsWith('.db'))) {
      const path = join(this.#options.folder, name);
      if ([this.#own, ...this.#adopted].some((file) => file.path === path)) continue;
      const found = this.#tryAdopt(path);
      if (found === 'foreign') foreign.push(name);
      if (!(found instanceof SpoolFile)) continue;
      this.#adopted.push(found);
      events += found.state().events;
    }
    this.#foreign = foreign;
    return events;
  }

  contents(): SpoolContents {
    const files = [...this.#adopted, this.#own];
    const states = files.map((file) => ({ ...file.state(), ...file.kept.counts() }));
    const total = (pick: (state: (typeof states)[number]) => number) => states.reduce((sum, one) => sum + pick(one), 0);
    const oldest = states.flatMap((state) => state.oldest ?? []);
    const full = this.#full();
    return {
      parcels: total(({ parcels }) => parcels),
      events: total((state) => state.events),
      bytes: total(({ bytes }) => bytes),
      ...(oldest.length === 0 ? {} : { oldest: Math.min(...oldest) }),
      aside: total(({ aside }) => aside),
      damaged: total(({ damaged }) => damaged),
      brokenFiles: this.#names().filter((name) => BROKEN.test(name)),
      foreignFiles: this.#foreign,
      ...(full === undefined ? {} : { full }),
    };
  }

  /** Events that the server refuses, newest first. */
  aside(most: number): readonly AsideEvent[] {
    const all = [...this.#adopted, this.#own].flatMap((file) => file.kept.newest(most));
    return all.toSorted((a, b) => b.at - a.at).slice(0, most);
  }

  close(): void {
    for (const file of this.#adopted) file.close();
    const { events, parcels } = this.#own.state();
    const { aside, damaged } = this.#own.kept.counts();
    if (events + parcels + aside + damaged === 0) this.#own.destroy();
    else this.#own.close();
  }

  #create(): SpoolFile {
    return SpoolFile.create(this.#options.folder, this.#options.target);
  }

  #file(lineage: string): SpoolFile | undefined {
    return [...this.#adopted, this.#own].find((file) => file.lineage === lineage);
  }

  #names(): readonly string[] {
    return readdirSync(this.#options.folder).toSorted();
  }

  #tryAdopt(path: string): ReturnType<typeof SpoolFile.adopt> | undefined {
    try {
      return SpoolFile.adopt(path, this.#options.target);
    } catch (error) {
      if (!isDamage(error)) return undefined; // gone meanwhile, or not to be opened now: looked for again next time
      putAway(path);
      return undefined;
    }
  }

  /** An adopted file that is empty: what it keeps aside moves, then it goes. */
  #finish(file: SpoolFile): void {
    this.#adopted = this.#adopted.filter((one) => one !== file);
    this.#own.absorb(file);
    file.destroy();
  }

  /** Works with a file; where that shows that it is broken, it is put away, and undefined is given or the error thrown. */
  #mending<T>(file: SpoolFile, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      if (!isDamage(error)) throw error;
      file.close();
      putAway(file.path);
      this.#adopted = this.#adopted.filter((one) => one !== file);
      if (file !== this.#own) return undefined;
      this.#own = this.#create();
      throw error;
    }
  }

  #full(): string | undefined {
    const { folder, mostBytes, reserveBytes } = this.#options;
    const used = [...this.#adopted, this.#own].reduce((sum, file) => sum + file.bytes(), 0);
    if (used >= mostBytes) return `the spool holds ${used} bytes, its limit (insights.spool_max) is ${mostBytes}`;
    const { bavail, bsize } = statfsSync(folder);
    if (bavail * bsize >= reserveBytes) return undefined;
    return `the disk below ${folder} has ${bavail * bsize} bytes left, and ${reserveBytes} are kept free`;
  }
}

/** Renames a broken file and what belongs to it, so that it is kept and seen, and not opened again. */
function putAway(path: string): void {
  const now = Date.now();
  for (const end of ['-wal', '-shm', '']) {
    if (existsSync(`${path}${end}`)) renameSync(`${path}${end}`, `${path}.broken-${now}${end}`);
  }
}
