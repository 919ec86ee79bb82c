import { makeSessions, type Sessions, type SqlServerLocation } from '@scorpiox/shared/database/sqlserver';
import { READ_SESSIONS } from '../../limits.ts';
import { RAW_SESSIONS, RAW_TIMEOUT_MS } from '../../query/raw/limits.ts';
import type { Store } from '../port.ts';
import type { WriterOptions } from './event-transactions.ts';
import { makeQuestions } from './questions.ts';
import { SubmissionWriter } from './write-submissions.ts';

/**
 * The store on a SQL Server whose database has its schema (`openControl` sees to that), without a spool: a write is
 * answered when the server has committed it. One session that writes, a few that read. Several processes may use the
 * same database. The API writes through the spool instead; what reads and repeats by itself, as an import, writes here.
 */
export function openSqlServerStore(location: SqlServerLocation, warn: (message: string) => void): Store {
  return makeSqlServerStore({
    sessions: makeSessions(location, { size: 1 }),
    readers: makeSessions(location, { size: READ_SESSIONS }),
    watcher: makeSessions(location, { size: 1 }),
    raw: makeSessions(location, { size: RAW_SESSIONS, requestTimeoutMs: RAW_TIMEOUT_MS }),
    warn,
  });
}

/** The same over given sessions. */
export function makeSqlServerStore(
  options: WriterOptions & { readonly readers: Sessions; readonly watcher: Sessions; readonly raw: Sessions },
): Store {
  const { sessions, readers, watcher, raw, pause } = options;
  const writer = new SubmissionWriter(options);
  return {
    ...makeQuestions({ readers, watcher, raw, pause, deduplication: () => writer.deduplication }),
    write: (submissions) => writer.write(submissions),
    // A server that is gone may come back: this store never stops for good.
    failed: new Promise(() => {}),
    async close() {
      await writer.drain();
      await Promise.all([sessions.close(), readers.close(), watcher.close(), raw.close()]);
    },
  };
}
