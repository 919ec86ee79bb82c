// The thread that answers questions about the insights database, beside the writer and without ever blocking it.
import { openConnection } from '@scorpiox/shared/database';
import { READER_CACHE_KIB } from '../../limits.ts';
import { serveThread } from '../../threads/server.ts';
import { makeMetricReader } from './metrics/read.ts';
import { makeAppSummary, makeOverviewAnswers } from './read-apps.ts';
import { makeHealth } from './read-health.ts';
import type { ReaderCalls, ThreadOptions } from './thread-protocol.ts';

serveThread(({ file }: ThreadOptions): { readonly [K in keyof ReaderCalls]: ReaderCalls[K] } => {
  const db = openConnection(file, { readOnly: true });
  db.exec(`PRAGMA cache_size = -${READER_CACHE_KIB}`);
  return {
    summarizeApps: makeAppSummary(db),
    ...makeMetricReader(db),
    askOverview: makeOverviewAnswers(db),
    health: makeHealth(db),
    close: () => db.close(),
  };
});
