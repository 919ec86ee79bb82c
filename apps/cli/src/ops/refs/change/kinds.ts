import type { ActionKind } from '../../plan/action.ts';
import { commitFiles, takeCommitBack } from './commit.ts';
import { leaveBranch, makeBranch } from './make-branch.ts';
import { replaceInFile, restoreFile } from './replace-file.ts';
import { retargetLink } from './retarget-link.ts';

/** The kinds of deeds of `refs replace`. */
export const refsActions: readonly ActionKind[] = [
  replaceInFile,
  restoreFile,
  retargetLink,
  makeBranch,
  leaveBranch,
  commitFiles,
  takeCommitBack,
];
