// A thread that reads events themselves, slice by slice, so that the threads that dashboards wait for never do.
import { openConnection } from '@scorpiox/shared/database';
import { serveThread } from '../../../threads/server.ts';
import type { ThreadOptions } from '../thread-protocol.ts';
import type { RawCalls } from './raw-protocol.ts';
import { makeRawReader } from './read-raw.ts';

serveThread(({ file }: ThreadOptions): { readonly [K in keyof RawCalls]: RawCalls[K] } => {
  const db = openConnection(file, { readOnly: true });
  return { ...makeRawReader(db), close: () => db.close() };
});
