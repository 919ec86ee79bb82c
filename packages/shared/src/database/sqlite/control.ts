import type { DatabaseSync } from 'node:sqlite';
import { ok, type Result } from '../../result.ts';
import type { Control, Grant, Principal } from '../control.ts';
import type { DatabaseError } from '../errors.ts';
import { CONTROL_BUSY_MS } from '../limits.ts';
import { hashSecret, newSecret } from '../secrets.ts';
import { alertTables } from './alerts.ts';
import { appMethods } from './apps.ts';
import { inTransaction } from './connection.ts';
import { keyMethods } from './keys.ts';
import { openInsightsDatabase } from './open.ts';
import { withPatience } from './patience.ts';
import { processMethods } from './processes.ts';
import { sizeMethods } from './sizes.ts';
import { tokenMethods } from './tokens.ts';
import { viewMethods } from './views.ts';

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
    ...keyMethods(db, now),
    ...tokenMethods(db, now),
    ...signInMethods(db, now),
    ...sizeMethods(db),
    ...processMethods(db),
    ...viewMethods(db),
    alerts: alertTables(db, now),
    close: async () => db.close(),
  });
}

// Columns below are typed by the schema (STRICT tables, NOT NULL, CHECK), which is the guarantee behind each cast.
type Row<T> = T | undefined;

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
  const deleteSessionsOf = db.prepare('DELETE FROM sessions WHERE user = ? AND hash <> ?');
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
    async endSessionsOf(user: string, except = '') {
      await withPatience(() => deleteSessionsOf.run(user, hashSecret(except)));
    },
  };
}

function principal(row: unknown): Principal | undefined {
  const found = row as Row<Principal>;
  return found && { user: found.user, role: found.role };
}
