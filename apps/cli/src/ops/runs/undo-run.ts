import type { Result } from '@scorpiox/shared/result';
import type { Failure } from '../failure.ts';
import type { Actions } from '../plan/action.ts';
import { ACTIONS } from '../plan/actions/actions.ts';
import { findRun } from './find-run.ts';
import { planUndo, type Undoing } from './undo.ts';

/** The plan that takes back what of a run is in force. */
export async function undoRun(
  folder: string,
  name: string,
  actions: Actions = ACTIONS,
): Promise<Result<Undoing, Failure>> {
  const found = await findRun(folder, name, actions);
  return found.ok ? planUndo(found.value, actions) : found;
}
