/*
 * A column is filled
 *
 * Invariants
 * - Rows go in the order of what tells them apart, each in one batch. A batch and how far it came are one transaction: killed
 *   anywhere, it goes on behind the last row that was set, and no row is set twice.
 * - One process is at it. Each batch looks first, in its transaction, whether that is still this one, and that nobody has
 *   paused or cancelled it: two that both think they are do no harm, one of them gets nothing done.
 * - It gives way: pace.ts.
 *
 * Hazards
 * - Rows come, or are changed, behind the place where it is. At the end all rows are compared with the expression, and those
 *   that differ are counted. Who needs them as well sets them when they are written (../decompute: a trigger).
 * - Somebody pauses it at another terminal: it stays, and looks each second whether it may go on.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Console, ConsoleError, type Row, type Run } from '@scorpiox/shared/database/console';
import { number } from '../dialect/rows.ts';
import { first, only } from '../rows/cells.ts';
import { BACKFILL_LOCKED_MOST, BACKFILL_WAIT_MS } from '../rows/limits.ts';
import type { Watch } from '../rows/watch.ts';
import { type Fill, type KeyText, keyText } from './fill.ts';
import { type Load, watchLoad } from './load.ts';
import { type BackfillNote, BackfillNotes } from './notes.ts';
import { afterBatch, afterLock, FIRST_PACE, logReason, type Next, type Pace, type Reason } from './pace.ts';
import { textsOf } from './texts.ts';

export interface FillWatch extends Watch {
  /** Waits so long, milliseconds, or until the signal. */
  readonly wait?: (ms: number, stop: AbortSignal) => Promise<void>;
}

/** How it ended; `taken`: another process is at it now. */
export type FillEnd = 'done' | 'cancelled' | 'taken' | 'interrupted';

/** Goes on with a backfill that this process has claimed as `worker`. Rejects with `ConsoleError`. */
export async function runFill(
  db: Console,
  fill: Fill,
  worker: string,
  watch: FillWatch,
  load?: Load,
): Promise<FillEnd> {
  const runner = new FillRun(db, fill, worker, watch, load ?? (await watchLoad(db)));
  try {
    return await runner.run();
  } catch (error) {
    // What ended it may keep this from being noted too; then it is seen that its process is gone.
    await runner.leave().catch(() => undefined);
    throw error;
  }
}

/** Rows whose column is not what the expression says. */
export async function countDiffering(db: Console, fill: Fill): Promise<number> {
  return number(await only(db.run, textsOf(fill.table).differing(fill)), 'rows');
}

class FillRun {
  readonly #db: Console;
  readonly #fill: Fill;
  readonly #worker: string;
  readonly #watch: FillWatch;
  readonly #load: Load;
  readonly #notes: BackfillNotes;
  #pace: Pace = FIRST_PACE;
  #committedAt: number;
  #locked = 0;

  constructor(db: Console, fill: Fill, worker: string, watch: FillWatch, load: Load) {
    this.#db = db;
    this.#fill = fill;
    this.#worker = worker;
    this.#watch = watch;
    this.#load = load;
    this.#notes = new BackfillNotes(db.kind, db.run);
    this.#committedAt = performance.now();
  }

  async run(): Promise<FillEnd> {
    for (;;) {
      if (this.#watch.stop.aborted) return this.#interrupted();
      const note = await this.#notes.find(this.#fill.id);
      if (note?.worker !== this.#worker) return note?.state === 'cancelled' ? 'cancelled' : 'taken';
      this.#watch.onProgress(note.done, note.total);
      const end = note.state === 'running' ? await this.#batch(note) : await this.#notRunning(note);
      if (end !== undefined) return end;
    }
  }

  async leave(state?: 'done'): Promise<void> {
    await this.#notes.leave(this.#fill.id, this.#worker, state);
  }

  async #interrupted(): Promise<FillEnd> {
    await this.leave();
    return 'interrupted';
  }

  async #notRunning({ id, state }: BackfillNote): Promise<FillEnd | undefined> {
    if (state === 'paused') {
      await this.#notes.stay(id, this.#worker);
      await this.#wait(BACKFILL_WAIT_MS);
      this.#committedAt = performance.now(); // what was paused was no work
      return undefined;
    }
    await this.leave();
    return state === 'cancelled' ? 'cancelled' : 'done';
  }

  async #batch({ last }: BackfillNote): Promise<FillEnd | undefined> {
    const full = logReason(await this.#load.log());
    if (full !== undefined) return this.#waitFor(full, BACKFILL_WAIT_MS);
    try {
      const began = performance.now();
      const done = await this.#db.transaction((run) => this.#commit(run, last));
      this.#locked = 0;
      if (done === 'not-ours') return undefined; // the next look tells why
      if (done === 'end') return this.#ended();
      this.#committedAt = performance.now();
      return await this.#goOn(afterBatch(this.#pace, { ...done, ms: this.#committedAt - began }));
    } catch (error) {
      this.#locked += 1;
      const isLocked = error instanceof ConsoleError && error.code === 'locked';
      if (!isLocked || this.#locked >= BACKFILL_LOCKED_MOST) throw error;
      return this.#goOn(afterLock(this.#pace));
    }
  }

  async #commit(run: Run, last: KeyText | undefined) {
    const { id } = this.#fill;
    const notes = new BackfillNotes(this.#db.kind, run);
    if (!(await notes.keep(id, this.#worker))) return 'not-ours';
    const texts = textsOf(this.#fill.table);
    const row = await first(run, texts.upper(this.#fill, { last }, this.#pace.size));
    if (row === undefined) return 'end';
    const upper = keyText(this.#keyOf(row));
    const { affected: rows } = await run(texts.set(this.#fill, { last, upper }));
    await notes.advance(id, { last: upper, rows, ms: performance.now() - this.#committedAt });
    return { rows, blocked: await this.#load.blocked(run) };
  }

  #keyOf(row: Row) {
    return this.#fill.identity.columns.map((_, at) => row[`k${at}`] ?? null);
  }

  async #ended(): Promise<FillEnd> {
    await this.leave('done');
    return 'done';
  }

  async #goOn({ pace, waitMs, reason }: Next): Promise<undefined> {
    this.#pace = pace;
    if (reason !== undefined) await this.#waitFor(reason, waitMs);
  }

  async #waitFor(reason: Reason, ms: number): Promise<undefined> {
    try {
      await this.#notes.wait(this.#fill.id, this.#worker, reason);
    } catch (error) {
      // It waits because of a lock, which may be in the way of this too.
      if (!(error instanceof ConsoleError) || error.code !== 'locked') throw error;
    }
    await this.#wait(ms);
  }

  async #wait(ms: number): Promise<void> {
    await (this.#watch.wait ?? waitUntil)(ms, this.#watch.stop);
  }
}

async function waitUntil(ms: number, stop: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal: stop }).catch(() => undefined); // interrupted: whoever waits looks at the signal
}
