import type { DatabaseSync } from 'node:sqlite';
import type { Role } from '../../contract/session.ts';
import { err, ok, type Result } from '../../result.ts';
import type { Principal, TokenRecord } from '../control.ts';
import type { DatabaseError } from '../errors.ts';
import { checkName } from '../names.ts';
import { hashSecret, newSecret } from '../secrets.ts';
import { noSuchToken } from '../settings.ts';
import { withPatience } from './patience.ts';

// Columns below are typed by the schema (STRICT tables, NOT NULL, CHECK), which is the guarantee behind each cast.

/** API tokens on the embedded database. */
export function tokenMethods(db: DatabaseSync, now: () => number) {
  const insert = db.prepare(
    'INSERT INTO tokens (hash, name, role, created_at) VALUES (?, ?, ?, ?) ON CONFLICT (name) DO NOTHING',
  );
  const select = db.prepare('SELECT name AS user, role FROM tokens WHERE hash = ?');
  const selectAll = db.prepare('SELECT name, role, created_at AS createdAt FROM tokens ORDER BY name');
  const remove = db.prepare('DELETE FROM tokens WHERE name = ?');
  return {
    async addToken(name: string, role: Role) {
      const checked = checkName('token', name);
      if (!checked.ok) return checked;
      const token = newSecret('sxt_');
      const { changes } = await withPatience(() => insert.run(hashSecret(token), name, role, now()));
      if (Number(changes) === 1) return ok({ name, token });
      return err<DatabaseError>({ code: 'exists', message: `There is a token named ${name} already.` });
    },
    async findToken(token: string): Promise<Principal | undefined> {
      const row = select.get(hashSecret(token)) as unknown as Principal | undefined;
      return row && { user: row.user, role: row.role };
    },
    async tokens(): Promise<readonly TokenRecord[]> {
      return (selectAll.all() as unknown as TokenRecord[]).map(({ name, role, createdAt }) => ({
        name,
        role,
        createdAt,
      }));
    },
    async revokeToken(name: string): Promise<Result<void, DatabaseError>> {
      const { changes } = await withPatience(() => remove.run(name));
      return Number(changes) === 1 ? ok(undefined) : noSuchToken(name);
    },
  };
}
