import type { DatabaseSync } from 'node:sqlite';
import type { StoreHealth } from '../port.ts';
import { makeCounterReader } from './read-counters.ts';

/** Makes the function that tells the size of the database and the counters of every application. */
export function makeHealth(db: DatabaseSync): () => StoreHealth {
  const readCounters = makeCounterReader(db);
  const size = db.prepare('SELECT page_count * page_size AS bytes FROM pragma_page_count(), pragma_page_size()');
  return () => ({
    bytes: Number(size.get()?.bytes ?? 0),
    deduplication: 'index' as const,
    apps: readCounters().map(({ name, counters }) => ({ name, counters })),
  });
}
