// Makes a database of many events by the writer's own code, so that it has the very tables that ingest makes; only that
// nothing is synced on the way.
import { existsSync } from 'node:fs';
import { makeCallLinker } from '../../apps/insights-api/src/store/sqlite/overview/link-calls.ts';
import { makeSubmissionWriter } from '../../apps/insights-api/src/store/sqlite/write-submissions.ts';
import { openConnection, openControl } from '../../packages/shared/src/database/index.ts';
import { APPS, makeEvent, makeRandom } from './events.ts';

const DAY_MS = 86_400_000;
const BATCH = 15_000;

/** The keys of its applications. The events lie in the day before `until` (milliseconds since 1970). */
export async function buildDatabase(file: string, events: number, until: number): Promise<readonly string[]> {
  const isThere = existsSync(file);
  const control = await openControl({ kind: 'sqlite', file });
  if (!control.ok) throw new Error(control.error.message);
  const keys: string[] = [];
  for (const name of APPS) {
    const added = await control.value.ensureApp(name);
    if (!added.ok) throw new Error(added.error.message);
    keys.push(added.value.key);
  }
  const ids = (await control.value.apps()).filter(({ name }) => APPS.includes(name)).map(({ id }) => id);
  await control.value.close();
  if (!isThere) fill(file, ids, events, until);
  return keys;
}

function fill(file: string, ids: readonly number[], events: number, until: number): void {
  const db = openConnection(file);
  db.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -262144');
  const write = makeSubmissionWriter(db);
  const link = makeCallLinker(db, () => until);
  const random = makeRandom(events);
  for (let first = 0; first < events; first += BATCH) {
    const shares = ids.map((): ReturnType<typeof makeEvent>[] => []);
    let receivedAt = 0;
    for (let number = first; number < Math.min(events, first + BATCH); number += 1) {
      const app = number % ids.length;
      receivedAt = until - DAY_MS + (DAY_MS * number) / events;
      shares[app]?.push(makeEvent(random, app, receivedAt, number));
    }
    const outcomes = write(
      ids.map((appId, app) => ({ appId, receivedAt: Math.floor(receivedAt), events: shares[app] ?? [], dropped: {} })),
    );
    if (outcomes.some(({ kind }) => kind !== 'stored')) throw new Error('events were not stored');
    while (link() > 0);
    if (first % (BATCH * 50) === 0) process.stderr.write(`\r${file}: ${first.toLocaleString('en')} events `);
  }
  process.stderr.write(`\r${file}: ${events.toLocaleString('en')} events\n`);
  // All calls are put together: by now an API would have let go of their ends.
  db.exec('DELETE FROM call_ends; PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
}
