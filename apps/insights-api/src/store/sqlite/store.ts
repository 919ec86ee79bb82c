import { ThreadClient } from '../../threads/client.ts';
import { workerUrl } from '../../threads/worker-url.ts';
import { type Store, StoreUnavailable, type SubmissionOutcome } from '../port.ts';
import type { Answer } from '../questions/overview.ts';
import { toWire } from '../wire-submissions.ts';
import { openRawEvents } from './raw/raw-events.ts';
import type { ReaderCalls, WireOutcome, WriterCalls } from './thread-protocol.ts';

/**
 * The store on SQLite: one writer thread and two reader threads, one of which watches, so that whether the database
 * answers is known while the other is busy with a long question. Over a file that exists and has its schema
 * (`openControl` sees to that). Several processes may use the same file.
 */
export function openSqliteStore(file: string): Store {
  const writer = new ThreadClient<WriterCalls>(workerUrl(import.meta.url, 'writer-thread'), { file });
  const reader = new ThreadClient<ReaderCalls>(workerUrl(import.meta.url, 'reader-thread'), { file });
  const watcher = new ThreadClient<ReaderCalls>(workerUrl(import.meta.url, 'reader-thread'), { file });
  const { raw, close: closeRaw } = openRawEvents(file);
  return {
    raw,
    async write(submissions) {
      try {
        return (await writer.call('write', toWire(submissions))).map(toOutcome);
      } catch (error) {
        return submissions.map(() => ({ kind: 'failed', error: asUnavailable(error) }));
      }
    },
    summarizeApps: (span) => reader.call('summarizeApps', span),
    listMetrics: (request) => reader.call('listMetrics', request),
    readMetric: (request) => reader.call('readMetric', request),
    // The thread answers each question by the program of that name.
    askOverview: (ask, question) => reader.call('askOverview', { ask, question }) as Promise<Answer<typeof ask>>,
    linkCalls: () => writer.call('linkCalls', undefined),
    health: () => watcher.call('health', undefined),
    purge: (request) => writer.call('purge', request),
    sessions: () => [
      { name: 'writer', inUse: writer.underWay },
      { name: 'reader', inUse: reader.underWay },
      { name: 'watcher', inUse: watcher.underWay },
    ],
    failed: Promise.race([writer.failed, reader.failed, watcher.failed]),
    async close() {
      await Promise.all([writer.close(), reader.close(), watcher.close(), closeRaw()]);
    },
  };
}

function toOutcome(outcome: WireOutcome): SubmissionOutcome {
  return outcome.kind === 'stored' ? outcome : { kind: 'failed', error: new StoreUnavailable(outcome.unavailable) };
}

function asUnavailable(error: unknown): StoreUnavailable {
  return error instanceof StoreUnavailable ? error : new StoreUnavailable(String(error));
}
