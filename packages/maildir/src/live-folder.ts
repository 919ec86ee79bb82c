/**
 * Keeps an open mailbox's index true to its folder. Events name files, and only those are looked at; the directories'
 * times, looked at every second and on demand, tell whether the events explained every change: where they did not, the
 * folder is read. Jobs of one folder run one after the other.
 */
import type { StoreErrorCode } from './api.ts';
import type { Folder, StoreContext } from './context.ts';
import { folderGone, StoreFailure } from './errors.ts';
import type { PlaceRow } from './index/messages.ts';
import { refreshKeywords } from './keywords.ts';
import { BURST, COLLECT, GONE_DELAY, SETTLED, SUSPICIOUS_LAG, TICK } from './limits.ts';
import { directoryOf } from './places.ts';
import { stampOf } from './scan.ts';
import { FolderSync, type NamedFile } from './sync.ts';

type Directory = 'new' | 'cur';
const DIRECTORIES: readonly Directory[] = ['new', 'cur'];

/** What is known of a watched directory. */
interface Watched {
  /** The time up to which its contents are accounted for, nanoseconds since the epoch. */
  known: bigint;
  /** Events have been heard up to this moment, nanoseconds since the epoch. */
  heard: bigint;
  stop: (() => void) | undefined;
}

const watched = (): Watched => ({ known: -1n, heard: -1n, stop: undefined });

/** What ends an open mailbox. */
const LOST: readonly StoreErrorCode[] = ['no-such-mailbox', 'index-replaced'];

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
  #toldLost = false;
  #pending = new Map<string, NamedFile>();
  #maybeGone: PlaceRow[] = [];
  #overflow = false;
  #unsettledSince: number | undefined;
  #lastTick = performance.now();
  #collecting: NodeJS.Timeout | undefined;
  #ticking: NodeJS.Timeout | undefined;
  #job: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(context: StoreContext, folder: Folder, listener: LiveFolderListener) {
    this.#context = context;
    this.#folder = folder;
    this.#listener = listener;
    this.sync = new FolderSync(context, folder);
  }

  /** Begins to watch, then looks: what happens in between is not missed. */
  async start(): Promise<void> {
    for (const directory of DIRECTORIES) this.#watch(directory);
    this.#ticking = setInterval(() => this.#background(() => this.#tick()), TICK).unref();
    await this.#enqueue(async () => {
      const stamp = await stampOf(this.#context.fs, this.#folder.path);
      if (stamp === undefined) throw folderGone();
      if (this.#context.index.mailboxes.byId(this.#folder.id)?.scanned === stamp.text) this.#account(stamp.mtimes);
      else await this.#rescan();
      await this.sync.moveNew();
    });
  }

  /** Resolves when the index is as true as the disk was at the call. */
  async refresh(): Promise<void> {
    await eventsDelivered();
    await this.#enqueue(async () => {
      await this.#handleEvents();
      if (this.#maybeGone.length > 0) await this.#rescan();
      if (await this.#check(false)) return;
      this.#context.index.db.ensureCurrent();
      throw folderGone();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#ticking);
    clearTimeout(this.#collecting);
    for (const directory of DIRECTORIES) this.#directories[directory].stop?.();
    await this.#job;
  }

  /** Runs `work` after everything that runs or waits already. */
  #enqueue(work: () => Promise<void>): Promise<void> {
    const result = this.#job.then(async () => {
      if (!this.#closed) await work();
    });
    // The caller of enqueue gets the failure; the queue goes on, and the folder is read at the next look.
    this.#job = result.catch(() => this.#distrust());
    return result;
  }

  /** What events said may have been lost half way through: nothing counts as accounted for any more. */
  #distrust(): void {
    for (const directory of DIRECTORIES) Object.assign(this.#directories[directory], { known: -1n, heard: -1n });
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

  #watch(directory: Directory): void {
    const state = this.#directories[directory];
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
    state.heard = BigInt(Math.floor(this.#context.fs.time()) + 1) * 1_000_000n;
    if (name === undefined || this.#pending.size >= BURST) this.#overflow = true;
    else this.#pending.set(`${inNew ? 'new' : 'cur'}/${name}`, { inNew, name });
    this.#collect(COLLECT);
  }

  #collect(delay: number): void {
    this.#collecting ??= setTimeout(() => {
      this.#collecting = undefined;
      this.#background(() => this.#handleEvents());
    }, delay).unref();
  }

  async #handleEvents(): Promise<void> {
    const names = [...this.#pending.values()];
    this.#pending = new Map();
    const again = this.#maybeGone;
    if (this.#overflow) {
      this.#overflow = false;
      this.#context.stats.suspicions += 1;
      await this.#rescan();
    } else if (names.length + again.length > 0) {
      this.#context.stats.eventBatches += 1;
      const missing = await this.sync.examine(names, again);
      this.#maybeGone = missing;
      if (missing.some((row) => again.some((known) => known.uid === row.uid))) await this.#rescan();
      else if (missing.length > 0) this.#collect(GONE_DELAY);
    }
    await this.sync.moveNew();
    this.#listener.onIndexTick();
  }

  async #tick(): Promise<void> {
    const now = performance.now();
    const isLate = now - this.#lastTick > TICK + SUSPICIOUS_LAG;
    this.#lastTick = now;
    await this.#check(isLate);
  }

  /**
   * Compares the directories' times with what is accounted for. After a busy loop events explain nothing: some of
   * them may have been dropped. False when the folder is gone.
   */
  async #check(isLate: boolean): Promise<boolean> {
    const { fs, index } = this.#context;
    const stamp = await stampOf(fs, this.#folder.path);
    const isThere = index.db.isCurrent() && index.mailboxes.byId(this.#folder.id)?.folder === this.#folder.name;
    if (stamp === undefined || !isThere) {
      this.#lost();
      return false;
    }
    this.#toldLost = false;
    await refreshKeywords(this.#context, this.#folder);
    const unexplained = DIRECTORIES.filter((directory) => {
      const state = this.#directories[directory];
      const isExplained = !isLate && stamp.mtimes[directory] <= state.heard;
      if (isExplained) state.known = stamp.mtimes[directory];
      return stamp.mtimes[directory] !== state.known;
    });
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

  /** Whoever has the mailbox open asks why, by `refresh`. */
  #lost(): void {
    if (this.#toldLost || this.#closed) return;
    this.#toldLost = true;
    this.#listener.onLost();
  }

  async #rescan(): Promise<void> {
    const scan = await this.sync.rescan();
    const now = performance.now();
    const isSame = DIRECTORIES.every(
      (directory) => this.#directories[directory].known === scan.stamp.mtimes[directory],
    );
    const hasStayed = isSame && this.#unsettledSince !== undefined && now - this.#unsettledSince >= SETTLED;
    this.#maybeGone = [];
    this.#account(scan.stamp.mtimes);
    this.#unsettledSince = scan.settled || hasStayed ? undefined : now;
  }

  #account(mtimes: Readonly<Record<Directory, bigint>>): void {
    for (const directory of DIRECTORIES) this.#directories[directory].known = mtimes[directory];
  }
}
