import { ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../failure.ts';
import type { Actions } from '../plan/action.ts';
import { type Run, readRuns, type Unreadable } from './read-run.ts';
import { Standings } from './standing.ts';

/** A run in a list. A type rather than an interface: only those are records of printable values. */
type ListedRun = {
  readonly run: string;
  readonly state: Run['state'];
  /** How many steps it was to have, how many are in force, and how many were taken back. */
  readonly steps: number;
  readonly done: number;
  readonly undone: number;
  /** How many are half done, or half taken back. */
  readonly half: number;
  /** ISO 8601. */
  readonly started: string;
  readonly command: string;
};

/** The runs of a folder, the latest first, and the journals that cannot be read. */
export async function listRuns(
  folder: string,
  actions: Actions,
  most = Number.POSITIVE_INFINITY,
): Promise<Result<{ readonly runs: readonly ListedRun[]; readonly unreadable: readonly Unreadable[] }, Failure>> {
  const read = await readRuns(folder);
  if (!read.ok) return read;
  const standings = new Standings(read.value.runs, actions);
  const runs: ListedRun[] = [];
  for (const run of read.value.runs.slice(0, most)) runs.push(await listed(run, standings));
  return ok({ runs, unreadable: read.value.unreadable });
}

async function listed(run: Run, standings: Standings): Promise<ListedRun> {
  const states = (await standings.of(run)).map(({ state }) => state);
  const counted = (wanted: string): number => states.filter((state) => state === wanted).length;
  const { state, started, plan } = run;
  const [done, undone, half] = [counted('done'), counted('undone'), counted('half-done')];
  return { run: run.run, state, steps: states.length, done, undone, half, started, command: plan.title };
}
