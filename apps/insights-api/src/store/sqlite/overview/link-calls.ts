import type { DatabaseSync } from 'node:sqlite';
import { inTransaction } from '@scorpiox/shared/database';
import { LINK_ENDS, LINK_KEPT_MS, LINK_ROWS } from '../../../limits.ts';
import { Linker } from '../../../rollup/overview/linker.ts';
import { drive } from '../../overview/drive.ts';
import { type CallLink, linkRows } from '../../overview/link.ts';
import { makeWriteSteps } from './write.ts';

// The casts below rest on the schema: STRICT tables, NOT NULL columns.
type EndsRow = CallLink;

/** Makes the function that puts ends of calls together, a bounded number of rows; it gives how many it took. */
export function makeCallLinker(db: DatabaseSync, now: () => number): () => number {
  const readLinked = db.prepare('SELECT seq FROM call_ends_linked');
  const writeLinked = db.prepare('UPDATE call_ends_linked SET seq = ?');
  const readRows = db.prepare('SELECT seq, ends FROM call_ends WHERE seq > ? ORDER BY seq LIMIT ?');
  const newest = db.prepare('SELECT max(seq) AS seq FROM call_ends');
  const removeOld = db.prepare('DELETE FROM call_ends WHERE seq <= ? AND stored_at < ?');
  const step = makeWriteSteps(db, now);
  let linker = new Linker(LINK_ENDS);
  let taken = 0;

  const link = (): number => {
    const { seq: linked } = readLinked.get() as { seq: number };
    const rows = readRows.all(taken, LINK_ROWS) as unknown as EndsRow[];
    const last = rows.at(-1)?.seq ?? taken;
    drive(linkRows(linker, rows, linked), step);
    if (last > linked) writeLinked.run(last);
    removeOld.run(Math.max(last, linked), now() - LINK_KEPT_MS);
    taken = last;
    return rows.length;
  };
  return () => {
    // Who has nothing to do takes no lock.
    if (Number(newest.get()?.seq ?? 0) <= taken) return 0;
    try {
      return inTransaction(db, link);
    } catch (error) {
      // What it remembers may not be what is committed: it begins anew with the rows that are kept.
      linker = new Linker(LINK_ENDS);
      taken = 0;
      throw error;
    }
  };
}
