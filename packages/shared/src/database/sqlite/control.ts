import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Role } from '../../contract/session.ts';
import { err, ok, type Result } from '../../result.ts';
import type { AppKey, AppRecord, Control, Grant, Principal } from '../control.ts';
import type { DatabaseError } from '../errors.ts';
import { CONTROL_BUSY_MS } from '../limits.ts';
import { checkName } from '../names.ts';
import { hashSecret, newSecret } from '../secrets.ts';
import { inTransaction } from './connection.ts';
import { openInsightsDatabase } from './open.ts';
import { withPatience } from './patience.ts';

/**
 * The control side on the embedded database. It runs on the thread that answers requests, so it asks first, which takes
 * no lock, and writes only what there is to write, with patience.
 */
export function openSqliteControl(file: string, now: () => number): Result<Control, DatabaseError> {
  const opened = openInsightsDatabase(file, now);
  if (!opened.ok) return opened;
  const db = opened.value;
  db.exec(`PRAGMA busy_timeout = ${CONTROL_BUSY_MS}`);
  return ok({
    ...appMethods(db, now),
    ...tokenMethods(db, now),
    ...signInMethods(db, now),
    close: async () => db.close(),
  });
}

const exists = (message: string) => err<DatabaseError>({ code: 'exists', message });

// Columns below are typed by the schema (STRICT tables, NOT NULL, CHECK), which is the guarantee behind each cast.
type Row<T> = T | undefined;

function appMethods(db: DatabaseSync, now: () => number) {
  const insertApp = db.prepare(
    'INSERT INTO apps (name, created_at) VALUES (?, ?) ON CONFLICT (name) DO NOTHING RETURNING id',
  );
  const insertKey = db.prepare('INSERT INTO ingest_keys (key, app_id, created_at) VALUES (?, ?, ?)');
  const selectByKey = db.prepare(
    'SELECT apps.id AS id, apps.name AS name FROM ingest_keys JOIN apps ON apps.id = app_id WHERE key = ?',
  );
  const firstKey = `(SELECT key FROM ingest_keys WHERE app_id = apps.id ORDER BY created_at, key LIMIT 1)`;
  const selectByName = db.prepare(`SELECT name, ${firstKey} AS key FROM apps WHERE name = ?`);
  const selectAll = db.prepare(`SELECT id, name, created_at AS createdAt, ${firstKey} AS key FROM apps ORDER BY name`);

  /** Undefined when the name is taken. */
  const add = (name: string): Promise<AppKey | undefined> =>
    withPatience(() =>
      inTransaction(db, () => {
        const row = insertApp.get(name, now()) as Row<{ id: number }>;
        if (row === undefined) return undefined;
        const key = randomUUID();
        insertKey.run(key, row.id, now());
        return { name, key };
      }),
    );

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
      const find = () => selectByName.get(name) as Row<AppKey>;
      const there = find() ?? (await add(name)) ?? find();
      // Applications are never removed, so one whose name was taken a moment ago is found now.
      if (there === undefined) throw new Error(`application ${name} vanished`);
      return ok({ name: there.name, key: there.key });
    },
    async apps(): Promise<readonly AppRecord[]> {
      return selectAll.all() as unknown as AppRecord[];
    },
    async findKey(key: string) {
      const row = selectByKey.get(key.trim().toLowerCase()) as Row<{ id: number; name: string }>;
      return row && { id: row.id, name: row.name };
    },
  };
}

function tokenMethods(db: DatabaseSync, now: () => number) {
  const insert = db.prepare(
    'INSERT INTO tokens (hash, name, role, created_at) VALUES (?, ?, ?, ?) ON CONFLICT (name) DO NOTHING',
  );
  const select = db.prepare('SELECT name AS user, role FROM tokens WHERE hash = ?');
  return {
    async addToken(name: string, role: Role) {
      const checked = checkName('token', name);
      if (!checked.ok) return checked;
      const token = newSecret('sxt_');
      const { changes } = await withPatience(() => insert.run(hashSecret(token), name, role, now()));
      return Number(changes) === 1 ? ok({ name, token }) : exists(`There is a token named ${name} already.`);
    },
    async findToken(token: string): Promise<Principal | undefined> {
      return principal(select.get(hashSecret(token)));
    },
  };
}

function signInMethods(db: DatabaseSync, now: () => number) {
  const add = (table: 'sign_in_links' | 'sessions', prefix: 'sxl_' | 'sxs_') => {
    const purge = db.prepare(`DELETE FROM ${table} WHERE expires_at <= ?`);
    const insert = db.prepare(`INSERT INTO ${table} (hash, user, role, expires_at) VALUES (?, ?, ?, ?)`);
    return async ({ user, role, ttlMs }: Grant) => {
      const token = newSecret(prefix);
      await withPatience(() =>
        inTransaction(db, () => {
          purge.run(now());
          insert.run(hashSecret(token), user, role, now() + ttlMs);
        }),
      );
      return { token };
    };
  };
  const selectLink = db.prepare('SELECT 1 FROM sign_in_links WHERE hash = ? AND expires_at > ?');
  // Reading and removing in one statement is what makes a link work once, whoever else tries at the same moment.
  const takeLink = db.prepare('DELETE FROM sign_in_links WHERE hash = ? RETURNING user, role, expires_at');
  const selectSession = db.prepare('SELECT user, role FROM sessions WHERE hash = ? AND expires_at > ?');
  const deleteSession = db.prepare('DELETE FROM sessions WHERE hash = ?');
  const findSession = (hash: Buffer) => principal(selectSession.get(hash, now()));
  return {
    addSignInLink: add('sign_in_links', 'sxl_'),
    async useSignInLink(token: string): Promise<Principal | undefined> {
      const hash = hashSecret(token);
      if (selectLink.get(hash, now()) === undefined) return undefined;
      const row = (await withPatience(() => takeLink.get(hash))) as Row<{ expires_at: number }>;
      return row !== undefined && row.expires_at > now() ? principal(row) : undefined;
    },
    createSession: add('sessions', 'sxs_'),
    async findSession(token: string): Promise<Principal | undefined> {
      return findSession(hashSecret(token));
    },
    async endSession(token: string) {
      const hash = hashSecret(token);
      if (findSession(hash) !== undefined) await withPatience(() => deleteSession.run(hash));
    },
  };
}

function principal(row: unknown): Principal | undefined {
  const found = row as Row<Principal>;
  return found && { user: found.user, role: found.role };
}
