/*
 * The journal's night, again
 *
 * A database is made as it was that night: 900,000 rows, 1,131 of them there twice, durations as text behind a computed
 * column, no unique index. 81 sessions insert the way the applications did, each looking through the table first, while
 * somebody asks for `/apps`. That is measured; then it is mended by the commands that are there for it, and the same
 * sessions insert by the new way, and the same question is asked.
 *
 * Invariants
 * - Nothing but a database of its own is touched, and that is taken away whatever happens, Ctrl-C and failures included. What a
 *   killed drill left in a file the next one removes; what it left on a server is named by its name, `scorpiox_drill_…`.
 * - Each figure was measured in this very run. What cannot be measured is null.
 * - The mending is that of the commands: the same plans, applied the same way, with every statement shown.
 */
import type { Console, Statement } from '@scorpiox/shared/database/console';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { countDuplicates } from '../../db/dupes/dupes.ts';
import { readTable } from '../../db/rows/read-table.ts';
import type { Failure } from '../../failure.ts';
import { checksOf } from './checks.ts';
import { KEY, TABLE, textsFor } from './crisis/texts.ts';
import { CRISIS_DUPLICATES, CRISIS_ROWS, FILL_BATCH } from './limits.ts';
import type { Way } from './load/job.ts';
import { type Measured, measured } from './load/measured.ts';
import { runLoad } from './load/run-load.ts';
import { mend } from './mend.ts';
import type { DrillReport } from './report.ts';
import type { Scratch } from './scratch/scratch.ts';
import { symptomsOf } from './symptoms.ts';

export interface DrillRequest {
  readonly scratch: Scratch;
  readonly rows: number;
  readonly sessions: number;
  /** How long each of the two loads runs. */
  readonly seconds: number;
  readonly stop: AbortSignal;
  /** Called before each statement of the mending. */
  readonly tell: (statement: Statement) => void;
  /** Told what is being done now: a sentence's beginning. */
  readonly onPhase: (phase: string) => void;
  readonly onProgress: (done: number, total?: number) => void;
}

/** Holds the drill. Errors of the database are thrown. */
export async function drill(request: DrillRequest): Promise<Result<DrillReport, Failure>> {
  const { scratch, onPhase, onProgress, stop, tell } = request;
  onPhase('Making the night');
  const made = await makeCrisis(request);
  if (!made.ok) return made;
  onPhase('Inserting the old way');
  const before = await load(request, 'old');
  if (!before.ok) return before;
  const symptomsBefore = await symptomsOf(scratch);
  const mended = await mend(scratch, { stop, tell, onCommand: onPhase, onProgress });
  if (!mended.ok) return mended;
  onPhase('Inserting the new way');
  const after = await load(request, 'new');
  if (!after.ok) return after;
  onPhase('Looking it over');
  const planted = plantedIn(request.rows);
  const found = { rows: request.rows, planted, before: before.value, after: after.value };
  const symptoms = { before: symptomsBefore, after: await symptomsOf(scratch) };
  const checks = await checksOf(scratch.db, { ...found, symptoms });
  const { name: database } = scratch.db;
  return ok({
    database,
    rows: request.rows,
    before: before.value,
    mended: mended.value,
    after: after.value,
    symptoms,
    checks,
  });
}

/** How many rows are there twice: as many of a hundred as in the journal. */
const plantedIn = (rows: number): number => Math.round((rows * CRISIS_DUPLICATES) / CRISIS_ROWS);

async function makeCrisis({ scratch: { db }, rows, stop, onProgress }: DrillRequest): Promise<Result<void, Failure>> {
  const texts = textsFor(db.kind);
  // Readers and the writer do not wait for each other, as with the row versions of a server.
  if (db.kind === 'sqlite') await db.run({ text: 'PRAGMA journal_mode = WAL' });
  await db.run(texts.createTable);
  const distinct = rows - plantedIn(rows);
  for (let from = 0; from < distinct; from += FILL_BATCH) {
    if (stop.aborted) return err({ kind: 'interrupted', message: 'Interrupted.' });
    await db.run(texts.fill(from, Math.min(from + FILL_BATCH, distinct)));
    onProgress(from, rows);
  }
  await db.run(texts.duplicate(plantedIn(rows), distinct));
  return ok(undefined);
}

async function load(request: DrillRequest, way: Way): Promise<Result<Measured, Failure>> {
  const { scratch, sessions, seconds, stop } = request;
  const excessBefore = await excess(scratch.db);
  const ran = await runLoad({ location: scratch.location, load: way, way, sessions, seconds, stop });
  if (!ran.ok) return ran;
  return ok(measured(ran.value, sessions, (await excess(scratch.db)) - excessBefore));
}

async function excess(db: Console): Promise<number> {
  const table = await readTable(db, TABLE);
  return (await countDuplicates(db.run, { table, key: KEY })).excess;
}
