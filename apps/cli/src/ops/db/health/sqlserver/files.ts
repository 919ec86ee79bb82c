import type { Row } from '@scorpiox/shared/database/console';
import { tellBytes } from '../../../amounts.ts';
import { flag, number, optionalNumber, optionalText, text } from '../../dialect/rows.ts';
import { diskFinding } from '../disk.ts';
import { LIMIT_SHARE, LOG_PERCENT } from '../limits.ts';
import { NotTold, type Probe, rowsOf } from '../probe.ts';
import { type Found, found, less, type Told } from '../report.ts';
import { DATABASE, FILES, LOG, VOLUMES } from './statements.ts';

export const files: Probe = {
  section: 'files',
  look: async ({ db }) => tellFiles(await rowsOf(db, { text: FILES })),
};

export const log: Probe = {
  section: 'log',
  look: async ({ db }) => {
    const [[used], [database]] = [await rowsOf(db, { text: LOG }), await rowsOf(db, { text: DATABASE })];
    if (used === undefined || database === undefined)
      throw new NotTold('not told: the server tells nothing of the log');
    return tellLog(used, database);
  },
};

export const disks: Probe = {
  section: 'disk',
  look: async ({ db }) => tellDisks(await rowsOf(db, { text: VOLUMES })),
};

export function tellFiles(all: readonly Row[]): Told {
  const rows = all.map((row) => ({
    file: text(row, 'name'),
    kind: text(row, 'type_desc'),
    bytes: number(row, 'bytes'),
    usedBytes: optionalNumber(row, 'used_bytes') ?? null,
    maxBytes: optionalNumber(row, 'max_bytes') ?? null,
    growth: flag(row, 'is_percent_growth') ? `${number(row, 'growth')} %` : tellBytes(number(row, 'growth')),
    isPercent: flag(row, 'is_percent_growth'),
  }));
  const bytes = rows.reduce((sum, row) => sum + row.bytes, 0);
  return {
    summary: `${rows.length} of ${tellBytes(bytes)}`,
    facts: { bytes },
    rows: rows.map(({ isPercent: _, ...row }) => row),
    findings: rows.flatMap((row): readonly Found[] => {
      const { file, growth } = row;
      const byPercent = row.isPercent
        ? [
            found(
              'note',
              'growth-by-percent',
              file,
              `${file} grows by ${growth} of itself: the larger it is, the longer everybody waits.`,
              {
                evidence: `${tellBytes(row.bytes)} now, growth ${growth}`,
                mend: `ALTER DATABASE CURRENT MODIFY FILE (NAME = N'${file.replaceAll("'", "''")}', FILEGROWTH = 64MB);`,
              },
            ),
          ]
        : [];
      return [...byPercent, ...nearlyFull(row)];
    }),
    measures: [{ measure: 'bytes of the files', value: bytes, better: 'neither' }],
  };
}

function nearlyFull(row: {
  readonly file: string;
  readonly bytes: number;
  readonly usedBytes: number | null;
  readonly maxBytes: number | null;
}): readonly Found[] {
  const { file, maxBytes } = row;
  const used = row.usedBytes ?? row.bytes;
  if (maxBytes === null || used < maxBytes * LIMIT_SHARE.warning) return [];
  const level = used >= maxBytes * LIMIT_SHARE.fault ? 'fault' : 'warning';
  return [
    found(level, 'file-nearly-full', file, `${file} has nearly reached the size that it may have.`, {
      evidence: `${tellBytes(used)} used of ${tellBytes(maxBytes)}`,
      mend: 'scorpiox app retention NAME DAYS, or let the file grow further (ALTER DATABASE … MODIFY FILE)',
    }),
  ];
}

export function tellLog(used: Row, database: Row): Told {
  const [bytes, inUse] = [number(used, 'bytes'), number(used, 'used_bytes')];
  const percent = bytes === 0 ? 0 : Math.round((inUse * 100) / bytes);
  const [recovery, waitsFor] = [
    text(database, 'recovery_model_desc'),
    optionalText(database, 'log_reuse_wait_desc') ?? 'NOTHING',
  ];
  const evidence = `${percent} % of ${tellBytes(bytes)} used; recovery ${recovery}; cannot be used again because of ${waitsFor}`;
  const filling =
    percent < LOG_PERCENT.warning
      ? []
      : [
          found(
            percent >= LOG_PERCENT.fault ? 'fault' : 'warning',
            'log-filling',
            '',
            `The log is ${percent} % full: when it is full, nobody can write.`,
            {
              evidence,
              mend: LOG_MENDS[waitsFor] ?? 'scorpiox db top',
            },
          ),
        ];
  return {
    summary: `${percent} % of ${tellBytes(bytes)} used${waitsFor === 'NOTHING' ? '' : `, held by ${waitsFor}`}`,
    facts: { bytes, usedBytes: inUse, usedPercent: percent, recovery, waitsFor },
    findings: waitsFor === 'LOG_BACKUP' ? [...filling, noBackup(evidence)] : filling,
    measures: [less('percent of the log used', percent)],
  };
}

/** By what keeps the log from being used again (sys.databases.log_reuse_wait_desc). */
const LOG_MENDS: Readonly<Record<string, string>> = {
  ACTIVE_TRANSACTION: 'scorpiox db blocking; scorpiox db kill SESSION',
  LOG_BACKUP: 'BACKUP LOG, or ALTER DATABASE CURRENT SET RECOVERY SIMPLE; where no log is kept',
};

const noBackup = (evidence: string): Found =>
  found('warning', 'log-without-backup', '', 'The log grows until it is backed up, which nobody has done since.', {
    evidence,
    mend: LOG_MENDS.LOG_BACKUP ?? '',
  });

function tellDisks(all: readonly Row[]): Told {
  const rows = all.map((row) => ({
    volume: text(row, 'volume'),
    bytes: number(row, 'total_bytes'),
    freeBytes: number(row, 'available_bytes'),
  }));
  return {
    summary: rows
      .map(({ volume, freeBytes, bytes }) => `${tellBytes(freeBytes)} of ${tellBytes(bytes)} free on ${volume}`)
      .join(', '),
    rows,
    findings: rows.flatMap(({ volume, bytes, freeBytes }) => diskFinding(volume, freeBytes, bytes)),
  };
}
