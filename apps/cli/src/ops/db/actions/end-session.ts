/** A session of a SQL Server, ended: what it has not committed is rolled back, and nothing brings it back. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Console, Statement } from '@scorpiox/shared/database/console';
import { ok } from '@scorpiox/shared/result';
import { Type } from 'typebox';
import { ABSENT } from '../../plan/actions/place.ts';
import type { World } from '../../plan/plan.ts';
import { list, text } from '../dialect/rows.ts';
import { ENDING_LOOK_MS, ENDING_LOOKS } from '../limits.ts';
import { defineDatabaseAction, ON_DATABASE } from './database-action.ts';

const Session = Type.Object({ ...ON_DATABASE, session: Type.Integer({ minimum: 1, maximum: 32_767 }) });

/** Numbers of sessions are given again: when it signed in tells one from the next of its number. */
export const signedIn = (session: number): Statement => ({
  text: `SELECT CONVERT(varchar(23), login_time, 121) AS signed_in
FROM sys.dm_exec_sessions
WHERE session_id = @session AND is_user_process = 1;`,
  parameters: { session },
});

export const kill = (session: number): Statement => ({ text: `KILL ${session};` });

async function look(db: Console, { database, session }: { database: string; session: number }): Promise<World> {
  const [row] = await list(db, signedIn(session));
  const state = row === undefined ? ABSENT : `signed in ${text(row, 'signed_in')}`;
  return { [`session ${session} of ${database}`]: state };
}

export const endSession = defineDatabaseAction({
  kind: 'db-end-session',
  data: Session,
  look,
  foresee: () => undefined, // a long rollback keeps it there
  perform: async (db, data) => {
    await db.run(kill(data.session));
    for (let looks = 0; looks < ENDING_LOOKS; looks += 1) {
      if (Object.values(await look(db, data)).includes(ABSENT)) break;
      await sleep(ENDING_LOOK_MS);
    }
    return ok(undefined);
  },
  inverse: () => undefined,
});
