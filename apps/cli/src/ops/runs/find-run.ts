import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../failure.ts';
import type { Actions } from '../plan/action.ts';
import type { Step } from '../plan/plan.ts';
import { type Run, readRuns } from './read-run.ts';
import { type Standing, Standings } from './standing.ts';

const IN_FORCE: ReadonlySet<Standing['state']> = new Set(['done', 'half-done']);

export interface Found {
  readonly run: Run;
  /** How its steps stand. */
  readonly standings: readonly Standing[];
  /** The run to be undone before this step can be: the latest in force that touched the same since. */
  readonly follower: (step: Step) => Promise<string | undefined>;
}

/** A run by its name. */
export async function findRun(folder: string, name: string, actions: Actions): Promise<Result<Found, Failure>> {
  const read = await readRuns(folder);
  if (!read.ok) return read;
  const { runs, unreadable } = read.value;
  const at = runs.findIndex(({ run }) => run === name);
  const run = runs[at];
  if (run !== undefined) {
    const standings = new Standings(runs, actions);
    const follower = (step: Step) => followerOf(step, runs.slice(0, at), standings);
    return ok({ run, standings: await standings.of(run), follower });
  }
  const unread = unreadable.find((one) => one.run === name)?.message;
  const message = unread ?? `There is no run ${JSON.stringify(name)} in ${folder}. See \`scorpiox runs\`.`;
  return err({ kind: 'error', message });
}

async function followerOf(step: Step, later: readonly Run[], standings: Standings): Promise<string | undefined> {
  for (const run of later) {
    const stand = await standings.of(run);
    const isFollower = run.plan.steps.some(
      ({ before, canUndo }, at) =>
        canUndo && IN_FORCE.has(stand[at]?.state ?? 'left') && Object.keys(before).some((name) => name in step.before),
    );
    if (isFollower) return run.run;
  }
  return undefined;
}
