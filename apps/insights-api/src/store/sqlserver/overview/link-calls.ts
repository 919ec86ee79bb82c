import { number, type Run, type Sessions, takeLock } from '@scorpiox/shared/database/sqlserver';
import { LINK_ENDS, LINK_KEPT_MS, LINK_ROWS } from '../../../limits.ts';
import { Linker } from '../../../rollup/overview/linker.ts';
import { driveSlowly } from '../../overview/drive.ts';
import { type CallLink, linkRows } from '../../overview/link.ts';
import { runWriteStep } from './write.ts';

/** Up to which ends of calls are put together, and what comes after @taken. */
export const READ_ENDS = `
SELECT seq FROM dbo.scorpiox_call_ends_linked WHERE id = 1;
SELECT TOP (${LINK_ROWS}) seq, ends FROM dbo.scorpiox_call_ends WHERE seq > @taken ORDER BY seq;`;

/** Notes how far they are; those that nobody needs any more go. */
export const WRITE_LINKED = `
UPDATE dbo.scorpiox_call_ends_linked SET seq = @linked WHERE id = 1;
DELETE FROM dbo.scorpiox_call_ends WHERE seq <= @linked AND stored_at < @before;`;

/** Whether there is anything to do: who has nothing takes no lock. */
export const READ_NEWEST_ENDS = `SELECT MAX(seq) AS seq FROM dbo.scorpiox_call_ends;`;

/** Makes the function that puts ends of calls together, a bounded number of rows; it gives how many it took. */
export function makeCallLinker(sessions: Sessions, now: () => number): () => Promise<number> {
  let linker = new Linker(LINK_ENDS);
  let taken = 0;
  const link = async (run: Run): Promise<{ readonly last: number; readonly rows: number }> => {
    await takeLock(run, 'scorpiox_write');
    const [marks, found = []] = await run({ text: READ_ENDS, parameters: { taken: ['bigint', taken] } });
    const linked = marks?.[0] === undefined ? 0 : number(marks[0], 'seq');
    const rows = found.map((row): CallLink => {
      const { ends } = row;
      if (!(ends instanceof Uint8Array)) throw new TypeError('column ends holds no bytes');
      return { seq: number(row, 'seq'), ends };
    });
    const last = rows.at(-1)?.seq ?? taken;
    await driveSlowly(linkRows(linker, rows, linked), (step) => runWriteStep(run, step));
    const parameters = {
      linked: ['bigint', Math.max(last, linked)],
      before: ['bigint', now() - LINK_KEPT_MS],
    } as const;
    await run({ text: WRITE_LINKED, parameters });
    return { last, rows: rows.length };
  };
  return async () => {
    const [newest] = await sessions.run({ text: READ_NEWEST_ENDS });
    const last = newest?.[0]?.seq;
    if (last === null || last === undefined || Number(last) <= taken) return 0;
    try {
      const done = await sessions.transaction(link);
      taken = done.last;
      return done.rows;
    } catch (error) {
      // What it remembers may not be what is committed: it begins anew with the rows that are kept.
      linker = new Linker(LINK_ENDS);
      taken = 0;
      throw error;
    }
  };
}
