/*
 * Moving an insights database while it is in use
 *
 * From SQLite or a SQL Server to either, each row once, with nothing that was committed to the source left behind and nothing in the
 * target that the source did not have.
 *
 * Phases: the source begins to note what changes; all is copied in ranges of keys; every range is proved; then only
 * changes are brought over, for as long as one likes; the source is closed, the last changes come over, and the target may be used.
 *
 * Invariants
 * 1. From the beginning of the copy on, a transaction that changes a row of the source notes the row's place in the same
 *    transaction (triggers): both are committed or neither, whoever writes.
 * 2. A note is removed only after the rows at its place were read from the source *after* the note was seen, and what was
 *    read is committed in the target. Whatever is changed after that reading has a note of its own.
 * 3. So at any time a place whose rows differ between source and target was not copied yet, or has a note. When all is
 *    copied, the source is closed and there are no notes, they are the same.
 * 4. One process at a time writes to the target: each of its transactions changes the row that says who does (`Holder`), and is undone where that is
 *    another one. A process that was cut off and comes back late cannot put old rows over new ones.
 * 5. A source that is closed refuses every change, in the database itself, whichever program or version asks: closing is one
 *    transaction, and what was committed before it has its notes. No program opens it any more either, nor the target before all is there.
 * 6. Source and target are never both open. Who closes the source notes its number there, and only that one opens it again: a process
 *    that fails late cannot open what another one is about to end. Until the target's last transaction the move can be taken back by opening the
 *    source again; after it only while the two still hold the same.
 *
 * Hazards
 * - On a SQL Server numbers are given out before commits, so a note with a lesser number may appear after a greater one was
 *   read: the very notes that were read are removed, never all up to a number.
 * - A key may be deleted and made anew, rollups are changed in place, retention deletes by thousands: none of that matters, since a note
 *   names a place, and what is brought over is what is there now.
 * - Rows that refer to others (keys of applications) may be seen before those: small tables come in an order in which that is rare, and
 *   where it happens the pass is done again.
 * - The process may be killed anywhere. What it did is in source and target: the copy's place is committed with the rows before it.
 * - A move may be taken back and another one begun while a process is still at the first: notes are removed, and the source is closed, in
 *   transactions that look first whose the notes are.
 * - A newer program may change the source's schema meanwhile, and take notes and triggers with it: each pass looks at the version first.
 *
 * Small tables (what people set up, counters) have no notes: they are compared whole in every pass.
 */
import { ConsoleError } from '@scorpiox/shared/database/console';
import { type InsightsTable, SCHEMA_VERSION } from '@scorpiox/shared/database/tables';
import { type Contents, versionOf } from '../insights/contents.ts';
import { Comparison } from '../verify/compare.ts';
import { NOTED } from './capture-texts.ts';
import { CatchUp } from './catch-up.ts';
import { ATTEMPTS, COPY_ROWS, PROOFS, ROWS_BETWEEN } from './limits.ts';
import { type Holder, isOf, type Phase, TakenBack, type TargetMark } from './marks.ts';
import { type Progress, readProgress, tablesFrom, type Unproved, writeProgress } from './progress.ts';
import { rangesFrom } from './ranges-from.ts';
import { NotTheSame, Transfer } from './transfer.ts';

export interface MoveWatch {
  /** A phase begins. */
  phase(phase: Phase): void;
  /** Rows so far, and of how many about. */
  progress(rows: number, total: number): void;
}

/** It was asked to stop; what was done stays. */
export class Stopped extends Error {}

/** The source is not as it was when the move began. */
export class SourceChanged extends Error {}

export class Move {
  readonly source: Contents;
  readonly target: Contents;
  /** Its name, which its source and its target have noted. */
  readonly id: string;
  readonly #holder: Holder;
  readonly #stop: AbortSignal;
  readonly #watch: MoveWatch;
  readonly #transfer: Transfer;
  readonly #catchUp: CatchUp;
  #phase: Phase;
  #progress: Progress;
  #rows = 0;
  #changes = 0;
  #ranges = 0;

  constructor(
    sides: { readonly source: Contents; readonly target: Contents; readonly holder: Holder },
    { move, phase, progress }: TargetMark,
    options: { readonly stop: AbortSignal; readonly watch: MoveWatch },
  ) {
    this.source = sides.source;
    this.target = sides.target;
    this.id = move;
    this.#holder = sides.holder;
    this.#stop = options.stop;
    this.#watch = options.watch;
    this.#transfer = new Transfer(this.source, this.target, this.#holder);
    this.#catchUp = new CatchUp(this.source, move, this.#transfer, this.halt);
    this.#phase = phase;
    this.#progress = readProgress(progress);
  }

