/**
 * Keeps an open mailbox's index true to its folder. Events name files, and only those are looked at; the directories'
 * times, looked at every second and on demand, tell whether the events explained every change: where they did not, the
 * folder is read. Jobs of one folder run one after the other.
 *
 * **When is a message gone, by events alone?** Its file is not where its row says, nor at any place that events have
 * named for its base name. That much is also true for a moment of every file that is being renamed. Three facts decide:
 *
 *  - The kernel puts the events of both directories into one queue, in the order in which it tells of the changes, and a
 *    rename names its old and its new place. So a file that is in new/ or cur/ is either where its row says, if the row
 *    has been right since the last event was taken in, or at a place that some later event names.
 *  - The file is looked for a second time, after GONE_DELAY, at *all* places named since. If no event has named it in
 *    between, nobody has moved it within the folder in between: both looks searched the one place where it could be. A
 *    rename after the second look names it as well, and is waited for (two turns of the loop) before the row goes. If it
 *    was named, the clock starts anew: a storm of renames delays the verdict, it cannot falsify it.
 *  - The row is removed under the index's write lock, if it is still the one that was looked for and its path does not
 *    exist: a process of ours that renames files holds that lock.
 *
 * Into the other directory is a rename like any other: both are watched. Out of the folder, or to a name that is no
 * message's (a dot file), is gone; what comes back gets a new UID. One thing is assumed: that the kernel queues the event
 * of a rename that it has done within GONE_DELAY.
 *
 * All of this needs complete events. They count as incomplete when a directory is not watched, when more than BURST names
 * came at once, when the port says that names may be missing (the queue may have been full), or when the second look came
 * late, because the loop was busy. Then a stable scan is the judge (sync.ts).
 *
 * **When is nothing to be done?** A refresh that finds both directories' times where they were, and older by a tick than
 * the moment up to which their contents are accounted for, knows without another look that nothing has changed since: a
 * change would have given a later time. That moment is the beginning of a scan, or of a wait for all events.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { StoreErrorCode } from '../api.ts';
import type { Folder, StoreContext } from '../context.ts';
import { folderGone, StoreFailure } from '../errors.ts';
import { directoryOf } from '../files/places.ts';
import { NEVER_SCANNED } from '../index/mailboxes.ts';
import { BURST, COLLECT, MTIME_TICK, SETTLED, SUSPICIOUS_LAG, TICK } from '../limits.ts';
import { pruneHistory } from './history.ts';
import { isSettled, type Stamp, stampOf } from './scan.ts';
import { type NamedFile, placesByBase, Suspects } from './suspects.ts';
import { FolderSync } from './sync.ts';

type Directory = 'new' | 'cur';
const DIRECTORIES: readonly Directory[] = ['new', 'cur'];

/** What is known of a watched directory; times are nanoseconds since the epoch. */
interface Watched {
  /** Its time when its contents were last accounted for. */
  known: bigint;
  /** Up to this moment they are: every change that shows in another time is later. */
  accounted: bigint;
  /** Events have been heard up to this moment. */
  heard: bigint;
  stop: (() => void) | undefined;
}

const watched = (): Watched => ({ known: -1n, accounted: -1n, heard: -1n, stop: undefined });

const nanoseconds = (time: number): bigint => BigInt(Math.floor(time)) * 1_000_000n;

/** What ends an open mailbox. */
export const LOST: readonly StoreErrorCode[] = ['no-such-mailbox', 'index-replaced'];

/** A refresh waits this often for GONE_DELAY: a timer may be early, and a file may be named once more. */
const WAITS = 3;

/** Two turns: by then every event that the kernel had queued before has been delivered. */
const eventsDelivered = (): Promise<void> =>
  new Promise((resolve) => setImmediate(() => setImmediate(() => resolve())));

export interface LiveFolderListener {
  /** The index may have been changed by another process. */
  onIndexTick(): void;
  /** The folder was deleted or renamed, or the index replaced: said once, until it is there again. */
  onLost(): void;
}

