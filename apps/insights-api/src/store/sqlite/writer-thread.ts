// The one thread of this process that writes to the insights database: SQL never holds up the event loop.
import { openConnection } from '@scorpiox/shared/database';
import type { WriterCalls } from './thread-protocol.ts';
import { serveThread } from './thread-server.ts';
import { makeSubmissionWriter } from './write-submissions.ts';

serveThread(({ file }): { readonly [K in keyof WriterCalls]: WriterCalls[K] } => {
  const db = openConnection(file);
  return { write: makeSubmissionWriter(db), close: () => db.close() };
});
