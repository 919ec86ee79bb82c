// The thread that reads an old SQLite database which is to be imported. It cannot write to it.
import { openConnection } from '@scorpiox/shared/database';
import { serveThread } from '../../threads/server.ts';
import type { ImportCalls, ImportOptions } from './import-protocol.ts';
import { readOldTable } from './read-old-table.ts';

serveThread(({ file, table, key }: ImportOptions): { readonly [K in keyof ImportCalls]: ImportCalls[K] } => {
  const db = openConnection(file, { readOnly: true });
  return { ...readOldTable(db, table, key), close: () => db.close() };
});
