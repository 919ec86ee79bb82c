import type { Row } from '@scorpiox/shared/database/console';
import { number, optionalText, text } from '../../dialect/rows.ts';
import { SCAN_READS, SCAN_RUNS } from '../limits.ts';
import { type Probe, rowsOf } from '../probe.ts';
import { type Found, found, less, type Told } from '../report.ts';
import { EXPENSIVE } from './statements.ts';

export const scans: Probe = {
  section: 'statements',
  look: async ({ db }) => tellStatements(await rowsOf(db, { text: EXPENSIVE })),
};

interface Statement {
  readonly queryHash: string;
  readonly runs: number;
  readonly cpuMs: number;
  readonly readsEach: number;
  /** The table that its plan reads from end to end. */
  readonly scans: string | null;
  readonly statement: string;
}

/** What this tool and the server's own views cost is nobody's trouble. */
const OWN = /\bsys\.(dm_|databases|objects|indexes|configurations|partitions)|STRING_AGG/i;

/** The statements that cost most processor time, and which of them scan. */
function tellStatements(all: readonly Row[]): Told {
  const rows = all.map(toStatement).filter(({ statement }) => !OWN.test(statement));
  const scanning = rows.filter(({ scans: table }) => table !== null);
  const [most] = rows;
  return {
    summary:
      most === undefined
        ? 'none noted'
        : `${scanning.length} of the ${rows.length} most expensive read a table or an index from end to end`,
    facts: { statements: rows.length, scanning: scanning.length },
    rows: rows.map((row) => ({ ...row })),
    findings: scanning.flatMap(toFinding),
    measures: [less('expensive statements that scan', scanning.filter(isWorth).length)],
  };
}

function toStatement(row: Row): Statement {
  const runs = number(row, 'runs');
  return {
    queryHash: text(row, 'query_hash'),
    runs,
    cpuMs: number(row, 'cpu_ms'),
    readsEach: runs === 0 ? 0 : Math.round(number(row, 'logical_reads') / runs),
    scans: optionalText(row, 'scanned_table')?.replace(/^\[|\]$/g, '') ?? null,
    statement: (optionalText(row, 'statement') ?? '').replace(/\s+/g, ' ').trim(),
  };
}

const isWorth = ({ runs, readsEach }: Statement): boolean => runs >= SCAN_RUNS && readsEach >= SCAN_READS;

function toFinding(one: Statement): readonly Found[] {
  if (!isWorth(one)) return [];
  const { queryHash, scans: table, runs, readsEach, cpuMs, statement } = one;
  const message = `A statement reads ${table} from end to end each time: ${shortened(statement)}`;
  const evidence = `${runs.toLocaleString('en')} runs of ${readsEach.toLocaleString('en')} pages each, ${cpuMs.toLocaleString('en')} ms of processor time`;
  return [
    found('warning', 'scan', queryHash, message, {
      evidence,
      mend: `Make an index on what it compares in ${table}; a unique one (scorpiox db unique) where that names a row.`,
    }),
  ];
}

/** Characters of a statement in a sentence. */
const SHOWN = 120;
export const shortened = (statement: string): string =>
  statement.length > SHOWN ? `${statement.slice(0, SHOWN - 1)}…` : statement;
