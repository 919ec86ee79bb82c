/**
 * Copies the index now and then, so that what only it holds outlives it. SQLite's online backup reads one snapshot through a
 * connection of its own, some pages at a time and on another thread: writers go on, and the loop turns. The copy is written
 * beside the last one, checked by a worker thread and synced before it takes the name: a damaged index must never replace
 * the sound copy of its past. One process at a time: whoever begins notes it in the index, with the time, since a killed
 * process never takes its note back.
 */
import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { errno, StoreFailure, sqliteCode } from '../errors.ts';
import { syncPath } from '../files/sync-path.ts';
import { BUSY_TIMEOUT, COPY_CHECK, COPY_CLAIM, COPY_EVERY, COPY_PAGES } from '../limits.ts';
import type { StoreLog } from '../log.ts';
import { isSound } from './check-thread.ts';
import { damageMark } from './connection.ts';
import type { MailIndex } from './index.ts';
import { copyOf } from './restore.ts';

/** Calls `work` every `delay` milliseconds; returns what stops it. */
export type Repeat = (work: () => void, delay: number) => () => void;

export interface CopyOptions {
  readonly file: string;
  readonly index: MailIndex;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly repeat: Repeat;
  /** A fresh name. */
  readonly suffix: () => string;
  readonly log: StoreLog;
}

/** Everything that may happen to a copy: SQLite, the disk, a closed index. Other errors are our own mistakes. */
const isExpected = (error: unknown): boolean =>
  error instanceof StoreFailure || sqliteCode(error) !== undefined || errno(error) !== undefined;

export class IndexCopier {
  readonly #options: CopyOptions;
  #running: Promise<void> | undefined;
  #stop: (() => void) | undefined;
  #failing = false;

  constructor(options: CopyOptions) {
    this.#options = options;
  }

  /** Copies now where it is due, and from time to time. */
  start(): void {
    this.#stop = this.#options.repeat(() => this.#check(), COPY_CHECK);
    this.#check();
  }

  /** Resolves when nothing uses the index any more. */
  async close(): Promise<void> {
    this.#stop?.();
    await this.#running;
  }

  #check(): void {
    this.#running ??= this.#copyIfDue().finally(() => {
      this.#running = undefined;
    });
  }

  /** A copy that fails fails nothing else. It is said once, until one succeeds. */
  async #copyIfDue(): Promise<void> {
    const { log, file } = this.#options;
    try {
      if (!this.#isDue() || !(await this.#claim())) return;
      await this.#copy();
      this.#failing = false;
    } catch (error) {
      if (!isExpected(error)) throw error;
      const reason = error instanceof Error ? error.message : 'unknown reason';
      const message = `The mail index ${file} could not be copied; it is tried again: ${reason}`;
      if (!this.#failing) log({ level: 'warn', code: 'copy-failed', message });
      this.#failing = true;
    }
  }

  /** What the index holds that no file does, as a short text that changes with it. */
  #contents(): string {
    const { index } = this.#options;
    const hash = createHash('sha256');
    const rows = index.mailboxes.all();
    for (const { id, folder, uidValidity, uidNext, highestModSeq } of rows) {
      hash.update(JSON.stringify([id, folder, uidValidity, uidNext, highestModSeq, index.keywords.all(id)]));
    }
    return `${rows.length}-${index.facts.get('metadata') ?? 0}-${hash.digest('hex').slice(0, 32)}`;
  }

  #isDue(): boolean {
    const { index, clock, file } = this.#options;
    if (!index.db.isCurrent()) return false;
    return index.db.read(() => {
      const [time = '', contents = ''] = (index.facts.get('copied') ?? '').split(' ');
      const now = this.#contents();
      if (time === '' || !existsSync(copyOf(file))) return !now.startsWith('0-0-');
      const age = clock() - Number(time);
      return now !== contents && (age < 0 || age >= COPY_EVERY); // or the clock was set back
    });
  }

  /** Takes the turn; false where another process has it, or has just made the copy. */
  #claim(): Promise<boolean> {
    const { index, clock } = this.#options;
    return index.db.write(() => {
      const age = clock() - Number(index.facts.get('copying') ?? Number.NEGATIVE_INFINITY);
      if (!this.#isDue() || (age >= 0 && age < COPY_CLAIM)) return false;
      index.facts.set('copying', String(clock()));
      return true;
    });
  }

  async #copy(): Promise<void> {
    const { index, file, clock, suffix } = this.#options;
    const began = `${clock()} ${this.#contents()}`;
    const beside = `${copyOf(file)}-${suffix()}`;
    let made = false;
    try {
      this.#removeUnfinished();
      await this.#write(beside);
      made = true;
    } finally {
      for (const part of ['', '-journal', '-wal', '-shm']) rmSync(beside + part, { force: true });
      if (index.db.isCurrent()) {
        await index.db.write(() => {
          if (made) index.facts.set('copied', began);
          index.facts.remove('copying');
        });
      }
    }
  }

  /** Only whoever has the turn is here: copies under other names are nobody's any more. */
  #removeUnfinished(): void {
    const copy = copyOf(this.#options.file);
    for (const name of readdirSync(dirname(copy))) {
      if (name.startsWith(`${basename(copy)}-`)) rmSync(join(dirname(copy), name), { force: true });
    }
  }

  async #write(beside: string): Promise<void> {
    const { file } = this.#options;
    closeSync(openSync(beside, 'wx', 0o600)); // SQLite would make it readable for others
    const source = new DatabaseSync(file, { readOnly: true, timeout: BUSY_TIMEOUT });
    try {
      // One snapshot from the first page to the last: without it every commit of others would begin the copy anew.
      source.exec('BEGIN; SELECT count(*) FROM facts');
      await backup(source, beside, { rate: COPY_PAGES });
    } finally {
      source.close();
    }
    if (!(await isSound(beside))) {
      if (this.#options.index.db.isCurrent() && !(await isSound(file))) writeFileSync(damageMark(file), '');
      throw new StoreFailure('unavailable', 'what was read of it is damaged, and the last copy is kept.');
    }
    await syncPath(beside);
    await rename(beside, copyOf(file));
    await syncPath(dirname(file));
  }
}
