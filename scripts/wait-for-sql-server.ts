// Waits until the server that SCORPIOX_TEST_MSSQL names takes log-ins, and prints its version. For continuous integration.
import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig } from '../packages/shared/src/config/index.ts';
import { makeSessions, SqlServerError, text } from '../packages/shared/src/database/sqlserver/index.ts';

/** A new server makes its system databases first: half a minute, on a busy machine several times that. */
const ATTEMPTS = 60;
const PAUSE_MS = 5000;

const config = loadConfig({ flags: {}, env: { SCORPIOX_INSIGHTS_DATABASE: process.env.SCORPIOX_TEST_MSSQL ?? '' } });
const location = config.ok ? config.value.insights.database : undefined;
if (location?.kind !== 'mssql') throw new Error('SCORPIOX_TEST_MSSQL must be mssql://user:password@host:port/database');

const sessions = makeSessions(location, { size: 1 });
for (let attempt = 1; ; attempt += 1) {
  try {
    const [rows] = await sessions.run({ text: 'SELECT CAST(@@VERSION AS nvarchar(400)) AS [version];' });
    if (rows?.[0] !== undefined) process.stdout.write(`${text(rows[0], 'version')}\n`);
    break;
  } catch (error) {
    if (!(error instanceof SqlServerError) || attempt >= ATTEMPTS) throw error;
    await sleep(PAUSE_MS);
  }
}
await sessions.close();
