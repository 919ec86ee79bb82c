import { ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../failure.ts';
import type { Actions } from '../plan/action.ts';
import { ACTIONS } from '../plan/actions/actions.ts';
import { findRun } from './find-run.ts';
import type { Run } from './read-run.ts';
import type { Standing } from './standing.ts';

/** A run as it is shown. */
export interface ShownRun {
  readonly run: string;
  readonly command: string;
  readonly state: Run['state'];
  readonly message: string;
  readonly started: string;
  readonly by: string;
  readonly undoes: string | null;
  readonly steps: readonly {
    readonly step: number;
    readonly state: Standing['state'];
    readonly does: string;
    readonly touches: readonly string[];
  }[];
}

/** What became of each step of a run. */
export async function showRun(
  folder: string,
  name: string,
  actions: Actions = ACTIONS,
): Promise<Result<ShownRun, Failure>> {
  const found = await findRun(folder, name, actions);
  if (!found.ok) return found;
  const { run, standings } = found.value;
  const steps = run.plan.steps.map(({ does, before }, at) => ({
    step: at + 1,
    state: standings[at]?.state ?? 'left',
    does,
    touches: Object.keys(before),
  }));
  const { state, message, started, by, plan } = run;
  return ok({
    run: run.run,
    command: plan.title,
    state,
    message,
    started,
    by,
    undoes: plan.undoes?.run ?? null,
    steps,
  });
}
