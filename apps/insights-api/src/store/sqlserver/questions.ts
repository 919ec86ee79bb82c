import { type Pause, type Sessions, withRetries } from '@scorpiox/shared/database/sqlserver';
import { type Store, StoreUnavailable } from '../port.ts';
import type { Deduplication } from './insert-events.ts';
import { listMetrics, readMetric } from './metrics/read.ts';
import { makeCallLinker } from './overview/link-calls.ts';
import { purge } from './purge.ts';
import { makeRawReader } from './raw/read-raw.ts';
import { answerOverview, summarizeApps } from './read-apps.ts';
import { readHealth } from './read-health.ts';

export interface QuestionOptions {
  readonly readers: Sessions;
  /** Tells whether the server answers while the others are busy with long questions. */
  readonly watcher: Sessions;
  /** For raw questions, so that dashboards do not wait for them. */
  readonly raw: Sessions;
  /** What the writer has found out of the index, if it has. */
  readonly deduplication: () => Deduplication | undefined;
  readonly pause?: Pause | undefined;
}

/** What the store is asked, and what it deletes in small parts, on a SQL Server. */
export function makeQuestions({
  readers,
  watcher,
  raw,
  deduplication,
  pause,
}: QuestionOptions): Omit<Store, 'write' | 'failed' | 'close'> {
  const asked = async <T>(question: () => Promise<T>): Promise<T> => {
    try {
      return await withRetries(question, pause);
    } catch (error) {
      throw new StoreUnavailable(error instanceof Error ? error.message : String(error));
    }
  };
  const reader = makeRawReader(raw.run);
  const linkCalls = makeCallLinker(watcher, Date.now);
  return {
    raw: {
      page: (slice, shape) => asked(() => reader.page(slice, shape)),
      tally: (slice, steps) => asked(() => reader.tally(slice, steps)),
      values: (slice, place) => asked(() => reader.values(slice, place)),
      find: (key) => asked(() => reader.find(key)),
      operation: (part) => asked(() => reader.operation(part)),
    },
    askOverview: (ask, question) => asked(() => answerOverview(readers.run, ask, question)),
    linkCalls: () => asked(linkCalls),
    summarizeApps: (span) => asked(() => summarizeApps(readers.run, span)),
    listMetrics: (request) => asked(() => listMetrics(readers.run, request)),
    readMetric: (request) => asked(() => readMetric(readers.run, request)),
    health: () => asked(() => readHealth(watcher.run, deduplication())),
    purge: (request) => asked(() => purge(watcher, request)),
    sessions: () => [
      { name: 'readers', inUse: 0, ...readers.usage?.() },
      { name: 'watcher', inUse: 0, ...watcher.usage?.() },
    ],
  };
}
