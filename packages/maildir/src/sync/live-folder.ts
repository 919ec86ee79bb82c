/**
 * Keeps an open mailbox's index true to its folder: decides when to look, and at what. Events name files, and only those
 * are looked at; the directories' times, looked at every second and on demand, tell whether the events explained every
 * change (watched.ts): where they did not, the folder is read. What this process does itself is in the index by then, and
 * its events need no look (own-changes.ts). Jobs of one folder run one after the other.
 *
 * **When is a message gone, by events alone?** Its file is not where its row says, nor at any place that events have
 * named for its base name. That much is also true for a moment of every file that is being renamed. Three facts decide:
 *
 *  - The kernel puts the events of both directories into one queue, in the order in which it tells of the changes, and a
 *    rename names its old and its new place. So a file that is in new/ or cur/ is either where its row says, if the row
 *    has been right since the last event was taken in, or at a place that some later event names.
 *    A message may also have two names for a while: another program links it to its new one before it unlinks the old, or
 *    copies and removes it. The event of the second name comes first, then, and is over when the first one goes. So every
 *    look is at *all* places that were named, a second file is kept in mind as a twin (`FolderSync.hasTwins`), and every
 *    later look at that base name is at its twins' places too. Of a twin that this process never heard of, the folder's
 *    times must not be proof: while there is one, no stamp is kept.
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
 * A twin that stays is another message: once the times have settled, or when somebody asks, a scan tells it from a second
 * name of the same file and gives it a name of its own (sync.ts).
 *
 * All of this needs complete events. They count as incomplete when a directory is not watched, when more than BURST names
 * came at once, when the port says that names may be missing (the queue may have been full), or when the second look came
 * late, because the loop was busy. Then a stable scan is the judge (sync.ts). While such scans cost much and are wanted again
 * and again, they leave gaps (RESCAN_REST): events are followed meanwhile, and only removals wait.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Folder, StoreContext } from '../context.ts';
import { folderGone } from '../errors.ts';
import { NEVER_SCANNED } from '../index/mailboxes.ts';
import { COLLECT, RESCAN_REST, SETTLED, SUSPICIOUS_LAG, TICK, WATCHED_AT_ONCE } from '../limits.ts';
import { pruneHistory } from './history.ts';
import { FolderJobs } from './jobs.ts';
import { isSettled, stampOf } from './scan.ts';
import { type NamedFile, placesByBase, Suspects } from './suspects.ts';
import { FolderSync } from './sync.ts';
import { WatchedFolder } from './watched.ts';

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
  readonly #watched: WatchedFolder;
  readonly #listener: LiveFolderListener;
  readonly #suspects = new Suspects();
  #toldLost = false;
  /** Something that events said was lost half way through: only a scan makes that good. */
  #isDistrusted = false;
  /** The last scan could not enter all that it saw, since files moved under its eyes. */
  #isIncomplete = false;
  /** Events have named a file that may hide behind another of its base name: a scan gives it a name of its own. */
  #hasNewTwins = false;
  #unsettledSince: number | undefined;
  /** Until then, as `performance.now()`, the folder is read only where somebody waits for it. */
  #restUntil = 0;
  #lastTick = performance.now();
  /** Until the folder is watched for the first time. */
  #beginning: NodeJS.Timeout | undefined;
  #collecting: NodeJS.Timeout | undefined;
  #lookingAgain: NodeJS.Timeout | undefined;
  #ticking: NodeJS.Timeout | undefined;
  readonly #jobs: FolderJobs;
  #closed = false;

  constructor(context: StoreContext, folder: Folder, listener: LiveFolderListener) {
    this.#context = context;
    this.#folder = folder;
    this.#listener = listener;
    this.sync = new FolderSync(context, folder);
    this.#watched = new WatchedFolder(context, folder, () => this.#collect());
    this.#jobs = new FolderJobs(context, folder, {
      onFailure: () => this.#distrust(),
      isInDoubt: () => this.#isDistrusted,
      onLost: () => this.#lost(),
    });
  }

  /**
   * Begins to watch, then looks: what happens in between is not missed. The kernel goes through all names that it has in
   * mind of a directory when it is first watched, some ten milliseconds of a large one. Where its times say that nothing has
   * to be read, whoever opens does not wait for that: it is watched a moment later and looked at then.
   */
  async start(): Promise<void> {
    if (this.#isLargeAndKnown()) this.#watchSoon();
    else this.#watched.watch();
    this.#ticking = setInterval(() => this.#jobs.background(() => this.#tick()), TICK).unref();
    await this.#jobs.run(async () => {
      const now = this.#context.fs.time();
      const stamp = stampOf(this.#context.fs, this.#folder.path);
      if (stamp === undefined) throw folderGone();
      if (this.#context.index.mailboxes.byId(this.#folder.id)?.scanned === stamp.text) {
        this.#watched.account(stamp, now);
        await this.sync.lookAtKeywords();
      } else {
        this.watchNow();
        await this.#rescan();
      }
      // What we do ourselves would have to be looked into, if its events were not heard.
      if (this.#context.index.messages.inNew(this.#folder.id, 0, 1).length > 0) this.watchNow();
      await this.sync.moveNew();
    });
    this.#jobs.background(() => pruneHistory(this.#context, this.#folder, 'always'));
  }

  #isLargeAndKnown(): boolean {
    const row = this.#context.index.mailboxes.byId(this.#folder.id);
    const stamp = stampOf(this.#context.fs, this.#folder.path);
    return row !== undefined && row.uidNext > WATCHED_AT_ONCE && row.scanned === stamp?.text;
  }

  #watchSoon(): void {
    this.#beginning = setTimeout(() => {
      this.watchNow();
      this.#jobs.background(async () => void (await this.#check(false, undefined)));
    }, COLLECT).unref();
  }

  /**
   * Watches a large folder that is not watched yet: before anything is changed in it, since that would not be heard. What has
   * happened until now no event tells: later events must not seem to explain it.
   */
  watchNow(): void {
    if (this.#beginning === undefined) return;
    clearTimeout(this.#beginning);
    this.#beginning = undefined;
    this.#watched.watch();
    const stamp = stampOf(this.#context.fs, this.#folder.path);
    if (stamp === undefined || !this.#watched.isKnown(stamp)) this.#distrust();
  }

  /** Resolves when the index is as true as the disk was at the call; at once where nothing has happened. */
  async refresh(): Promise<void> {
    this.watchNow();
    if (this.#isUnchanged()) return;
    const called = this.#context.fs.time();
    await eventsDelivered();
    await this.#jobs.run(async () => {
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
    clearTimeout(this.#beginning);
    clearTimeout(this.#collecting);
    clearTimeout(this.#lookingAgain);
    this.#watched.stop();
    await this.#jobs.close();
  }

  /** Whether there is reason to believe that the mailbox is gone: `refresh` says what happened. */
  isLost(): boolean {
    return this.#toldLost || !this.#isThere();
  }

  /** Whether a look costs nothing: nothing is under way, and no time has changed that could tell of something. */
  #isUnchanged(): boolean {
    if (this.#jobs.count + this.#suspects.size > 0 || !this.#watched.isQuiet || !this.#watched.isTelling) return false;
    if (this.#closed || this.#isDistrusted || this.#toldLost || this.#isIncomplete) return false;
    if (this.#unsettledSince !== undefined || this.sync.hasLeftovers) return false;
    if (!this.#isThere() || !this.sync.areKeywordsKnown()) return false;
    const stamp = stampOf(this.#context.fs, this.#folder.path);
    if (stamp === undefined || !this.#watched.isUnchanged(stamp)) return false;
    this.#listener.onIndexTick();
    return true;
  }

  #isThere(): boolean {
    const { db, mailboxes } = this.#context.index;
    return db.isCurrent() && mailboxes.byId(this.#folder.id)?.folder === this.#folder.name;
  }

  /** Nothing counts as accounted for any more. */
  #distrust(): void {
    this.#isDistrusted = true;
    this.#suspects.clear();
    this.#watched.distrust();
  }

  #collect(): void {
    if (this.#closed) return;
    this.#collecting ??= setTimeout(() => {
      this.#collecting = undefined;
      this.#jobs.background(() => this.#handleEvents());
    }, COLLECT).unref();
  }

  async #handleEvents(): Promise<void> {
    const { names, isComplete } = this.#watched.take();
    if (isComplete) {
      await this.#examine(names);
    } else {
      this.#context.stats.suspicions += 1;
      await this.#rescanInTurn();
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
    const { missing, newTwins } = await this.sync.examine(candidates);
    if (newTwins) this.#wantNames();
    const { gone, isLate } = this.#suspects.judge(candidates, named, missing, performance.now());
    if (gone.length === 0) return;
    await eventsDelivered();
    if (isLate) this.#context.stats.suspicions += 1;
    const isInDoubt = isLate || this.#watched.isInDoubt || this.#isDistrusted;
    if (isInDoubt || !this.#watched.isWatched) return this.#rescanInTurn();
    const namedAgain = placesByBase(this.#watched.waiting());
    const back = gone.filter((row) => namedAgain.has(row.base));
    for (const row of back) this.#suspects.suspect(row, candidates.get(row.base) ?? [], performance.now());
    await this.sync.forget(gone.filter((row) => !namedAgain.has(row.base)));
  }

  /** A rename by link and unlink is over by then, and keeps its message; what stays is another one. */
  #wantNames(): void {
    this.#hasNewTwins = true;
    this.#unsettledSince = performance.now();
  }

  #lookAgain(): void {
    const delay = this.#suspects.delay(performance.now());
    if (delay === undefined || this.#closed) return;
    this.#lookingAgain ??= setTimeout(() => {
      this.#lookingAgain = undefined;
      this.#jobs.background(() => this.#handleEvents());
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
    this.#watched.age();
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
    if (!this.#watched.isOf(stamp) || !isSettled(stamp, fs.time())) return;
    await eventsDelivered();
    const isOpen = this.#suspects.size > 0 || !this.#watched.isQuiet || this.#unsettledSince !== undefined;
    if (isOpen || this.#isIncomplete || this.sync.hasTwins || !this.#watched.isWatched || !this.#watched.isKnown(stamp))
      return;
    if (stampOf(fs, path)?.text !== stamp.text) return;
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
    if (!this.#watched.isOf(stamp)) {
      this.#distrust(); // what was heard came from other directories
      this.#watched.watch();
    }
    // A change of this very moment shows in the time before its event is delivered.
    if (!this.#watched.isHeard(stamp)) await eventsDelivered();
    const unexplained = this.#watched.unexplained(stamp, isLate, handled);
    const isUnknown = unexplained.length > 0 || this.#isDistrusted;
    const isAsked = handled !== undefined;
    if (!isAsked && this.#isResting()) {
      if (isUnknown) this.#distrust();
    } else if (isUnknown || this.#isDue() || (isAsked && this.#hasNewTwins)) {
      const isWatched = unexplained.some((directory) => directory.isWatched);
      if (isWatched) this.#context.stats[isLate ? 'suspicions' : 'mismatches'] += 1;
      await this.#rescan();
      await this.sync.moveNew();
    }
    this.#listener.onIndexTick();
    return true;
  }

  /** Whether the folder has to be read whatever its times say. */
  #isDue(): boolean {
    return this.#isIncomplete || this.#hasSettled() || this.sync.hasLeftovers;
  }

  #hasSettled(): boolean {
    return this.#unsettledSince !== undefined && performance.now() - this.#unsettledSince >= SETTLED;
  }

  /** Whoever has the mailbox open asks why, by `refresh`. */
  #lost(): void {
    if (this.#toldLost || this.#closed) return;
    this.#toldLost = true;
    this.#listener.onLost();
  }

  /** Whether the last reading was so long, and so short a time ago, that the next one has to wait its turn. */
  #isResting(): boolean {
    return performance.now() < this.#restUntil;
  }

  /** Reads the folder, or leaves that to a later tick; where somebody waits, `#check` reads it at once. */
  async #rescanInTurn(): Promise<void> {
    if (this.#isResting()) this.#distrust();
    else await this.#rescan();
  }

  async #rescan(): Promise<void> {
    const begun = performance.now();
    const { scan, complete } = await this.sync.rescan();
    this.#restUntil = performance.now() + RESCAN_REST * (performance.now() - begun);
    this.#hasNewTwins = false;
    const hasStayed = this.#watched.isKnown(scan.stamp) && this.#hasSettled();
    this.#suspects.clear();
    this.#isDistrusted = false;
    this.#isIncomplete = !complete;
    this.#watched.account(scan.stamp, scan.started);
    this.#unsettledSince = scan.settled || hasStayed ? undefined : performance.now();
  }
}
