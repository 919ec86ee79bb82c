import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { migrate } from '../../src/database/sqlite/migrate.ts';
import { MIGRATIONS } from '../../src/database/sqlite/schema.ts';

const BEFORE = MIGRATIONS.findIndex(({ name }) => name === 'what was deleted of events');
/** Minutes. */
const DAY = 1440;
const MICROS = 60_000_000;

test('what was deleted before it was noted is told by sums without events', () => {
  const db = new DatabaseSync(':memory:');
  migrate(db, MIGRATIONS.slice(0, BEFORE), Date.now);
  db.exec("INSERT INTO apps (name, created_at) VALUES ('whole', 0), ('cut', 0), ('gone', 0), ('new', 0), ('days', 0)");
  const event = db.prepare(
    "INSERT INTO events (app_id, time, hash, kind, name, weight, received_at) VALUES (?, ?, zeroblob(16), 'request', 'a', 1, 0)",
  );
  const sum = (prefix: string, app: number, kind: string, minute: number) =>
    db.exec(`INSERT INTO ${prefix}rollups VALUES (${app}, '${kind}', ${minute}, 'a', 1, 0, 0, 0, NULL, NULL)`);
  const all = (app: number, kind: string, minute: number) => {
    sum('', app, kind, minute);
    sum('hour_', app, kind, minute - (minute % 60));
    sum('day_', app, kind, minute - (minute % DAY));
  };
  // Nothing of it was deleted: its first event lies within its first minute, hour and day.
  event.run(1, (10 * DAY + 75) * MICROS + 5);
  all(1, 'request', 10 * DAY + 75);
  // A trace of some minutes before its oldest event.
  event.run(2, (10 * DAY + 75) * MICROS);
  all(2, 'request', 10 * DAY + 75);
  sum('', 2, 'trace', 10 * DAY + 70);
  all(3, 'request', 9 * DAY + 100);
  // Minutes and hours are gone as well.
  event.run(5, 10 * DAY * MICROS);
  sum('day_', 5, 'exception', 3 * DAY);
  migrate(db, MIGRATIONS, Date.now);
  expect(db.prepare('SELECT * FROM deleted_events ORDER BY app_id').all()).toEqual([
    { app_id: 2, oldest: (10 * DAY + 70) * MICROS, newest: (10 * DAY + 75) * MICROS - 1 },
    { app_id: 3, oldest: 9 * DAY * MICROS, newest: 10 * DAY * MICROS - 1 },
    { app_id: 5, oldest: 3 * DAY * MICROS, newest: 10 * DAY * MICROS - 1 },
  ]);
});
