// The one thread of this process that writes events to the insights database. (Applications, tokens and sessions are
// written by the main thread, a row at a time.)
import { openConnection } from '@scorpiox/shared/database';
import { serveThread } from '../../threads/server.ts';
import { makePurge } from './purge.ts';
import type { ThreadOptions, WriterCalls } from './thread-protocol.ts';
import { makeSubmissionWriter } from './write-submissions.ts';

serveThread(({ file }: ThreadOptions): { readonly [K in keyof WriterCalls]: WriterCalls[K] } => {
  const db = openConnection(file);
  return { write: makeSubmissionWriter(db), purge: makePurge(db), close: () => db.close() };
});
