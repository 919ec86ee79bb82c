import { err, ok, type Result } from '@scorpiox/shared/result';
import { type Failure, kindOfSystemError, systemErrorCode } from '../failure.ts';
import type { Actions } from '../plan/action.ts';
import { ACTIONS } from '../plan/actions/actions.ts';
import { type Applied, applyPlan } from '../plan/apply.ts';
import type { Plan } from '../plan/plan.ts';
import { Journal } from './journal.ts';

interface RunOptions {
  /** Where journals are kept. */
  readonly folder: string;
  /** Ends the run after the step that is being done. */
  readonly stop: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
  /** Kinds of deeds; all that there are when absent. */
  readonly actions?: Actions;
}

/** Applies a plan under a journal. What cannot be noted is not done. */
export async function runPlan(
  plan: Plan,
  { folder, ...options }: RunOptions,
): Promise<Result<Applied & { readonly run: string }, Failure>> {
  let journal: Journal;
  try {
    journal = await Journal.open(folder, plan);
  } catch (error) {
    const message = `The run cannot be noted in ${folder}: ${String(error)}. Nothing was changed.`;
    return err({ kind: kindOfSystemError(systemErrorCode(error)), message });
  }
  try {
    return ok({ run: journal.run, ...(await applyPlan(plan, { actions: ACTIONS, ...options, notes: journal })) });
  } finally {
    await journal.close();
  }
}
