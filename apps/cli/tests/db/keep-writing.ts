// A program that changes an insights database all the time, as the API does: events and sums come, sums change in place, old
// events go. It ends when the database refuses, and says how many transactions were committed and why the last was not.
import { randomBytes } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';

const [file = ''] = process.argv.slice(2);
const db = new DatabaseSync(file, { timeout: 30_000, enableForeignKeyConstraints: true });
const event = db.prepare(
  "INSERT INTO events (app_id, time, hash, kind, name, weight, received_at) VALUES (?, ?, ?, 'request', ?, 0.1, 1)",
);
const sum = db.prepare(`INSERT INTO rollups VALUES (?, 'request', ?, ?, 0.1, 0, 0, 0, NULL, NULL)
  ON CONFLICT DO UPDATE SET count = count + 0.1`);
const bucket = db.prepare(`INSERT INTO rollup_buckets VALUES (?, 'request', ?, ?, ?, 1)
  ON CONFLICT DO UPDATE SET count = count + 1`);
const purge = db.prepare(
  'DELETE FROM events WHERE app_id = ? AND time <= (SELECT min(time) FROM events WHERE app_id = ?)',
);
const counter = db.prepare('UPDATE app_counters SET received = received + 1 WHERE app_id = ?');
const token = db.prepare("INSERT INTO tokens VALUES (?, ?, 'admin', 1)");
const revoke = db.prepare('DELETE FROM tokens WHERE name = ?');
const app = db.prepare('INSERT INTO apps (name, created_at) VALUES (?, 1) RETURNING id');
const key = db.prepare('INSERT INTO ingest_keys (key, app_id, created_at) VALUES (?, ?, 1)');

process.once('disconnect', () => process.exit());
process.send?.('writing');
for (let round = 1; ; round += 1) {
  try {
    db.exec('BEGIN IMMEDIATE');
    const appId = 1 + (round % 4);
    for (let one = 0; one < 5; one += 1)
      event.run(appId, 1_790_000_000_000_000 + round * 10 + one, randomBytes(16), `name ${one}`);
    sum.run(appId, 29_000_000 + (round % 7), `operation ${round % 3}`);
    bucket.run(appId, 29_000_000 + (round % 7), `operation ${round % 3}`, round % 5);
    counter.run(appId);
    if (round % 3 === 0) purge.run(appId, appId);
    if (round % 5 === 0) {
      revoke.run('robot');
      token.run(randomBytes(32), 'robot');
    }
    if (round % 20 === 0) key.run(`written ${round}`, Number(app.get(`app ${round}`)?.id));
    db.exec('COMMIT');
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    process.send?.({ committed: round - 1, why: String(error) });
    break;
  }
  await new Promise((resolve) => setTimeout(resolve, 10));
}
db.close();
process.disconnect?.();
