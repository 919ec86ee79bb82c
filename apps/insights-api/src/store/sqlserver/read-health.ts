import { optionalNumber, type Run, SqlServerError } from '@scorpiox/shared/database/sqlserver';
import type { StoreHealth } from '../port.ts';
import { type Deduplication, readDeduplication } from './insert-events.ts';
import { READ_COUNTERS, toAppsWithCounters } from './read-counters.ts';

/** Files come in pages of 8 KiB. */
export const READ_SIZE = `SELECT SUM(CAST(size AS bigint)) * 8192 AS bytes FROM sys.database_files;`;

/** The size of the database and the counters of every application. `deduplication`: what the writer has found, if it has. */
export async function readHealth(run: Run, deduplication: Deduplication | undefined): Promise<StoreHealth> {
  const apps = toAppsWithCounters(await run({ text: READ_COUNTERS }));
  return {
    bytes: await readSize(run),
    deduplication: deduplication ?? (await readDeduplication(run)),
    apps: apps.map(({ name, counters }) => ({ name, counters })),
  };
}

/** 0 where the server does not tell. */
async function readSize(run: Run): Promise<number> {
  try {
    const [rows] = await run({ text: READ_SIZE });
    return rows?.[0] === undefined ? 0 : (optionalNumber(rows[0], 'bytes') ?? 0);
  } catch (error) {
    if (error instanceof SqlServerError && error.kind === 'unavailable') return 0;
    throw error;
  }
}
