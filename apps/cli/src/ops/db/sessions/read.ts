import type { Console } from '@scorpiox/shared/database/console';
import { list } from '../dialect/rows.ts';
import { type Session, toSession } from './session.ts';
import { LIST_SESSIONS } from './statements.ts';

/** Every session of a user on a SQL Server. */
export const readSessions = async (db: Console): Promise<readonly Session[]> =>
  (await list(db, LIST_SESSIONS)).map(toSession);
