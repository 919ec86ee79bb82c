import type { Row } from '@scorpiox/shared/database/console';
import { tellBytes } from '../../../amounts.ts';
import { number, optionalNumber, optionalText, text } from '../../dialect/rows.ts';
import { NOT_NOTED, tellGrowth } from '../growth.ts';
import { EXPRESS, GROWTH_SPAN_MS, LIMIT_SHARE } from '../limits.ts';
import { NotTold, ourRows, type Probe, rowsOf } from '../probe.ts';
import { found, type Told } from '../report.ts';
import { FILES, SERVER, SIZE_SAMPLES, VOLUMES } from './statements.ts';

export const server: Probe = {
  section: 'server',
  look: async ({ db }) => {
    const [row] = await rowsOf(db, { text: SERVER });
    if (row === undefined) throw new NotTold('not told: it does not say what it is');
    return tellServer(row, await dataBytes(db));
  },
};

export const growth: Probe = {
  section: 'growth',
  look: async ({ db, now }) => {
    const statement = { text: SIZE_SAMPLES, parameters: { since: now - GROWTH_SPAN_MS } };
    const samples = await ourRows(() => rowsOf(db, statement), NOT_NOTED);
    const [volume] = await rowsOf(db, { text: VOLUMES });
    const room =
      volume === undefined ? undefined : { bytes: number(volume, 'available_bytes'), of: text(volume, 'volume') };
    return tellGrowth(
      samples.map((row) => ({ at: number(row, 'at'), bytes: number(row, 'bytes') })),
      room,
    );
  },
};

/** Bytes of the data files, whose sum an Express edition limits; a server that does not tell has none. */
async function dataBytes(db: Parameters<Probe['look']>[0]['db']): Promise<number> {
  const files = await rowsOf(db, { text: FILES }).catch(() => []);
  return files.filter((row) => row.type_desc === 'ROWS').reduce((sum, row) => sum + number(row, 'bytes'), 0);
}

const EXPRESS_EDITION = 4;

export function tellServer(row: Row, bytes: number): Told {
  const version = text(row, 'version');
  const edition = text(row, 'edition');
  const isBabelfish = optionalNumber(row, 'babelfish') === 1;
  const limit = Number.parseInt(version, 10) >= 17 ? EXPRESS.bytes : EXPRESS.bytesBefore17;
  const isExpress = !isBabelfish && number(row, 'engine_edition') === EXPRESS_EDITION;
  const limits = `${tellBytes(limit)} a database, ${EXPRESS.cores} cores, ${EXPRESS.bufferMb.toLocaleString('en')} MB of buffers, no Agent`;
  const share = bytes / limit;
  return {
    summary: isBabelfish
      ? `Babelfish ${version}: not a SQL Server, and tells less`
      : `${edition} ${version}${isExpress ? `: ${limits}` : ''}`,
    facts: {
      version,
      edition,
      isExpress,
      isBabelfish,
      database: optionalText(row, 'database_name') ?? null,
      dataBytes: bytes,
    },
    findings:
      isExpress && share >= LIMIT_SHARE.warning
        ? [
            found(
              share >= LIMIT_SHARE.fault ? 'fault' : 'warning',
              'edition-limit',
              '',
              'The database has nearly reached what the Express edition allows.',
              {
                evidence: `${tellBytes(bytes)} of ${tellBytes(limit)}`,
                mend: 'scorpiox app retention NAME DAYS; scorpiox db migrate --to DATABASE',
              },
            ),
          ]
        : [],
  };
}
