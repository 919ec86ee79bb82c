import type { ActionKind } from '../../plan/action.ts';
import { fillColumn } from '../backfill/action.ts';
import { decomputeColumn, recomputeColumn } from '../decompute/action.ts';
import { putDuplicatesBack, removeDuplicateRows } from '../dedupe/action.ts';
import { dropUniqueIndex, makeUniqueIndex } from '../unique/action.ts';
import type { DatabaseAction, Means } from './database-action.ts';
import { endSession } from './end-session.ts';
import { setOption } from './set-option.ts';

/** Every kind of step that works on a database, as `defineDatabaseAction` declares them. */
const KINDS: readonly DatabaseAction[] = [
  setOption,
  endSession,
  removeDuplicateRows,
  putDuplicatesBack,
  makeUniqueIndex,
  dropUniqueIndex,
  fillColumn,
  decomputeColumn,
  recomputeColumn,
];

/** The same, with what they need. */
export const databaseActions = (means: Means): readonly ActionKind[] => KINDS.map((kind) => kind.with(means));
