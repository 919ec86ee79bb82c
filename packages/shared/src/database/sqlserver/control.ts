import { randomUUID } from 'node:crypto';
import type { Role } from '../../contract/session.ts';
import { err, ok, type Result } from '../../result.ts';
import type { AppKey, AppRecord, Control, Grant, KeyOwner, Principal } from '../control.ts';
import type { DatabaseError } from '../errors.ts';
import { CONTROL_SESSIONS } from '../limits.ts';
import { checkName } from '../names.ts';
import { hashSecret, newSecret } from '../secrets.ts';
import * as sql from './control-statements.ts';
import { SqlServerError } from './errors.ts';
import { migrate } from './migrate.ts';
import { withRetries } from './retry.ts';
import { MIGRATIONS } from './schema.ts';
import { makeSessions, type SqlServerLocation } from './sessions.ts';
import { number, type Row, type Sessions, type Statement, text } from './statement.ts';

/** The control side on a SQL Server, its schema at this program's version. */
export async function openSqlServerControl(
  location: SqlServerLocation,
  now: () => number,
  options: { readonly connectTimeoutMs?: number } = {},
): Promise<Result<Control, DatabaseError>> {
  const sessions = makeSessions(location, { size: CONTROL_SESSIONS, ...options });
  const place = `the SQL Server at ${location.host}:${location.port}`;
  try {
    const outcome = await migrate(sessions, MIGRATIONS, now);
    if (outcome.kind === 'current') return ok(makeSqlServerControl(sessions, now));
    await sessions.close();
    return err({
      code: 'schema-too-new',
      message: `The database ${location.database} on ${place} is at version ${outcome.version} of the schema, which is newer than this program knows; run the program that migrated it, or a later one.`,
    });
  } catch (error) {
    await sessions.close();
    if (!(error instanceof SqlServerError)) throw error;
    const reason = error.message.replace(/[.\s]+$/, '');
    return err({
      code: 'cannot-open',
      message: `The database ${location.database} on ${place}, which insights.database names, cannot be used: ${reason}.`,
    });
  }
}

/** The same over sessions with a database that has its schema. */
export function makeSqlServerControl(sessions: Sessions, now: () => number): Control {
  const tools: Tools = {
    now,
    // What only reads may be asked again; what writes may not, for its first answer may have been lost.
    read: (statement) => withRetries(() => firstRow(sessions, statement)),
    write: (statement) => sessions.transaction(async (run) => (await run(statement))[0]?.[0]),
  };
  return {
    ...appMethods(tools, async () => {
      const [rows = []] = await withRetries(() => sessions.run({ text: sql.LIST_APPS }));
      return rows.map(toAppRecord);
    }),
    ...tokenMethods(tools),
    ...signInMethods(tools),
    close: () => sessions.close(),
  };
}

interface Tools {
  readonly now: () => number;
  /** The first row, if there is one. */
  readonly read: (statement: Statement) => Promise<Row | undefined>;
  readonly write: (statement: Statement) => Promise<Row | undefined>;
}

async function firstRow({ run }: Sessions, statement: Statement): Promise<Row | undefined> {
  return (await run(statement))[0]?.[0];
}

const exists = (message: string) => err<DatabaseError>({ code: 'exists', message });

/** Names are ASCII (`checkName`), so lower case is the same everywhere, whatever the database's collation. */
const nameParameters = (name: string) =>
  ({ name: ['nvarchar(64)', name], name_key: ['varchar(64)', name.toLowerCase()] }) as const;

/** Undefined also where another process took the name between our look and our insert. */
async function unlessTaken(writing: Promise<Row | undefined>): Promise<Row | undefined> {
  try {
    return await writing;
  } catch (error) {
    if (error instanceof SqlServerError && error.kind === 'duplicate') return undefined;
    throw error;
  }
}

function appMethods({ read, write, now }: Tools, apps: Control['apps']) {
  /** Undefined when the name is taken. */
  const add = async (name: string): Promise<AppKey | undefined> => {
    const key = randomUUID();
    const more = { key: ['varchar(36)', key], now: ['bigint', now()] } as const;
    const row = await unlessTaken(write({ text: sql.ADD_APP, parameters: { ...nameParameters(name), ...more } }));
    return row && { name, key };
  };
  const find = async (name: string): Promise<AppKey | undefined> => {
    const { name_key } = nameParameters(name);
    const row = await read({ text: sql.FIND_APP, parameters: { name_key } });
    return row && { name: text(row, 'name'), key: text(row, 'key') };
  };
  return {
    async addApp(name: string): Promise<Result<AppKey, DatabaseError>> {
      const checked = checkName('application', name);
      if (!checked.ok) return checked;
      const added = await add(name);
      return added ? ok(added) : exists(`There is an application named ${name} already.`);
    },
    async ensureApp(name: string): Promise<Result<AppKey, DatabaseError>> {
      const checked = checkName('application', name);
      if (!checked.ok) return checked;
      const there = (await find(name)) ?? (await add(name)) ?? (await find(name));
      // Applications are never removed, so one whose name was taken a moment ago is found now.
      if (there === undefined) throw new Error(`application ${name} vanished`);
      return ok(there);
    },
    apps,
    async findKey(key: string): Promise<KeyOwner | undefined> {
      const plain = key.trim().toLowerCase();
      // A longer text would be cut to the parameter's length on its way, and could then be somebody's key.
      if (!UUID.test(plain)) return undefined;
      const row = await read({ text: sql.FIND_KEY, parameters: { key: ['varchar(36)', plain] } });
      return row && { id: number(row, 'id'), name: text(row, 'name') };
    },
  };
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function tokenMethods({ read, write, now }: Tools) {
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
      return principal(await read({ text: sql.FIND_TOKEN, parameters: hashParameter(token) }));
    },
  };
}

function signInMethods({ read, write, now }: Tools) {
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
      return principal(await read({ text: sql.FIND_SESSION, parameters }));
    },
    async endSession(token: string): Promise<void> {
      await write({ text: sql.END_SESSION, parameters: hashParameter(token) });
    },
  };
}

const hashParameter = (secret: string) => ({ hash: ['varbinary(32)', hashSecret(secret)] }) as const;

function toAppRecord(row: Row): AppRecord {
  return {
    id: number(row, 'id'),
    name: text(row, 'name'),
    key: text(row, 'key'),
    createdAt: number(row, 'created_at'),
  };
}

function principal(row: Row | undefined): Principal | undefined {
  if (row === undefined) return undefined;
  const role = text(row, 'role');
  // The table's CHECK allows these two.
  if (role !== 'viewer' && role !== 'admin') throw new TypeError('column role holds no role');
  return { user: text(row, 'user'), role };
}
