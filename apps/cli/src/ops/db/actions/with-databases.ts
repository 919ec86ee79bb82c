import type { Actions } from '../../plan/action.ts';
import { ACTIONS } from '../../plan/actions/actions.ts';
import { databaseActions } from './actions.ts';
import type { Means } from './database-action.ts';

/** Every kind of step there is, for somebody who can open databases. */
export const withDatabases = (means: Means): Actions =>
  databaseActions(means).reduce((actions, kind) => actions.with(kind), ACTIONS);