export class LiveFolder {
  readonly sync: FolderSync;
  readonly #context: StoreContext;
  readonly #folder: Folder;
  readonly #directories: Readonly<Record<Directory, Watched>> = { new: watched(), cur: watched() };
  readonly #listener: LiveFolderListener;
  readonly #suspects = new Suspects();
  #toldLost = false;
  #pending = new Map<string, NamedFile>();
  #overflow = false;
  #watchedIds = '';
  /** Something that events said was lost half way through: only a scan makes that good. */
  #isDistrusted = false;
  #unsettledSince: number | undefined;
  #lastTick = performance.now();
  #collecting: NodeJS.Timeout | undefined;
  #lookingAgain: NodeJS.Timeout | undefined;
  #ticking: NodeJS.Timeout | undefined;
  #job: Promise<void> = Promise.resolve();
  #jobs = 0;
  #closed = false;

  constructor(context: StoreContext, folder: Folder, listener: LiveFolderListener) {
    this.#context = context;
    this.#folder = folder;
    this.#listener = listener;
    this.sync = new FolderSync(context, folder);
  }

  /** Begins to watch, then looks: what happens in between is not missed. */
  async start(): Promise<void> {
    this.#watchAll();
    this.#ticking = setInterval(() => this.#background(() => this.#tick()), TICK).unref();
    await this.#enqueue(async () => {
      const now = this.#context.fs.time();
      const stamp = stampOf(this.#context.fs, this.#folder.path);
      if (stamp === undefined) throw folderGone();
      if (this.#context.index.mailboxes.byId(this.#folder.id)?.scanned === stamp.text) this.#account(stamp, now);
      else await this.#rescan();
      await this.sync.moveNew();
    });
    this.#background(() => pruneHistory(this.#context, this.#folder, 'always'));
  }

