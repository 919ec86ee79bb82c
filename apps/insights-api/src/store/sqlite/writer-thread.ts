// The one thread of this process that writes events to the insights database. (Applications, tokens and sessions are
// written by the main thread, a row at a time.)
import { openConnection } from '@scorpiox/shared/database';
import { WRITER_CACHE_KIB } from '../../limits.ts';
import { serveThread } from '../../threads/server.ts';
import { fromWire } from '../wire-submissions.ts';
import { makeLogKeeper } from './log-keeper.ts';
import { makeCallLinker } from './overview/link-calls.ts';
import { makePurge } from './purge.ts';
import type { ThreadOptions, WriterCalls } from './thread-protocol.ts';
import { makeSubmissionWriter } from './write-submissions.ts';

serveThread(({ file }: ThreadOptions): { readonly [K in keyof WriterCalls]: WriterCalls[K] } => {
  const db = openConnection(file);
  db.exec(`PRAGMA cache_size = -${WRITER_CACHE_KIB}`);
  const write = makeSubmissionWriter(db);
  const purge = makePurge(db);
  const keepLogShort = makeLogKeeper(db, file);
  const thenKeepLogShort =
    <A extends unknown[], R>(work: (...given: A) => R) =>
    (...given: A): R => {
      const outcome = work(...given);
      keepLogShort();
      return outcome;
    };
  return {
    write: thenKeepLogShort((wire) => write(fromWire(wire))),
    purge: thenKeepLogShort(purge),
    linkCalls: thenKeepLogShort(makeCallLinker(db, Date.now)),
    close: () => db.close(),
  };
});