  /** What was done by this process: rows copied, ranges proved, changes brought over. */
  get done() {
    return { rows: this.#rows, ranges: this.#ranges, changes: this.#changes };
  }

  get holder(): Holder {
    return this.#holder;
  }

  readonly halt = (): void => {
    if (this.#stop.aborted) throw new Stopped();
  };

  /** Copies and proves what is not yet, and brings over what changed. */
  async follow(): Promise<void> {
    if (this.#phase === 'copying') await this.#copy();
    if (this.#phase === 'proving') await this.#prove();
    this.#watch.phase('following');
    await this.catchUp();
  }

  /** One pass over what changed, or what was noted of some tables alone; gives how many changes that were. Again where a row came before one that it refers to. */
  async catchUp(tables?: readonly InsightsTable[]): Promise<number> {
    for (let attempt = 1; ; attempt += 1) {
      this.halt();
      const version = await versionOf(this.source.db);
      if (version !== SCHEMA_VERSION[this.source.db.kind]) {
        throw new SourceChanged(`${this.source.name} is at version ${version ?? 0} of the schema now.`);
      }
      if (!(await isOf(this.source, this.id))) throw new TakenBack();
      try {
        const changes = await this.#catchUp.pass(tables);
        this.#changes += changes;
        return changes;
      } catch (error) {
        if (!isAboutOrder(error) || attempt >= ATTEMPTS) throw error;
      }
    }
  }

  /** Compares what changed whenever it was compared, now that nothing does. */
  async proveRest(): Promise<void> {
    const comparison = new Comparison(this.source, this.target);
    for (const { table: name, range } of this.#progress.unproved) {
      const table = NOTED.find(({ sqlite }) => sqlite === name);
      if (table === undefined) continue;
      const compared = await comparison.hashes(table, range);
      if (compared.isSame) continue;
      for await (const { key } of comparison.differences(table, range, compared)) {
        throw new NotTheSame(`${this.target.name} does not hold the same as ${this.source.name}: ${name} ${key}.`);
      }
    }
  }

  async #copy(): Promise<void> {
    this.#watch.phase('copying');
    const total = await this.#total();
    await this.#catchUp.small();
    let since = 0;
    for (const table of tablesFrom(NOTED, this.#progress.place)) {
      for await (const { range, next } of rangesFrom(table, this.source, COPY_ROWS, this.#progress.place)) {
        this.halt();
        const progress = { ...this.#progress, place: next };
        const rows = await this.#transfer.copy(table, range, { progress: writeProgress(progress) });
        this.#progress = progress;
        this.#rows += rows.length;
        this.#watch.progress(this.#rows, total);
        since += rows.length;
        if (since < ROWS_BETWEEN) continue;
        await this.catchUp();
        since = 0;
      }
    }
    await this.catchUp();
    await this.#enter('proving');
  }

  async #prove(): Promise<void> {
    this.#watch.phase('proving');
    const total = await this.#total();
    let rows = 0;
    for (const table of tablesFrom(NOTED, this.#progress.place)) {
      for await (const { range, next } of rangesFrom(table, this.source, COPY_ROWS, this.#progress.place)) {
        this.halt();
        const { count, isProved } = await this.#proveRange({ table: table.sqlite, range });
        const more = isProved ? [] : [{ table: table.sqlite, range }];
        this.#progress = { place: next, unproved: [...this.#progress.unproved, ...more] };
        await this.#holder.write({ progress: writeProgress(this.#progress) }, async () => {});
        rows += count;
        this.#ranges += 1;
        this.#watch.progress(rows, total);
      }
    }
    await this.#enter('following', this.#progress.unproved);
  }

  /** Compares a range by its hash, and again once what changed meanwhile has come over. */
  async #proveRange({ table: name, range }: Unproved): Promise<{ readonly count: number; readonly isProved: boolean }> {
    const table = NOTED.find(({ sqlite }) => sqlite === name);
    if (table === undefined) throw new TypeError(`there is no table ${name}`);
    const comparison = new Comparison(this.source, this.target);
    for (let attempt = 1; ; attempt += 1) {
      const { first, isSame } = await comparison.hashes(table, range);
      if (isSame || attempt >= PROOFS) return { count: first, isProved: isSame };
      await this.catchUp([table]);
    }
  }

  async #enter(phase: Phase, unproved: readonly Unproved[] = []): Promise<void> {
    const progress: Progress = { unproved };
    await this.#holder.write({ phase, progress: writeProgress(progress) }, async () => {});
    this.#phase = phase;
    this.#progress = progress;
  }

  async #total(): Promise<number> {
    let total = 0;
    for (const table of NOTED) {
      this.halt();
      total += await this.source.count(table);
    }
    return total;
  }
}

/** A row stands in the way, or does not show, because the one that it waits for was changed a moment later. */
const isAboutOrder = (error: unknown): boolean =>
  error instanceof NotTheSame ||
  (error instanceof ConsoleError && (error.code === 'duplicate' || error.code === 'refused'));
