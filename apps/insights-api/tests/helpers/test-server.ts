import { randomBytes } from 'node:crypto';
import { loadConfig } from '@scorpiox/shared/config';
import { makeSessions, type SqlServerLocation } from '@scorpiox/shared/database/sqlserver';

/** The server that `SCORPIOX_TEST_MSSQL` names, as mssql://user:password@host:port/database. */
const url = process.env.SCORPIOX_TEST_MSSQL;

/** Why a suite that needs the server is left out, if it is. */
export const SKIP = url === undefined ? 'skipped: SCORPIOX_TEST_MSSQL names no SQL Server' : undefined;

/** A database of its own on that server; nothing that is there already is touched. */
export async function makeTestDatabase(): Promise<{
  readonly location: SqlServerLocation;
  drop(): Promise<void>;
}> {
  const config = loadConfig({ flags: {}, env: { SCORPIOX_INSIGHTS_DATABASE: url ?? '' } });
  const there = config.ok ? config.value.insights.database : undefined;
  if (there?.kind !== 'mssql') throw new Error('SCORPIOX_TEST_MSSQL must be mssql://user:password@host:port/database');
  const database = `scorpiox_test_${randomBytes(6).toString('hex')}`;
  const sessions = makeSessions(there, { size: 1 });
  await sessions.run({ text: `CREATE DATABASE [${database}];` });
  return {
    location: { ...there, database },
    async drop() {
      // A session that was just closed may still be on its way out of it. Not every server that speaks TDS knows this.
      const alone = `ALTER DATABASE [${database}] SET SINGLE_USER WITH ROLLBACK IMMEDIATE;`;
      await sessions.run({ text: alone }).catch(() => undefined);
      await sessions.run({ text: `DROP DATABASE [${database}];` });
      await sessions.close();
    },
  };
}
