// The one thread of this process that writes events to the insights database. (Applications, tokens and sessions are
// written by the main thread, a row at a time.)
import { openConnection } from '@scorpiox/shared/database';
import { makePurge } from './purge.ts';
import type { WriterCalls } from './thread-protocol.ts';
import { serveThread } from './thread-server.ts';
import { makeSubmissionWriter } from './write-submissions.ts';

serveThread(({ file }): { readonly [K in keyof WriterCalls]: WriterCalls[K] } => {
  const db = openConnection(file);
  return { write: makeSubmissionWriter(db), purge: makePurge(db), close: () => db.close() };
});
