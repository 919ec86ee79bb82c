import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../failure.ts';
import { ACTIONS } from '../plan/actions/actions.ts';
import { type Run, readRuns } from './read-run.ts';
import { type Standing, Standings } from './standing.ts';

/** A run by its name, and how its steps stand. */
export async function findRun(
  folder: string,
  name: string,
): Promise<Result<{ readonly run: Run; readonly standings: readonly Standing[] }, Failure>> {
  const read = await readRuns(folder);
  if (!read.ok) return read;
  const run = read.value.runs.find((candidate) => candidate.run === name);
  if (run !== undefined) return ok({ run, standings: await new Standings(read.value.runs, ACTIONS).of(run) });
  const message = `There is no run ${JSON.stringify(name)} in ${folder}. See \`scorpiox runs\`.`;
  return err({ kind: 'error', message });
}
