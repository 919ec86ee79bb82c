import type { DatabaseSync } from 'node:sqlite';
import type { ProcessNote } from '../control.ts';
import { inTransaction } from './connection.ts';
import { withPatience } from './patience.ts';

/** Processes of the API on the embedded database. */
export function processMethods(db: DatabaseSync) {
  const note = db.prepare(
    'INSERT INTO api_processes (name, seen_at) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET seen_at = excluded.seen_at',
  );
  const forget = db.prepare('DELETE FROM api_processes WHERE seen_at < ?');
  const remove = db.prepare('DELETE FROM api_processes WHERE name = ?');
  const select = db.prepare('SELECT name FROM api_processes ORDER BY name');
  return {
    noteProcess: ({ name, at }: ProcessNote, forgetBefore: number): Promise<readonly string[]> =>
      withPatience(() =>
        inTransaction(db, () => {
          note.run(name, at);
          forget.run(forgetBefore);
          return select.all().map((row) => String(row.name));
        }),
      ),
    async removeProcess(name: string) {
      await withPatience(() => remove.run(name));
    },
  };
}