  /** Resolves when the index is as true as the disk was at the call; at once where nothing has happened. */
  async refresh(): Promise<void> {
    if (this.#isUnchanged()) return;
    const called = this.#context.fs.time();
    await eventsDelivered();
    await this.#enqueue(async () => {
      await this.#handleEvents();
      if (this.#suspects.size > 0) await this.#settleSuspects();
      if (await this.#check(false, called)) return;
      this.#context.index.db.ensureCurrent();
      throw folderGone();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#ticking);
    clearTimeout(this.#collecting);
    clearTimeout(this.#lookingAgain);
    for (const directory of DIRECTORIES) this.#directories[directory].stop?.();
    await this.#job;
  }

  /** Whether there is reason to believe that the mailbox is gone: `refresh` says what happened. */
  isLost(): boolean {
    return this.#toldLost || !this.#isThere();
  }

  /** Whether a look costs nothing: nothing is under way, and no time has changed that could tell of something. */
  #isUnchanged(): boolean {
    if (this.#jobs + this.#pending.size + this.#suspects.size > 0) return false;
    if (this.#closed || this.#overflow || this.#isDistrusted || this.#toldLost || this.#unsettledSince !== undefined)
      return false;
    if (!this.#isThere() || !this.sync.areKeywordsKnown()) return false;
    const stamp = stampOf(this.#context.fs, this.#folder.path);
    if (stamp?.ids !== this.#watchedIds) return false;
    for (const directory of DIRECTORIES) {
      const { known, accounted } = this.#directories[directory];
      if (stamp.mtimes[directory] !== known || known + nanoseconds(MTIME_TICK) > accounted) return false;
    }
    this.#listener.onIndexTick();
    return true;
  }

  #isThere(): boolean {
    const { db, mailboxes } = this.#context.index;
    return db.isCurrent() && mailboxes.byId(this.#folder.id)?.folder === this.#folder.name;
  }

  /** Runs `work` after everything that runs or waits already. */
  #enqueue(work: () => Promise<void>): Promise<void> {
    this.#jobs += 1;
    const result = this.#job.then(async () => {
      if (!this.#closed) await work();
    });
    // The caller of enqueue gets the failure; the queue goes on, and the folder is read at the next look.
    this.#job = result
      .catch(() => this.#distrust())
      .finally(() => {
        this.#jobs -= 1;
      });
    return result;
  }

  /** Nothing counts as accounted for any more. */
  #distrust(): void {
    this.#isDistrusted = true;
    this.#suspects.clear();
    const nothing = { known: -1n, accounted: -1n, heard: -1n };
    for (const directory of DIRECTORIES) Object.assign(this.#directories[directory], nothing);
  }

  /** Work that nobody waits for: a failure is told to the operator. */
  #background(work: () => Promise<void>): void {
    this.#enqueue(work).catch((error: unknown) => {
      if (error instanceof StoreFailure && LOST.includes(error.code)) return this.#lost();
      const reason = error instanceof Error ? error.message : 'unknown reason';
      const message = `Changes in ${this.#folder.path} could not be taken in: ${reason}`;
      this.#context.log({ level: 'warn', code: 'sync-failed', message });
    });
  }

  /** Watches the directories that are there now; another program may put others in their place. */
  #watchAll(): void {
    this.#watchedIds = stampOf(this.#context.fs, this.#folder.path)?.ids ?? '';
    for (const directory of DIRECTORIES) this.#watch(directory);
  }

  #watch(directory: Directory): void {
    const state = this.#directories[directory];
    state.stop?.();
    state.stop = undefined;
    const inNew = directory === 'new';
    const path = directoryOf(this.#folder.path, inNew);
    const polls = (error: unknown): void => {
      state.stop?.();
      state.stop = undefined;
      this.#polls(path, error);
    };
    try {
      state.stop = this.#context.fs.watch(path, (name) => this.#heard(state, inNew, name), polls);
    } catch (error) {
      polls(error);
    }
  }

  #polls(path: string, error: unknown): void {
    this.#context.stats.polledFolders += 1;
    const reason = error instanceof Error ? error.message : 'unknown reason';
    const message = `${path} cannot be watched and is looked at every second instead: ${reason}`;
    this.#context.log({ level: 'warn', code: 'watch-failed', message });
  }

  #heard(state: Watched, inNew: boolean, name: string | undefined): void {
    if (this.#closed) return;
    state.heard = nanoseconds(this.#context.fs.time() + 1);
    if (name === undefined || this.#pending.size >= BURST) this.#overflow = true;
    else this.#pending.set(`${inNew ? 'new' : 'cur'}/${name}`, { inNew, name });
    this.#collecting ??= setTimeout(() => {
      this.#collecting = undefined;
      this.#background(() => this.#handleEvents());
    }, COLLECT).unref();
  }

  async #handleEvents(): Promise<void> {
    const names = [...this.#pending.values()];
    this.#pending = new Map();
    if (this.#overflow) {
      this.#overflow = false;
      this.#context.stats.suspicions += 1;
      await this.#rescan();
    } else {
      await this.#examine(names);
    }
    await this.sync.moveNew();
    this.#listener.onIndexTick();
    this.#lookAgain();
  }

  async #examine(names: readonly NamedFile[]): Promise<void> {
    const named = placesByBase(names);
    const candidates = this.#suspects.candidates(named, performance.now());
    if (candidates.size === 0) return;
    this.#context.stats.eventBatches += 1;
    const missing = await this.sync.examine(candidates);
    const { gone, isLate } = this.#suspects.judge(candidates, named, missing, performance.now());
    if (gone.length === 0) return;
    await eventsDelivered();
    const isComplete = DIRECTORIES.every((directory) => this.#directories[directory].stop !== undefined);
    if (isLate) this.#context.stats.suspicions += 1;
    if (isLate || this.#overflow || this.#isDistrusted || !isComplete) return this.#rescan();
    const namedAgain = placesByBase(this.#pending.values());
    const back = gone.filter((row) => namedAgain.has(row.base));
    for (const row of back) this.#suspects.suspect(row, candidates.get(row.base) ?? [], performance.now());
    await this.sync.forget(gone.filter((row) => !namedAgain.has(row.base)));
  }

  #lookAgain(): void {
    const delay = this.#suspects.delay(performance.now());
    if (delay === undefined || this.#closed) return;
    this.#lookingAgain ??= setTimeout(() => {
      this.#lookingAgain = undefined;
      this.#background(() => this.#handleEvents());
    }, delay).unref();
  }

  /** Waits for the second look; where that does not decide it, since names keep coming, a scan does. */
  async #settleSuspects(): Promise<void> {
    for (let wait = 1; wait <= WAITS; wait += 1) {
      const delay = this.#suspects.delay(performance.now());
      if (delay === undefined) return;
      await pause(delay);
      await this.#handleEvents();
    }
    if (this.#suspects.size > 0) await this.#rescan();
  }

  async #tick(): Promise<void> {
    const now = performance.now();
    const isLate = now - this.#lastTick > TICK + SUSPICIOUS_LAG;
    this.#lastTick = now;
    if (await this.#check(isLate, undefined)) await this.#keepStamp();
    await pruneHistory(this.#context, this.#folder, 'after expunges');
  }

  /** After a while of quiet, what events have told is as good as a scan: the next opening needs none. */
  async #keepStamp(): Promise<void> {
    const { fs, index } = this.#context;
    const { id, path } = this.#folder;
    const stamp = stampOf(fs, path);
    const scanned = index.mailboxes.byId(id)?.scanned;
    if (stamp === undefined || scanned === stamp.text || scanned === NEVER_SCANNED) return;
    if (stamp.ids !== this.#watchedIds || !isSettled(stamp, fs.time())) return;
    await eventsDelivered();
    const isWatched = DIRECTORIES.every((directory) => this.#directories[directory].stop !== undefined);
    const isKnown = DIRECTORIES.every((directory) => this.#directories[directory].known === stamp.mtimes[directory]);
    const isOpen = this.#pending.size + this.#suspects.size > 0 || this.#overflow || this.#unsettledSince !== undefined;
    if (!isWatched || !isKnown || isOpen || stampOf(fs, path)?.text !== stamp.text) return;
    await index.db.writeLate(() => index.mailboxes.keepScanned(id, stamp.text));
  }

  /**
   * Compares the directories' times with what is accounted for. After a busy loop events explain nothing: some of
   * them may have been dropped. False when the folder is gone. `handled` is the moment up to which every event has been
   * waited for and handled, where it has.
   */
  async #check(isLate: boolean, handled: number | undefined): Promise<boolean> {
    const stamp = stampOf(this.#context.fs, this.#folder.path);
    if (stamp === undefined || !this.#isThere()) {
      this.#lost();
      return false;
    }
    this.#toldLost = false;
    await this.sync.lookAtKeywords();
    if (stamp.ids !== this.#watchedIds) {
      this.#distrust(); // what was heard came from other directories
      this.#watchAll();
    }
    // A change of this very moment shows in the time before its event is delivered.
    if (DIRECTORIES.some((directory) => !this.#isHeard(directory, stamp))) await eventsDelivered();
    const unexplained = DIRECTORIES.filter((directory) => !this.#isExplained(directory, stamp, isLate, handled));
    const isWatched = unexplained.some((directory) => this.#directories[directory].stop !== undefined);
    if (isWatched) this.#context.stats[isLate ? 'suspicions' : 'mismatches'] += 1;
    const isDue = this.#unsettledSince !== undefined && performance.now() - this.#unsettledSince >= SETTLED;
    if (unexplained.length > 0 || isDue) {
      await this.#rescan();
      await this.sync.moveNew();
    }
    this.#listener.onIndexTick();
    return true;
  }

  #isHeard(directory: Directory, stamp: Stamp): boolean {
    const { heard, known } = this.#directories[directory];
    return stamp.mtimes[directory] === known || stamp.mtimes[directory] <= heard;
  }

  #isExplained(directory: Directory, stamp: Stamp, isLate: boolean, handled: number | undefined): boolean {
    const state = this.#directories[directory];
    const mtime = stamp.mtimes[directory];
    if (this.#isDistrusted) return false;
    if (!isLate && this.#isHeard(directory, stamp)) state.known = mtime;
    if (mtime !== state.known) return false;
    const isComplete = state.stop !== undefined && !this.#overflow;
    if (handled !== undefined && isComplete) state.accounted = nanoseconds(handled);
    return true;
  }

  /** Whoever has the mailbox open asks why, by `refresh`. */
  #lost(): void {
    if (this.#toldLost || this.#closed) return;
    this.#toldLost = true;
    this.#listener.onLost();
  }

  async #rescan(): Promise<void> {
    const { stamp, settled, started } = await this.sync.rescan();
    const now = performance.now();
    const isSame = DIRECTORIES.every((directory) => this.#directories[directory].known === stamp.mtimes[directory]);
    const hasStayed = isSame && this.#unsettledSince !== undefined && now - this.#unsettledSince >= SETTLED;
    this.#suspects.clear();
    this.#isDistrusted = false;
    this.#account(stamp, started);
    this.#unsettledSince = settled || hasStayed ? undefined : now;
  }

  /** `time` is from before the directories' times were taken. */
  #account(stamp: Stamp, time: number): void {
    for (const directory of DIRECTORIES) {
      const state = this.#directories[directory];
      state.known = stamp.mtimes[directory];
      state.accounted = nanoseconds(time);
    }
  }
}
