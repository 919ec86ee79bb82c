import type { Console } from '@scorpiox/shared/database/console';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import { type BackfillNote, BackfillNotes } from './notes.ts';
import { isAtWork, newWorker, shownWorker } from './worker.ts';

/** The backfill of that number. */
export async function needBackfill(db: Console, id: number): Promise<Result<BackfillNote, Failure>> {
  const note = await new BackfillNotes(db.kind, db.run).find(id);
  if (note !== undefined) return ok(note);
  return err({ kind: 'usage', message: `${db.name} has no backfill ${id}: see \`scorpiox db backfill status\`.` });
}

/** Makes this process the worker of a backfill that nobody is at. Its name. */
export async function claimBackfill(db: Console, id: number): Promise<Result<string, Failure>> {
  const note = await needBackfill(db, id);
  if (!note.ok) return note;
  const { state, worker } = note.value;
  if (state === 'cancelled' || state === 'done') return refuse(`The backfill ${id} is ${state}.`);
  if (await isAtWork(note.value)) return refuse(`The backfill ${id} is being done by ${shownWorker(worker ?? '')}.`);
  const own = await newWorker();
  if (await new BackfillNotes(db.kind, db.run).claim(id, own, worker ?? '')) return ok(own);
  return refuse(`Somebody else has taken the backfill ${id} over just now.`);
}

const refuse = (message: string): Result<never, Failure> => err({ kind: 'refused', message });
