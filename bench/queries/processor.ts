// What each question costs the reader's thread: processor time, which says something on a busy machine too.
import { READER_CACHE_KIB } from '../../apps/insights-api/src/limits.ts';
import { makeAppSummary, makeOverviewAnswers } from '../../apps/insights-api/src/store/sqlite/read-apps.ts';
import { openConnection } from '../../packages/shared/src/database/index.ts';

const TIMES = 15;
const DAY = 24 * 60;

/** Milliseconds of processor time for one answer, by what is asked, of the day that ends at `until` (minutes since 1970). */
export function processorTimes(file: string, until: number): ReadonlyMap<string, number> {
  const db = openConnection(file, { readOnly: true });
  db.exec(`PRAGMA cache_size = -${READER_CACHE_KIB}`);
  const summarize = makeAppSummary(db);
  const ask = makeOverviewAnswers(db);
  const appId = Number(db.prepare("SELECT id FROM apps WHERE name = 'bench-07'").get()?.id);
  const span = { from: until - DAY, to: until };
  const of = { appId, span, kind: 'request' } as const;
  const round = { from: span.from - (span.from % 10), to: span.to - (span.to % 10) + 10 };
  const list = { order: 'desc', limit: 50, search: '' } as const;
  const hour = until - (until % 60);
  const questions: Readonly<Record<string, () => unknown>> = {
    'all applications, 24 h': () => summarize({ ...span, stepMinutes: 30 }),
    'all applications, 7 d': () => summarize({ from: hour - 7 * DAY, to: hour, stepMinutes: 180 }),
    'how each of them is': () =>
      ask({ ask: 'standing', question: { activeFrom: until - 7 * DAY, span: { from: until - 15, to: until } } }),
    'calls between them': () => ask({ ask: 'edges', question: span }),
    'timeline of one, 145 steps': () => ask({ ask: 'timeline', question: { ...of, span: round, stepMinutes: 10 } }),
    'the same of one of its operations': () =>
      ask({ ask: 'timeline', question: { ...of, name: 'GET /operation/3', span: round, stepMinutes: 10 } }),
    'its operations': () => ask({ ask: 'operations', question: { ...of, ...list, sort: 'time' } }),
    'its dependencies': () =>
      ask({ ask: 'operations', question: { ...of, ...list, kind: 'dependency', sort: 'time' } }),
    'its exceptions': () =>
      ask({ ask: 'exceptions', question: { ...of, ...list, steps: round, stepMinutes: 10, sort: 'count' } }),
    'its latency': () => ask({ ask: 'latency', question: of }),
    'its instances': () => ask({ ask: 'instances', question: of }),
    'counts, failures and means of all, over the rows': () =>
      db
        .prepare(
          `SELECT app_id, count(*), sum(success = 0), avg(duration_ms) FROM events
           WHERE time >= ? AND kind = 'request' GROUP BY app_id`,
        )
        .all(span.from * 60_000_000),
  };
  const times = Object.entries(questions).map(([name, question]) => [name, timeOf(question)] as const);
  db.close();
  return new Map(times);
}

function timeOf(question: () => unknown): number {
  question();
  const before = process.cpuUsage();
  for (let times = 0; times < TIMES; times += 1) question();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / TIMES;
}
