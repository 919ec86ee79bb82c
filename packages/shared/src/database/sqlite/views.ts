import type { DatabaseSync } from 'node:sqlite';
import type { ViewRecord } from '../views.ts';
import { inTransaction } from './connection.ts';
import { withPatience } from './patience.ts';

/** Saved views on the embedded database. */
export function viewMethods(db: DatabaseSync) {
  const select = db.prepare('SELECT id, owner, changed_at AS changedAt, body FROM views ORDER BY id');
  const count = db.prepare('SELECT count(*) AS count FROM views WHERE id <> ?');
  const put = db.prepare(`INSERT INTO views (id, owner, changed_at, body) VALUES (?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET changed_at = excluded.changed_at, body = excluded.body`);
  const remove = db.prepare('DELETE FROM views WHERE id = ?');
  return {
    async views(): Promise<readonly ViewRecord[]> {
      // Typed by the schema: a STRICT table, NOT NULL.
      return select.all() as unknown as ViewRecord[];
    },
    putView: ({ id, owner, changedAt, body }: ViewRecord, most: number): Promise<boolean> =>
      withPatience(() =>
        inTransaction(db, () => {
          if (Number(count.get(id)?.count) >= most) return false;
          put.run(id, owner, changedAt, body);
          return true;
        }),
      ),
    removeView: async (id: string): Promise<boolean> =>
      Number((await withPatience(() => remove.run(id))).changes) === 1,
  };
}
