import { err, ok, type Result } from '../../result.ts';
import type { DatabaseError } from '../errors.ts';
import { MIGRATION_REQUEST_MS } from '../limits.ts';
import { whyTooNew } from '../move-marks.ts';
import { SqlServerError } from './errors.ts';
import { type MigrationOptions, migrate, readVersion } from './migrate.ts';
import { MIGRATIONS } from './schema.ts';
import { makeSessions, type SessionOptions, type SqlServerLocation } from './sessions.ts';
import type { Sessions } from './statement.ts';

/** `connectTimeoutMs` is replaced by tests. */
export interface BringUpOptions extends MigrationOptions {
  readonly connectTimeoutMs?: number;
}

/** Whether an older program has left the database. Errors: `cannot-open`. */
export function isServerBehind(location: SqlServerLocation): Promise<Result<boolean, DatabaseError>> {
  return withSession(location, {}, async (sessions) => {
    const version = await readVersion(sessions.run);
    return ok(version > 0 && version < (MIGRATIONS.at(-1)?.version ?? 0));
  });
}

/**
 * Brings the database to this program's version. Each step is a transaction: whatever ends it in between leaves the
 * steps that were done, and the next start goes on after them. Errors: `cannot-open`, `schema-too-new`.
 */
export function bringServerUp(
  location: SqlServerLocation,
  now: () => number,
  { connectTimeoutMs, ...options }: BringUpOptions = {},
): Promise<Result<void, DatabaseError>> {
  const connect = connectTimeoutMs === undefined ? {} : { connectTimeoutMs };
  return withSession(location, { requestTimeoutMs: MIGRATION_REQUEST_MS, ...connect }, async (sessions) => {
    const outcome = await migrate(sessions, MIGRATIONS, now, options);
    if (outcome.kind === 'current') return ok(undefined);
    const name = `The database ${location.database} on ${placeOf(location)}`;
    return err({ code: 'schema-too-new', message: whyTooNew(name, outcome.version) });
  });
}

async function withSession<T>(
  location: SqlServerLocation,
  timeouts: Omit<SessionOptions, 'size'>,
  work: (sessions: Sessions) => Promise<Result<T, DatabaseError>>,
): Promise<Result<T, DatabaseError>> {
  const sessions = makeSessions(location, { size: 1, ...timeouts });
  try {
    return await work(sessions);
  } catch (error) {
    if (!(error instanceof SqlServerError)) throw error;
    const reason = error.message.replace(/[.\s]+$/, '');
    return err({
      code: 'cannot-open',
      message: `The database ${location.database} on ${placeOf(location)}, which insights.database names, cannot be used: ${reason}.`,
    });
  } finally {
    await sessions.close();
  }
}

const placeOf = ({ host, port }: SqlServerLocation): string => `the SQL Server at ${host}:${port}`;
