import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type Backup, type DatabaseError, unfinishedBackup } from '@scorpiox/shared/database';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { BACKUP_LOOK_MS } from '../limits.ts';
import type { WorkBoard } from '../work/board.ts';

/** How the last copy that this process made ended. */
export interface LastBackup {
  readonly file: string;
  /** ISO 8601. */
  readonly finishedAt: string;
  /** Absent where it failed. */
  readonly bytes?: number;
  /** Why it failed. */
  readonly problem?: string;
}

export interface BackupDeps {
  /** The database. */
  readonly file: string;
  /** Where copies go. */
  readonly folder: string;
  readonly backUp: (file: string, target: string) => Promise<Result<Backup, DatabaseError>>;
  readonly board: WorkBoard;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Copies of the database on demand, one at a time. How far one is, is told by how large it is already. */
export class Backups {
  readonly #deps: BackupDeps;
  #running: { readonly file: string; readonly done: Promise<void> } | undefined;
  #last: LastBackup | undefined;

  constructor(deps: BackupDeps) {
    this.#deps = deps;
  }

  get running(): string | undefined {
    return this.#running?.file;
  }

  get last(): LastBackup | undefined {
    return this.#last;
  }

  /** Begins one, or tells that one is under way. */
  start(): Result<{ readonly file: string }, { readonly running: string }> {
    if (this.#running !== undefined) return err({ running: this.#running.file });
    const { folder, now } = this.#deps;
    const file = join(folder, `insights-${new Date(now()).toISOString().replace(/[-:.]/g, '')}.db`);
    const done = this.#make(file).finally(() => {
      this.#running = undefined;
    });
    this.#running = { file, done };
    return ok({ file });
  }

  /** Resolves when none is under way. */
  async drain(): Promise<void> {
    await this.#running?.done;
  }

  async #make(target: string): Promise<void> {
    const { file, backUp, board, now } = this.#deps;
    const work = board.begin('backup', target);
    const whole = sizeOf(file);
    const look = setInterval(() => work.progress(sizeOf(unfinishedBackup(target)) / whole), BACKUP_LOOK_MS);
    const made = await backUp(file, target).catch((error: unknown) => err({ message: String(error) }));
    clearInterval(look);
    work.end();
    const finishedAt = new Date(now()).toISOString();
    this.#last = made.ok
      ? { file: target, finishedAt, bytes: made.value.bytes }
      : { file: target, finishedAt, problem: made.error.message };
  }
}

const sizeOf = (file: string): number => Math.max(1, statSync(file, { throwIfNoEntry: false })?.size ?? 0);
