import { makeSessions, type SqlServerLocation } from '@scorpiox/shared/database/sqlserver';
import { READ_SESSIONS } from '../../limits.ts';
import { RAW_SESSIONS, RAW_TIMEOUT_MS } from '../../query/raw/limits.ts';
import { ThreadClient } from '../../threads/client.ts';
import { workerUrl } from '../../threads/worker-url.ts';
import type { SpoolServer } from '../../writer/spool/spooled-store.ts';
import type { Deduplication } from './insert-events.ts';
import { makeQuestions } from './questions.ts';
import type { ShipCalls, ShipOptions } from './ship-protocol.ts';

/** A SQL Server as the spool's other end: a thread with one session that writes, a few sessions here that read. */
export function openSpoolServer(location: SqlServerLocation, warn: (message: string) => void): SpoolServer {
  const options: ShipOptions = { ...location, password: location.password.reveal() };
  const thread = new ThreadClient<ShipCalls>(workerUrl(import.meta.url, 'ship-thread'), options);
  const readers = makeSessions(location, { size: READ_SESSIONS });
  const watcher = makeSessions(location, { size: 1 });
  const raw = makeSessions(location, { size: RAW_SESSIONS, requestTimeoutMs: RAW_TIMEOUT_MS });
  let deduplication: Deduplication | undefined;
  let shipping = false;
  return {
    questions: makeQuestions({ readers, watcher, raw, deduplication: () => deduplication }),
    failed: thread.failed,
    async deliver(consignment) {
      shipping = true;
      try {
        const { delivery, warnings, ...found } = await thread.call('deliver', consignment);
        for (const warning of warnings) warn(warning);
        deduplication = found.deduplication;
        return delivery;
      } catch (error) {
        return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
      } finally {
        shipping = false;
      }
    },
    async close() {
      // A shipment under way may take as long as a statement may: it is cut, which leaves nothing half done on the server.
      await (shipping ? thread.terminate() : thread.close());
      await Promise.all([readers.close(), watcher.close(), raw.close()]);
    },
  };
}
