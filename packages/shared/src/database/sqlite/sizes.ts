import type { DatabaseSync } from 'node:sqlite';
import type { SizeSample } from '../control.ts';
import { inTransaction } from './connection.ts';
import { withPatience } from './patience.ts';

/** Sizes of the embedded database over time. */
export function sizeMethods(db: DatabaseSync) {
  const insert = db.prepare('INSERT INTO size_samples (at, bytes) VALUES (?, ?) ON CONFLICT DO NOTHING');
  const forget = db.prepare('DELETE FROM size_samples WHERE at < ?');
  const select = db.prepare('SELECT at, bytes FROM size_samples WHERE at >= ? ORDER BY at');
  return {
    async noteSize({ at, bytes }: SizeSample, forgetBefore: number) {
      await withPatience(() =>
        inTransaction(db, () => {
          insert.run(at, bytes);
          forget.run(forgetBefore);
        }),
      );
    },
    async sizes(since: number): Promise<readonly SizeSample[]> {
      // The table is STRICT and its columns are NOT NULL.
      return (select.all(since) as unknown as SizeSample[]).map(({ at, bytes }) => ({ at, bytes }));
    },
  };
}
