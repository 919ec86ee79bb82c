import type { AppRef, Control } from '@scorpiox/shared/database';
import { DAY, KEPT_DAYS, PURGE_EVERY_MS, PURGE_REST, SUMS_KEPT_DAYS } from '../limits.ts';
import type { Kept, PurgeRequest, Store } from '../store/port.ts';
import type { Work, WorkBoard } from '../work/board.ts';
import { Rounds } from '../work/rounds.ts';

/*
 * Deleting what is too old
 *
 * Ingest must not notice. So rows go in small batches, each a transaction of its own, and after each the database has
 * three times as long to itself; a database that is away is not waited for, the next round goes on. Nothing is noted of
 * how far a sweep came: what is left to delete is what is still there, so a process may die in the middle, and two processes
 * may do it at once.
 *
 * An event is refused when it is within an hour of being deleted (the pipeline's window), so the key by which a replay is
 * recognised is there for as long as the replay would be taken. Where retention is made shorter and longer again, the note
 * of what was deleted, which goes in with each batch, refuses it (../store/deleted-span.ts).
 */

export interface RetentionDeps {
  readonly control: Pick<Control, 'apps'>;
  readonly store: Pick<Store, 'purge'>;
  readonly board: WorkBoard;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Waits; ends at once when the signal is aborted. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Told what an operator should know, as a sentence. */
  readonly warn: (message: string) => void;
}

/** One thing to delete from. */
interface Task extends PurgeRequest {
  readonly app: string;
}

export class Retention {
  readonly #deps: RetentionDeps;
  readonly #rounds = new Rounds(async (signal) => {
    await this.sweep().catch((error: unknown) => this.#warn(error));
    await this.#deps.pause(PURGE_EVERY_MS, signal);
  });

  constructor(deps: RetentionDeps) {
    this.#deps = deps;
  }

  /** Sweeps now and then until it is stopped. */
  start(): void {
    this.#rounds.start();
  }

  /** Resolves when nothing of it is under way any more. */
  stop(): Promise<void> {
    return this.#rounds.stop();
  }

  /**
   * Deletes everything that is too old now. What cannot be deleted keeps nothing else from it, or one slow table would keep
   * all the others for ever; rejects at the end as the database did first.
   */
  async sweep(): Promise<void> {
    const tasks = (await this.#deps.control.apps()).flatMap((app) => tasksOf(app, this.#deps.now()));
    const failures: unknown[] = [];
    let work: Work | undefined;
    for (const [index, task] of tasks.entries()) {
      if (this.#rounds.signal.aborted) break;
      const progress = (part: number) => {
        // Only a sweep that finds something is work that is worth telling.
        work ??= this.#deps.board.begin('retention');
        work.progress((index + part) / tasks.length, `${task.app}: ${task.what}`);
      };
      await this.#purge(task, progress).catch((error: unknown) => failures.push(error));
    }
    work?.end();
    if (failures.length > 0) throw failures[0];
  }

  #warn(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.#deps.warn(`What is too old could not be deleted; it is tried again in some minutes: ${reason}`);
  }

  async #purge(task: Task, progress: (part: number) => void): Promise<void> {
    const { store, pause, now } = this.#deps;
    let first: number | undefined;
    while (!this.#rounds.signal.aborted) {
      const began = now();
      const { deleted, oldest = task.before } = await store.purge(task);
      if (deleted === 0) return;
      first ??= oldest;
      progress(task.before > first ? (oldest - first) / (task.before - first) : 1);
      await pause((now() - began) * PURGE_REST, this.#rounds.signal);
    }
  }
}

function tasksOf({ id, name, retentionDays = KEPT_DAYS }: AppRef, now: number): readonly Task[] {
  const days: Readonly<Record<Kept, number>> = {
    events: retentionDays,
    minutes: Math.max(retentionDays, SUMS_KEPT_DAYS.minutes),
    hours: Math.max(retentionDays, SUMS_KEPT_DAYS.hours),
    days: Math.max(retentionDays, SUMS_KEPT_DAYS.days),
  };
  const task = (what: Kept): Task => ({ app: name, appId: id, what, before: now - days[what] * DAY });
  return [task('events'), task('minutes'), task('hours'), task('days')];
}
