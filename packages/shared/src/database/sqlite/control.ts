import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Role } from '../../contract/session.ts';
import { err, ok, type Result } from '../../result.ts';
import type { AppKey, AppRecord, Control, Grant, Principal } from '../control.ts';
import type { DatabaseError } from '../errors.ts';
import { checkName } from '../names.ts';
import { hashSecret, newSecret } from '../secrets.ts';
import { inTransaction } from './connection.ts';
import { openInsightsDatabase } from './open.ts';

/** The control side on the embedded database. */
export function openSqliteControl(file: string, now: () => number): Result<Control, DatabaseError> {
  const opened = openInsightsDatabase(file, now);
  if (!opened.ok) return opened;
  const db = opened.value;
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
  const add = (name: string): AppKey | undefined =>
    inTransaction(db, () => {
      const row = insertApp.get(name, now()) as Row<{ id: number }>;
      if (row === undefined) return undefined;
      const key = randomUUID();
      insertKey.run(key, row.id, now());
      return { name, key };
    });

  return {
    async addApp(name: string): Promise<Result<AppKey, DatabaseError>> {
      const checked = checkName('application', name);
      if (!checked.ok) return checked;
      const added = add(name);
      return added ? ok(added) : exists(`There is an application named ${name} already.`);
    },
    async ensureApp(name: string): Promise<Result<AppKey, DatabaseError>> {
      const checked = checkName('application', name);
      if (!checked.ok) return checked;
      const there = (selectByName.get(name) as Row<AppKey>) ?? add(name) ?? (selectByName.get(name) as Row<AppKey>);
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
      const { changes } = insert.run(hashSecret(token), name, role, now());
      return Number(changes) === 1 ? ok({ name, token }) : exists(`There is a token named ${name} already.`);
    },
    async findToken(token: string): Promise<Principal | undefined> {
      return principal(select.get(hashSecret(token)));
    },
  };
}

function signInMethods(db: DatabaseSync, now: () => number) {
  const insertLink = db.prepare('INSERT INTO sign_in_links (hash, user, role, expires_at) VALUES (?, ?, ?, ?)');
  // Reading and removing in one statement is what makes a link work once, whoever else tries at the same moment.
  const takeLink = db.prepare('DELETE FROM sign_in_links WHERE hash = ? RETURNING user, role, expires_at');
  const purgeLinks = db.prepare('DELETE FROM sign_in_links WHERE expires_at <= ?');
  const insertSession = db.prepare('INSERT INTO sessions (hash, user, role, expires_at) VALUES (?, ?, ?, ?)');
  const selectSession = db.prepare('SELECT user, role FROM sessions WHERE hash = ? AND expires_at > ?');
  const deleteSession = db.prepare('DELETE FROM sessions WHERE hash = ?');
  const purgeSessions = db.prepare('DELETE FROM sessions WHERE expires_at <= ?');
  return {
    async addSignInLink({ user, role, ttlMs }: Grant) {
      const token = newSecret('sxl_');
      purgeLinks.run(now());
      insertLink.run(hashSecret(token), user, role, now() + ttlMs);
      return { token };
    },
    async useSignInLink(token: string): Promise<Principal | undefined> {
      const row = takeLink.get(hashSecret(token)) as Row<{ expires_at: number }>;
      return row !== undefined && row.expires_at > now() ? principal(row) : undefined;
    },
    async createSession({ user, role, ttlMs }: Grant) {
      const token = newSecret('sxs_');
      purgeSessions.run(now());
      insertSession.run(hashSecret(token), user, role, now() + ttlMs);
      return { token };
    },
    async findSession(token: string): Promise<Principal | undefined> {
      return principal(selectSession.get(hashSecret(token), now()));
    },
    async endSession(token: string) {
      deleteSession.run(hashSecret(token));
    },
  };
}

function principal(row: unknown): Principal | undefined {
  const found = row as Row<Principal>;
  return found && { user: found.user, role: found.role };
}
