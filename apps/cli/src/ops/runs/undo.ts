import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../failure.ts';
import type { Actions } from '../plan/action.ts';
import { isSameWorld, type Plan, type Step, type World } from '../plan/plan.ts';
import { Planner } from '../plan/planner.ts';
import type { Found } from './find-run.ts';
import type { Standing } from './standing.ts';

export interface Undoing {
  readonly plan: Plan;
  /** Why steps stay as they are, a sentence each. */
  readonly left: readonly string[];
}

/** Makes the plan that takes back what of a run is in force, the last step first. */
export async function planUndo(
  { run, standings, follower }: Found,
  actions: Actions,
): Promise<Result<Undoing, Failure>> {
  if (run.state === 'running') return err({ kind: 'refused', message: `The run ${run.run} has not ended yet.` });
  const planner = new Planner(actions);
  const steps: number[] = [];
  const left: string[] = [];
  for (let number = run.plan.steps.length; number > 0; number -= 1) {
    const [step, standing] = [run.plan.steps[number - 1], standings[number - 1]];
    if (step === undefined || standing === undefined) continue;
    const reason = await addInverse(planner, step, standing);
    if (reason === 'added') steps.push(number);
    else if (reason !== undefined) left.push(`Step ${number} ${reason}: ${step.does}`);
  }
  const confirm = planner.steps.every(({ canUndo }) => canUndo) ? {} : { confirm: run.run };
  return ok({
    plan: { title: `undo ${run.run}`, ...confirm, steps: planner.steps, undoes: { run: run.run, steps } },
    left,
  });

  /** Why there is none, or undefined where there is nothing to take back. */
  async function addInverse(to: Planner, step: Step, { state, after }: Standing): Promise<string | undefined> {
    if (state === 'unclear') return 'was begun, and it is not clear whether it was done';
    if (state !== 'done' && state !== 'half-done') return undefined;
    const deed = actions.bind(step.action);
    if (deed === undefined) return 'was done by another version of this program';
    if (deed.inverse === undefined) return 'cannot be undone';
    let seen: World;
    try {
      seen = await to.look(deed.inverse.action);
    } catch (error) {
      return `is about what cannot be looked at (${error instanceof Error ? error.message : String(error)})`;
    }
    if (after === undefined || !isSameWorld(seen, after)) {
      const later = await follower(step);
      return `was followed by other changes${later === undefined ? '' : ` (undo the run ${later} first)`}`;
    }
    await to.add(deed.inverse.does, deed.inverse.action);
    return 'added';
  }
}
