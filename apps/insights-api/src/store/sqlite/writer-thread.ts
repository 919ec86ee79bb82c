// The one thread of this process that writes events to the insights database. (Applications, tokens and sessions are
// written by the main thread, a row at a time.)
import { openConnection } from '@scorpiox/shared/database';
import { WRITER_CACHE_KIB } from '../../limits.ts';
import { serveThread } from '../../threads/server.ts';
import { fromWire } from '../wire-submissions.ts';
import { makeCallLinker } from './overview/link-calls.ts';
import { makePurge } from './purge.ts';
import type { ThreadOptions, WriterCalls } from './thread-protocol.ts';
import { makeSubmissionWriter } from './write-submissions.ts';

serveThread(({ file }: ThreadOptions): { readonly [K in keyof WriterCalls]: WriterCalls[K] } => {
  const db = openConnection(file);
  db.exec(`PRAGMA cache_size = -${WRITER_CACHE_KIB}`);
  const write = makeSubmissionWriter(db);
  return {
    write: (wire) => write(fromWire(wire)),
    purge: makePurge(db),
    linkCalls: makeCallLinker(db, Date.now),
    close: () => db.close(),
  };
});
