import { stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Row } from '@scorpiox/shared/database/console';
import { tellBytes } from '../../../amounts.ts';
import { systemErrorCode } from '../../../failure.ts';
import { shellWord } from '../../../shell-word.ts';
import { number, text } from '../../dialect/rows.ts';
import { type Holder, holdersOf } from '../../holders/holders.ts';
import { diskFinding } from '../disk.ts';
import { FREE_PAGES, WAL_LARGE_BYTES } from '../limits.ts';
import { type Asked, NotTold, type Probe, rowsOf } from '../probe.ts';
import { type Found, found, less, type Told } from '../report.ts';
import { FILE } from './statements.ts';

export const files: Probe = {
  section: 'files',
  look: async ({ db, file = '' }) => {
    const [row] = await rowsOf(db, { text: FILE });
    if (row === undefined) throw new NotTold('the file tells nothing of itself');
    return tellFile(file, row, await bytesOf(`${file}-wal`));
  },
};

export const log: Probe = {
  section: 'log',
  look: async ({ file = '' }) => tellWal(await bytesOf(`${file}-wal`), (await holdersOf(file)) ?? []),
};

export const disk: Probe = {
  section: 'disk',
  look: async ({ file = '' }) => {
    const { bavail, blocks, bsize } = await statfs(dirname(file));
    return tellDisk(dirname(file), bavail * bsize, blocks * bsize);
  },
};

export const processes: Probe = {
  section: 'sessions',
  look: async ({ file = '' }) => tellHolders(await holders(file)),
};

async function holders(file: string): Promise<readonly Holder[]> {
  const found = await holdersOf(file);
  if (found === undefined) throw new NotTold('this system does not tell who has a file open');
  return found;
}

/** Undefined where there is none. */
async function bytesOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw new NotTold(`${file} cannot be looked at (${systemErrorCode(error) ?? String(error)})`);
  }
}

/** Bytes that a growing file may still have: those of its disk. */
export async function roomOf({ file = '' }: Asked): Promise<{ readonly bytes: number; readonly of: string }> {
  const { bavail, bsize } = await statfs(dirname(file));
  return { bytes: bavail * bsize, of: 'the disk' };
}

export function tellFile(file: string, row: Row, walBytes: number | undefined): Told {
  const pageSize = number(row, 'page_size');
  const bytes = number(row, 'page_count') * pageSize;
  const free = number(row, 'free_pages') * pageSize;
  const mode = text(row, 'journal_mode');
  return {
    summary: `${tellBytes(bytes)}, ${tellBytes(free)} of it free; journal mode ${mode}; synchronous is each program's own (the API's: FULL)`,
    facts: {
      file,
      bytes,
      freeBytes: free,
      walBytes: walBytes ?? null,
      pageSize,
      journalMode: mode,
      version: text(row, 'version'),
    },
    findings: [...notWal(file, mode), ...freePages(file, bytes, free)],
    measures: [{ measure: 'bytes of the file', value: bytes, better: 'neither' }],
  };
}

function notWal(file: string, mode: string): readonly Found[] {
  if (mode === 'wal') return [];
  const message = `Who writes waits for who reads, and the other way round: the journal mode is ${mode}.`;
  const mend = `sqlite3 ${shellWord(file)} 'PRAGMA journal_mode = WAL' # while nobody has it open`;
  return [found('note', 'not-wal', '', message, { evidence: `journal_mode ${mode}`, mend })];
}

function freePages(file: string, bytes: number, free: number): readonly Found[] {
  if (free < FREE_PAGES.bytes || free < bytes * FREE_PAGES.share) return [];
  return [
    found(
      'note',
      'free-pages',
      '',
      'A good part of the file is free: new rows will use it, the disk does not get it back.',
      {
        evidence: `${tellBytes(free)} of ${tellBytes(bytes)}`,
        mend: `sqlite3 ${shellWord(file)} VACUUM # takes as much room again meanwhile`,
      },
    ),
  ];
}

export function tellWal(walBytes: number | undefined, holders: readonly Holder[]): Told {
  if (walBytes === undefined) return { summary: 'no write-ahead log' };
  const readers = holders.filter(({ reads }) => reads);
  const named = readers.map(({ pid, command }) => `${pid} ${command}`).join('; ');
  const evidence = `${tellBytes(walBytes)}; reading now: ${named === '' ? 'nobody that can be seen from here' : named}`;
  const message = 'The write-ahead log is large: it begins anew only when nobody reads what is in it.';
  return {
    summary: `${tellBytes(walBytes)} of write-ahead log`,
    facts: { walBytes, readers: readers.length },
    findings:
      walBytes < WAL_LARGE_BYTES
        ? []
        : [found('warning', 'wal-large', '', message, { evidence, mend: 'scorpiox db top' })],
    measures: [less('bytes of the write-ahead log', walBytes)],
  };
}

const tellDisk = (folder: string, free: number, bytes: number): Told => ({
  summary: `${tellBytes(free)} of ${tellBytes(bytes)} free`,
  facts: { freeBytes: free, bytes },
  findings: diskFinding(folder, free, bytes),
});

function tellHolders(holders: readonly Holder[]): Told {
  const reading = holders.filter(({ reads }) => reads).length;
  const writing = holders.filter(({ writes }) => writes).length;
  return {
    summary: `${holders.length} other process${holders.length === 1 ? '' : 'es'} with the file open, ${reading} reading, ${writing} writing`,
    facts: { processes: holders.length, reading, writing },
    rows: holders.map((holder) => ({ ...holder })),
  };
}
