// What an API does whose database has moved: `scorpiox db migrate --cutover` closes it under its hands.
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { makeApi } from '../helpers/api.ts';
import { NOON, nativeRequest } from '../helpers/events.ts';

/** As the cut-over does it, for the tables that are written to here; opens it again when it is called. */
function close(file: string): () => void {
  const db = new DatabaseSync(file, { timeout: 20_000 });
  onTestFinished(() => db.close());
  const tables = ['events', 'app_counters', 'apps', 'rollups', 'leases'];
  const trigger = (table: string, event: string) =>
    `CREATE TRIGGER closed_${table}_${event} BEFORE ${event} ON ${table} BEGIN SELECT RAISE(ABORT, 'this database has moved to sqlite:/new.db'); END;`;
  db.exec(`BEGIN IMMEDIATE;
    CREATE TABLE move_source (id INTEGER PRIMARY KEY, target TEXT NOT NULL, closed_at INTEGER);
    INSERT INTO move_source VALUES (1, 'sqlite:/new.db', 5);
    ${tables.flatMap((table) => ['insert', 'update', 'delete'].map((event) => trigger(table, event))).join('\n')}
    COMMIT;`);
  return () => {
    for (const table of tables) {
      for (const event of ['insert', 'update', 'delete']) db.exec(`DROP TRIGGER closed_${table}_${event}`);
    }
    db.exec('DROP TABLE move_source');
  };
}

test('senders are told to come back, nothing counts as refused, the health page says where it is; opened again, all goes on', async () => {
  const api = await makeApi({ now: () => NOON });
  const send = (id: string) =>
    api.app.inject({
      method: 'POST',
      url: '/api/ingest',
      payload: JSON.stringify([nativeRequest({ id })]),
      headers: { authorization: `Bearer ${api.key}` },
    });
  const issued = await api.control.addToken('reader', 'viewer');
  const token = issued.ok ? issued.value.token : '';
  const health = async () =>
    (await api.app.inject({ url: '/api/health', headers: { authorization: `Bearer ${token}` } })).json();
  expect((await send('before')).json()).toMatchObject({ accepted: 1 });
  const open = close(api.file);
  const answer = await send('late');
  expect(answer.statusCode).toBe(503);
  expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  expect(await health()).toMatchObject({
    status: 'degraded',
    movedTo: 'sqlite:/new.db',
    platform: { advice: [{ severity: 'fail', message: expect.stringContaining('have moved to sqlite:/new.db') }] },
  });
  open();
  expect((await send('late')).json()).toMatchObject({ accepted: 1, errors: [] });
  expect(await health()).not.toHaveProperty('movedTo');
  expect(api.value('SELECT count(*) FROM app_rejections')).toBe(0);
});
