import type { Role } from '../../contract/session.ts';
import { err, ok, type Result } from '../../result.ts';
import type { Control, Grant, Principal, TokenRecord } from '../control.ts';
import type { DatabaseError } from '../errors.ts';
import { CONTROL_SESSIONS } from '../limits.ts';
import { checkName } from '../names.ts';
import { hashSecret, newSecret } from '../secrets.ts';
import { noSuchToken } from '../settings.ts';
import { alertTables } from './alerts.ts';
import { appMethods } from './apps.ts';
import { type BringUpOptions, bringServerUp } from './bring-up.ts';
import * as sql from './control-statements.ts';
import { keyMethods } from './keys.ts';
import { processMethods } from './processes.ts';
import { withRetries } from './retry.ts';
import { makeSessions, type SqlServerLocation } from './sessions.ts';
import { sizeMethods } from './sizes.ts';
import { number, type Row, type Sessions, text } from './statement.ts';
import { nameParameters, type Tools, unlessTaken } from './tools.ts';
import { viewMethods } from './views.ts';

/** The control side on a SQL Server, its schema at this program's version. */
export async function openSqlServerControl(
  location: SqlServerLocation,
  now: () => number,
  options: BringUpOptions = {},
): Promise<Result<Control, DatabaseError>> {
  const broughtUp = await bringServerUp(location, now, options);
  if (!broughtUp.ok) return broughtUp;
  return ok(makeSqlServerControl(makeSessions(location, { size: CONTROL_SESSIONS }), now));
}

/** The same over sessions with a database that has its schema. */
export function makeSqlServerControl(sessions: Sessions, now: () => number): Control {
  const tools: Tools = {
    now,
    // What only reads may be asked again; what writes may not, for its first answer may have been lost.
    list: async (statement) => (await withRetries(() => sessions.run(statement)))[0] ?? [],
    write: (statement) => sessions.transaction(async (run) => (await run(statement))[0]?.[0]),
    transaction: (work) => sessions.transaction(work),
  };
  return {
    ...appMethods(tools),
    ...keyMethods(tools),
    ...tokenMethods(tools),
    ...signInMethods(tools),
    ...sizeMethods(tools),
    ...processMethods(tools),
    ...viewMethods(tools),
    alerts: alertTables(tools),
    close: () => sessions.close(),
  };
}

const exists = (message: string) => err<DatabaseError>({ code: 'exists', message });

function tokenMethods({ list, write, now }: Tools) {
  return {
    async addToken(name: string, role: Role) {
      const checked = checkName('token', name);
      if (!checked.ok) return checked;
      const token = newSecret('sxt_');
      const row = await unlessTaken(
        write({
          text: sql.ADD_TOKEN,
          parameters: {
            ...nameParameters(name),
            hash: ['varbinary(32)', hashSecret(token)],
            role: ['varchar(8)', role],
            now: ['bigint', now()],
          },
        }),
      );
      return row ? ok({ name, token }) : exists(`There is a token named ${name} already.`);
    },
    async findToken(token: string): Promise<Principal | undefined> {
      return principal((await list({ text: sql.FIND_TOKEN, parameters: hashParameter(token) }))[0]);
    },
    async tokens(): Promise<readonly TokenRecord[]> {
      return (await list({ text: sql.LIST_TOKENS })).map((row) => ({
        name: text(row, 'name'),
        role: role(row),
        createdAt: number(row, 'created_at'),
      }));
    },
    async revokeToken(name: string): Promise<Result<void, DatabaseError>> {
      if (!checkName('token', name).ok) return noSuchToken(name);
      const { name_key } = nameParameters(name);
      const row = await write({ text: sql.REVOKE_TOKEN, parameters: { name_key } });
      return row === undefined ? noSuchToken(name) : ok(undefined);
    },
  };
}

function signInMethods({ list, write, now }: Tools) {
  const add = async (statement: string, prefix: 'sxl_' | 'sxs_', { user, role, ttlMs }: Grant) => {
    const token = newSecret(prefix);
    await write({
      text: statement,
      parameters: {
        ...hashParameter(token),
        user: ['nvarchar(256)', user],
        role: ['varchar(8)', role],
        expires_at: ['bigint', now() + ttlMs],
        now: ['bigint', now()],
      },
    });
    return { token };
  };
  return {
    addSignInLink: (grant: Grant) => add(sql.ADD_LINK, 'sxl_', grant),
    async useSignInLink(token: string): Promise<Principal | undefined> {
      const row = await write({ text: sql.TAKE_LINK, parameters: hashParameter(token) });
      return row !== undefined && number(row, 'expires_at') > now() ? principal(row) : undefined;
    },
    createSession: (grant: Grant) => add(sql.ADD_SESSION, 'sxs_', grant),
    async findSession(token: string): Promise<Principal | undefined> {
      const parameters = { ...hashParameter(token), now: ['bigint', now()] } as const;
      return principal((await list({ text: sql.FIND_SESSION, parameters }))[0]);
    },
    async endSession(token: string): Promise<void> {
      await write({ text: sql.END_SESSION, parameters: hashParameter(token) });
    },
    async endSessionsOf(user: string, except = ''): Promise<void> {
      const parameters = { ...hashParameter(except), user: ['nvarchar(256)', user] } as const;
      await write({ text: sql.END_SESSIONS_OF, parameters });
    },
  };
}

const hashParameter = (secret: string) => ({ hash: ['varbinary(32)', hashSecret(secret)] }) as const;

function principal(row: Row | undefined): Principal | undefined {
  return row && { user: text(row, 'user'), role: role(row) };
}

/** The table's CHECK allows these two. */
function role(row: Row): Role {
  const found = text(row, 'role');
  if (found !== 'viewer' && found !== 'admin') throw new TypeError('column role holds no role');
  return found;
}
