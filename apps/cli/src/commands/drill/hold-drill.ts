/** Holds the drill at the terminal: what is being done, every statement of the mending, and the figures at the end. */
import { join } from 'node:path';
import type { DatabaseLocation } from '@scorpiox/shared/config';
import { CommandFailed, orFail } from '../../command.ts';
import type { Io } from '../../io.ts';
import { drill } from '../../ops/drill/db/drill.ts';
import type { DrillReport } from '../../ops/drill/db/report.ts';
import { makeScratch, type Scratch } from '../../ops/drill/db/scratch/scratch.ts';
import type { Failure } from '../../ops/failure.ts';
import { printForPrograms, printRecords } from '../../output/print.ts';
import { type Progress, showProgress } from '../../output/progress.ts';
import { listenForStop } from '../../signals.ts';
import { asFailed, type Teller, tellerOf } from '../db/connect.ts';
import type { DrillDbOptions } from './db.ts';

export interface DrillPlace {
  /** Where the database is to be; a file below the data folder where it is undefined. */
  readonly on: DatabaseLocation | undefined;
  readonly dataDir: string;
}

export async function holdDrill(io: Io, { on, dataDir }: DrillPlace, options: DrillDbOptions): Promise<DrillReport> {
  const folder = join(dataDir, 'drills');
  const signals = listenForStop();
  const progress = showProgress(io, { label: 'Drill', unit: 'rows' });
  try {
    const tell = tellerOf(io, options, progress.print);
    const scratch = orFail(
      await makeScratch({
        on,
        folder,
        rows: options.rows,
        tell,
        onLeftover: (what) => progress.print(`A drill that was killed had left ${what}: removed.`),
      }),
    );
    const report = await within(scratch, () => held(scratch, options, { stop: signals.stop, progress, tell }));
    progress.end();
    await show(io, report, options);
    return report;
  } catch (error) {
    throw asFailed(error);
  } finally {
    progress.end();
    signals.dispose();
  }
}

interface Shown {
  readonly stop: AbortSignal;
  readonly progress: Progress;
  readonly tell: Teller;
}

async function held(scratch: Scratch, options: DrillDbOptions, { stop, progress, tell }: Shown) {
  const { rows, sessions, seconds } = options;
  return orFail(
    await drill({
      scratch,
      rows,
      sessions,
      seconds,
      stop,
      tell: tell(scratch.db.name),
      onPhase: (phase) => progress.print(phase),
      onProgress: progress.update,
    }),
  );
}

/** Whatever happens, what was made for the drill is gone after it; that it could not be is told above what went wrong before. */
async function within<T>(scratch: Scratch, work: () => Promise<T>): Promise<T> {
  let done: T;
  try {
    done = await work();
  } catch (error) {
    const removed = await scratch.remove();
    if (!removed.ok && error instanceof CommandFailed) throw new CommandFailed(both(error.failure, removed.error));
    throw error;
  }
  orFail(await scratch.remove());
  return done;
}

const both = (failure: Failure, left: Failure): Failure => ({
  kind: failure.kind,
  message: `${failure.message} What was made for the drill is still there: ${left.message}`,
});

async function show(io: Io, report: DrillReport, options: DrillDbOptions): Promise<void> {
  if (await printForPrograms(io, report, options)) return;
  const { before, after, mended, checks } = report;
  const figures = Object.keys(before).map((name) => ({
    figure: name,
    before: figureOf(before, name),
    after: figureOf(after, name),
  }));
  const parts = [figures, mended, checks];
  for (const [at, records] of parts.entries()) {
    if (at > 0 && io.stdoutIsTerminal) io.out('\n');
    await printRecords(io, records, {});
  }
}

const figureOf = (of: DrillReport['before'], name: string): number | null =>
  Object.entries(of).find(([one]) => one === name)?.[1] ?? null;
