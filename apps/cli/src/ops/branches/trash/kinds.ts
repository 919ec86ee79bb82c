import type { ActionKind } from '../../plan/action.ts';
import { pruneBranches, restoreBranches } from './actions.ts';
import { emptyTrash } from './empty.ts';
import { pruneRemoteBranches, restoreRemoteBranches } from './remote-actions.ts';

/** Every kind of deed on branches. */
export const branchActions: readonly ActionKind[] = [
  pruneBranches,
  restoreBranches,
  pruneRemoteBranches,
  restoreRemoteBranches,
  emptyTrash,
];
