import type { Console } from '@scorpiox/shared/database/console';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import { parseTableName } from '../catalog/names.ts';
import { shownName } from '../rows/table.ts';
import { needBackfill } from './claim.ts';
import { type BackfillNote, BackfillNotes, type BackfillState } from './notes.ts';
import { isAtWork, shownWorker } from './worker.ts';

/** A type rather than an interface: only those are records of printable values. */
export type ShownBackfill = {
  readonly id: number;
  readonly table: string;
  readonly column: string;
  readonly state: BackfillState;
  readonly done: number;
  readonly total: number;
  readonly batches: number;
  /** How often it has given way, and to what it does now. */
  readonly waits: number;
  readonly waitsFor: string | null;
  /** Time left at the rate until now, milliseconds; null where that is not known. */
  readonly leftMs: number | null;
  /** Who is at it. */
  readonly worker: string | null;
  readonly expression: string;
};

/** All backfills that the database knows of. */
export async function listBackfills(db: Console): Promise<readonly ShownBackfill[]> {
  const notes = await new BackfillNotes(db.kind, db.run).all();
  return Promise.all(notes.map(shown));
}

async function shown(note: BackfillNote): Promise<ShownBackfill> {
  const { id, column, state, done, total, batches, waits, expression } = note;
  const parsed = parseTableName(note.table);
  const isBusy = (state === 'running' || state === 'paused') && (await isAtWork(note));
  return {
    ...{ id, table: parsed.ok ? shownName(parsed.value) : note.table, column, state, done, total, batches, waits },
    waitsFor: isBusy ? (note.waitsFor ?? null) : null,
    leftMs: leftOf(note),
    worker: isBusy && note.worker !== undefined ? shownWorker(note.worker) : null,
    expression,
  };
}

function leftOf({ state, done, total, workedMs }: BackfillNote): number | null {
  if (state === 'done' || state === 'cancelled') return null;
  return done === 0 ? null : Math.round((Math.max(0, total - done) * workedMs) / done);
}

/** What may be asked of a backfill at another terminal, and in which states. */
const TURNS = {
  pause: { to: 'paused', from: ['running'] },
  resume: { to: 'running', from: ['paused'] },
  cancel: { to: 'cancelled', from: ['running', 'paused'] },
} as const;

/** Tells whoever is at a backfill. When it returns, no batch is under way that does not know of it. */
export async function turnBackfill(
  db: Console,
  id: number,
  turn: keyof typeof TURNS,
): Promise<Result<ShownBackfill, Failure>> {
  const { to, from } = TURNS[turn];
  const before = await needBackfill(db, id);
  if (!before.ok) return before;
  if (!(await new BackfillNotes(db.kind, db.run).turn(id, to, from))) {
    return err({
      kind: 'refused',
      message: `The backfill ${id} is ${before.value.state}: there is nothing to ${turn}.`,
    });
  }
  const after = await needBackfill(db, id);
  return after.ok ? ok(await shown(after.value)) : after;
}

/** Whether somebody is at it, so that a word is enough. */
export async function isBackfillAtWork(db: Console, id: number): Promise<Result<boolean, Failure>> {
  const note = await needBackfill(db, id);
  return note.ok ? ok(await isAtWork(note.value)) : note;
}
