import type { DatabaseSync } from 'node:sqlite';
import type { StoreHealth } from '../port.ts';
import { makeCounterReader } from './read-counters.ts';

/** Makes the function that tells the size of the database, the counters of every application, and whether it has moved. */
export function makeHealth(db: DatabaseSync): () => StoreHealth {
  const readCounters = makeCounterReader(db);
  const size = db.prepare('SELECT page_count * page_size AS bytes FROM pragma_page_count(), pragma_page_size()');
  const move = db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'move_source'");
  return () => {
    const movedTo = move.get() === undefined ? undefined : readTarget(db);
    return {
      bytes: Number(size.get()?.bytes ?? 0),
      deduplication: 'index' as const,
      apps: readCounters().map(({ name, counters }) => ({ name, counters })),
      ...(movedTo === undefined ? {} : { movedTo }),
    };
  };
}

/** Where `scorpiox db migrate` has moved the contents to, once the database is closed. The table comes and goes with a move. */
function readTarget(db: DatabaseSync): string | undefined {
  const row = db.prepare('SELECT target FROM move_source WHERE closed_at IS NOT NULL').get();
  return row === undefined ? undefined : String(row.target);
}
