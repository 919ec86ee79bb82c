import type { Row } from '@scorpiox/shared/database/console';
import { number, text } from '../../dialect/rows.ts';
import { readLookFirst } from '../look-first.ts';
import { isOurs, makeUnique } from '../mends.ts';
import { type Probe, rowsOf } from '../probe.ts';
import { found, less, type Told } from '../report.ts';
import { shortened } from './queries.ts';
import { LOOK_FIRST } from './statements.ts';

export const inserts: Probe = {
  section: 'inserts',
  look: async ({ db }) => tellInserts(await rowsOf(db, { text: LOOK_FIRST })),
};

/** Inserts that look first whether the row is there, by table. */
function tellInserts(all: readonly Row[]): Told {
  const read = all.flatMap((row) => {
    const looks = readLookFirst(text(row, 'batch'));
    // Our own statements look first only where the server has no IGNORE_DUP_KEY, and under a lock (docs/sql-server.md).
    if (looks === undefined || isOurs(looks.table)) return [];
    return [{ ...looks, runs: number(row, 'runs'), reads: number(row, 'logical_reads'), batch: text(row, 'batch') }];
  });
  const rows = [...Map.groupBy(read, ({ table }) => table.toLowerCase()).values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    return [
      {
        table: first.table,
        key: first.key.join(','),
        // A batch has a plan for its condition and one for its insert: each ran as often as the batch, or less.
        runs: Math.max(...group.map(({ runs }) => runs)),
        reads: group.reduce((sum, { reads }) => sum + reads, 0),
        statement: first.batch.replace(/\s+/g, ' ').trim(),
      },
    ];
  });
  return {
    summary:
      rows.length === 0
        ? 'none that looks first whether a row is there'
        : `${rows.length} table${rows.length === 1 ? '' : 's'} filled by IF NOT EXISTS … INSERT`,
    facts: { tables: rows.length },
    rows,
    findings: rows.map(({ table, key, runs, reads, statement }) => {
      const message = `Each insert into ${table} first looks whether the row is there, and two at once both find it is not: ${shortened(statement)}`;
      return found('fault', 'insert-looks-first', table, message, {
        evidence: `${runs.toLocaleString('en')} runs, ${Math.round(reads / Math.max(1, runs)).toLocaleString('en')} pages read for each`,
        mend: key === '' ? makeUnique('sqlserver', table) : makeUnique('sqlserver', table, key),
      });
    }),
    measures: [less('tables whose inserts look first', rows.length)],
  };
}
