import { makeSessions, type Sessions, type SqlServerLocation, withRetries } from '@scorpiox/shared/database/sqlserver';
import { READ_SESSIONS } from '../../limits.ts';
import { type Store, StoreUnavailable } from '../port.ts';
import { purge } from './purge.ts';
import { summarizeApps } from './read-apps.ts';
import { readHealth } from './read-health.ts';
import { SubmissionWriter, type WriterOptions } from './write-submissions.ts';

/**
 * The store on a SQL Server whose database has its schema (`openControl` sees to that): one session that writes, a few
 * that read. Several processes may use the same database.
 */
export function openSqlServerStore(location: SqlServerLocation, warn: (message: string) => void): Store {
  return makeSqlServerStore({
    sessions: makeSessions(location, { size: 1 }),
    readers: makeSessions(location, { size: READ_SESSIONS }),
    watcher: makeSessions(location, { size: 1 }),
    warn,
  });
}

/** The same over given sessions. */
export function makeSqlServerStore(
  options: WriterOptions & { readonly readers: Sessions; readonly watcher: Sessions },
): Store {
  const { sessions, readers, watcher, pause } = options;
  const writer = new SubmissionWriter(options);
  const asked = async <T>(question: () => Promise<T>): Promise<T> => {
    try {
      return await withRetries(question, pause);
    } catch (error) {
      throw new StoreUnavailable(error instanceof Error ? error.message : String(error));
    }
  };
  return {
    write: (submissions) => writer.write(submissions),
    summarizeApps: (span) => asked(() => summarizeApps(readers.run, span)),
    health: () => asked(() => readHealth(watcher.run, writer.deduplication)),
    purge: (request) => asked(() => purge(watcher.run, request)),
    // A server that is gone may come back: this store never stops for good.
    failed: new Promise(() => {}),
    async close() {
      await writer.drain();
      await Promise.all([sessions.close(), readers.close(), watcher.close()]);
    },
  };
}
