/*
 * A computed column becomes a real one
 *
 * In the order in which it is done: a new column that may be NULL; triggers that set it in every row that others write, since
 * their statements are not ours; a backfill of all rows (../backfill/run-fill.ts); every row compared with the expression; and
 * then the swap, one short transaction in which the computed column goes and the new one gets its name.
 *
 * Invariants
 * - Until the swap nobody sees a difference: the computed column is there, and what it says is right.
 * - From the moment when the triggers are there, each row that is written has both. So behind the backfill, and after the swap,
 *   no row is without its value.
 * - How far it came is told by the database: whether there is the new column, the triggers, the backfill, and whether the column
 *   is still computed. Killed anywhere and done again, it goes on with what is missing.
 *
 * Hazards
 * - A value does not fit into the type. That is looked for before anything is made, with what cannot overflow itself.
 * - Indexes, views and the like that use the computed column keep it from being dropped. They are named before (users.ts).
 * - Applications that insert without naming columns have one more to fill, from the first phase on. It is said in the plan.
 */
import type { Console } from '@scorpiox/shared/database/console';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import { beginBackfill, doBackfill, type Filled, fillOf } from '../backfill/backfill.ts';
import { BackfillNotes } from '../backfill/notes.ts';
import { countDiffering } from '../backfill/run-fill.ts';
import { columnOf } from '../catalog/table.ts';
import { patiently } from '../rows/patience.ts';
import { exists, readTable } from '../rows/read-table.ts';
import { place, shownName, type Table } from '../rows/table.ts';
import type { Watch } from '../rows/watch.ts';
import { type Computed, type Conversion, freshName, triggerNames } from './conversion.ts';
import { textsOf } from './texts.ts';

/** How far it is. */
export type Phase = 'computed' | 'half' | 'real' | 'gone';

export function phaseOf(table: Table, column: string): Phase {
  const known = columnOf(table, column);
  if (known === undefined) return 'gone';
  if (!known.isComputed) return 'real';
  return columnOf(table, freshName(column)) === undefined ? 'computed' : 'half';
}

export interface Converted extends Omit<Filled, 'differing'> {
  /** Rows whose value was not what the expression says, before and after the swap. */
  readonly differingBefore: number;
  readonly differingAfter: number;
}

/** Does what is missing. `backfill` is the number of its backfill. Rejects with `ConsoleError` and `DatabaseFailed`. */
export async function decompute(
  db: Console,
  conversion: Conversion,
  backfill: { readonly id: number; readonly rows: number },
  watch: Watch,
): Promise<Result<Converted, Failure>> {
  await addColumn(db, conversion, backfill.id);
  await addWriters(db, conversion);
  const again = async () => readTable(db, place(conversion.table));
  const fill = fillOf(await again(), { ...conversion, column: freshName(conversion.column), id: backfill.id });
  if (!fill.ok) return fill;
  await beginBackfill(db, fill.value, backfill.rows);
  const filled = await fillAll(db, fill.value, watch);
  if (!filled.ok) return filled;
  const { differing, ...counts } = filled.value;
  if (differing > 0) return err(notTheSame(conversion, differing));
  await swap(db, conversion);
  const real = fillOf(await again(), { ...conversion, id: backfill.id });
  if (!real.ok) return real;
  const differingAfter = await countDiffering(db, real.value);
  return ok({ ...counts, column: conversion.column, differingBefore: differing, differingAfter });
}

/** A column that is new is filled from the beginning, whatever was noted of one before it. */
async function addColumn(db: Console, conversion: Conversion, backfill: number): Promise<void> {
  const fresh = freshName(conversion.column);
  const table = await readTable(db, place(conversion.table));
  if (columnOf(table, fresh) !== undefined) return;
  await rehearse(db, conversion);
  const known = await new BackfillNotes(db.kind, db.run).find(backfill);
  await db.transaction(async (run) => {
    await run(textsOf(table).addColumn(conversion, fresh));
    if (known !== undefined) await new BackfillNotes(db.kind, run).remove(backfill);
  });
}

class Rehearsed extends Error {}

/**
 * Lets the database say before the work whether the computed column can go after it: dropped, and undone at once. SQLite
 * writes every row of a stored one for that; there it shows at the end.
 */
async function rehearse(db: Console, { table, column }: Conversion): Promise<void> {
  if (db.kind === 'sqlite' && columnOf(table, column)?.isPersisted === true) return;
  try {
    await db.transaction(async (run) => {
      await run(textsOf(table).dropColumn({ table }, column));
      throw new Rehearsed();
    });
  } catch (error) {
    if (!(error instanceof Rehearsed)) throw error;
  }
}

/** All of them or none, so that the first tells of the rest. */
async function addWriters(db: Console, conversion: Conversion): Promise<void> {
  const [first = ''] = triggerNames(conversion);
  if (await exists(db, conversion.table, first)) return;
  await db.transaction(async (run) => {
    for (const statement of textsOf(conversion.table).writers(conversion, freshName(conversion.column))) {
      await run(statement);
    }
  });
}

/** A backfill that came to its end is only compared again. */
async function fillAll(
  db: Console,
  fill: Parameters<typeof doBackfill>[1],
  watch: Watch,
): Promise<Result<Filled, Failure>> {
  const note = await new BackfillNotes(db.kind, db.run).find(fill.id);
  if (note?.state !== 'done') return doBackfill(db, fill, watch);
  const { done: rows, batches, waits } = note;
  const of = { backfill: fill.id, table: shownName(fill.table), column: fill.column.name };
  return ok({ ...of, rows, batches, waits, differing: await countDiffering(db, fill), untold: null });
}

const notTheSame = ({ table, column }: Conversion, differing: number): Failure => ({
  kind: 'error',
  message: `${differing.toLocaleString('en')} rows of ${shownName(table)} have another value in the new column than ${column} has. The computed one stays.`,
});

/** It waits for everybody who is at the table, and everybody who comes waits for it: so briefly, and a few times. */
function swap(db: Console, conversion: Conversion): Promise<void> {
  const statements = textsOf(conversion.table).swap(conversion, freshName(conversion.column));
  return patiently(() =>
    db.transaction(async (run) => {
      for (const statement of statements) await run(statement);
    }),
  );
}

/** The way back from any phase: the computed column as it was, and nothing else of what was made. */
export async function recompute(
  db: Console,
  conversion: Conversion,
  computed: Computed,
  backfill: number,
): Promise<void> {
  const { table, column } = conversion;
  const texts = textsOf(table);
  const phase = phaseOf(table, column);
  const known = await new BackfillNotes(db.kind, db.run).find(backfill);
  await db.transaction(async (run) => {
    for (const statement of texts.dropWriters(conversion)) await run(statement);
    if (phase === 'half') await run(texts.dropColumn(conversion, freshName(column)));
    if (phase === 'real') {
      await run(texts.dropColumn(conversion, column));
      await run(texts.addComputed(conversion, computed));
    }
    if (known !== undefined) await new BackfillNotes(db.kind, run).remove(backfill);
  });
}
