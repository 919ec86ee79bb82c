import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { StoreUnavailable } from '../../src/store/port.ts';
import { makeApi, type TestApi } from '../helpers/api.ts';
import { NOON, nativeRequest } from '../helpers/events.ts';
import { changeOldDatabase, makeOldDatabase, OLD_START } from '../helpers/old-database.ts';

const oldFile = (api: TestApi) => join(dirname(api.file), 'imports', 'old.db');

async function openApi(options: Parameters<typeof makeApi>[0] = {}): Promise<TestApi & { readonly admin: string }> {
  const api = await makeApi({ now: () => NOON, ...options });
  await api.control.setRetention('shop', 400);
  const issued = await api.control.addToken('admin', 'admin');
  if (!issued.ok) throw new Error(issued.error.message);
  return { ...api, admin: issued.value.token };
}

const post = (api: TestApi & { readonly admin: string }, body: object, token = api.admin) =>
  api.app.inject({ method: 'POST', url: '/api/imports', payload: body, headers: { authorization: `Bearer ${token}` } });

const look = async (api: TestApi) =>
  (
    await api.app.inject({ method: 'GET', url: '/api/imports', headers: { authorization: `Bearer ${api.token}` } })
  ).json();

/** Starts an import and waits for its end; what is told of it then. */
async function run(api: TestApi & { readonly admin: string }, body: object) {
  const started = await post(api, body);
  expect(started.json()).toMatchObject({ starts: expect.any(Number) });
  expect(started.statusCode).toBe(202);
  const { id } = started.json();
  return vi.waitFor(
    async () => {
      const { running, imports } = await look(api);
      expect(running).toBeNull();
      return imports.find((one: { id: string }) => one.id === id);
    },
    { timeout: 60_000 },
  );
}

const TABLE = { source: 'old.db', table: 'Requests' };

test('the old table comes in: each event once, durations as integers, rollups and counters with it', async () => {
  const api = await openApi();
  makeOldDatabase(oldFile(api), { rows: 3000, duplicates: 37 });
  const done = await run(api, TABLE);
  expect(done).toMatchObject({
    rows: { before: 3000, after: 3000 },
    stored: { before: 0, after: 2963 },
    read: 3000,
    accepted: 2963,
    duplicates: 37,
    leftOut: {},
    percent: 100,
    notes: [],
    problem: null,
    columns: { time: 'Timestamp', name: 'OperationName', duration: 'Duration', app: 'AppName' },
    ignored: ['Id', 'Blob', 'DurationMs'],
  });
  expect(api.value('SELECT count(*) FROM events')).toBe(2963);
  expect(api.value('SELECT sum(count) FROM rollups')).toBe(2963);
  expect(api.value('SELECT sum(count) FROM day_rollups')).toBe(2963);
  expect(api.value('SELECT duration_us FROM events ORDER BY time LIMIT 1')).toBe(108_344);
  expect(api.value('SELECT duration_ms FROM events ORDER BY time LIMIT 1 OFFSET 1')).toBe(1108);
  expect(api.value('SELECT min(time) FROM events')).toBe(OLD_START * 1000 + 123);
  const again = await run(api, TABLE);
  expect(again).toMatchObject({ accepted: 0, duplicates: 3000, stored: { before: 2963, after: 2963 }, starts: 1 });
  expect(api.value('SELECT sum(count) FROM rollups')).toBe(2963);
});

test('of rows that are the same event the earliest stays, and what was there before them stays above all', async () => {
  const api = await openApi();
  const file = oldFile(api);
  makeOldDatabase(file, { rows: 2, duplicates: 0 });
  changeOldDatabase(
    file,
    `CREATE TABLE Named (Id INTEGER PRIMARY KEY, Time TEXT, Name TEXT, EventId TEXT, Message TEXT);
     INSERT INTO Named VALUES (9, '2026-11-20T10:00:00Z', 'a', 'x', 'later'), (4, '2026-11-20T10:00:00Z', 'a', 'x', 'earliest'),
       (5, '2026-11-20T10:00:00Z', 'a', 'there', 'from the table')`,
  );
  const there = nativeRequest({ time: '2026-11-20T10:00:00Z', name: 'a', id: 'there', message: 'from its sender' });
  await api.app.inject({
    method: 'POST',
    url: '/api/ingest',
    payload: JSON.stringify([there]),
    headers: { authorization: `Bearer ${api.key}` },
  });
  const done = await run(api, { source: 'old.db', table: 'Named', app: 'shop', columns: { id: 'EventId' } });
  expect(done).toMatchObject({ accepted: 1, duplicates: 2, stored: { before: 1, after: 2 } });
  expect(api.value("SELECT message FROM events WHERE id = 'x'")).toBe('earliest');
  expect(api.value("SELECT message FROM events WHERE id = 'there'")).toBe('from its sender');
});

test('rows that cannot be read are counted by reason and shown by their key, without what they say', async () => {
  const api = await openApi();
  const file = oldFile(api);
  makeOldDatabase(file, { rows: 10, duplicates: 0 });
  changeOldDatabase(
    file,
    `UPDATE Requests SET Duration = 'secret-duration' WHERE Id = 1; UPDATE Requests SET Timestamp = NULL WHERE Id = 2;
     UPDATE Requests SET OperationName = NULL WHERE Id = 3; UPDATE Requests SET AppName = 'nobody' WHERE Id = 4;
     UPDATE Requests SET AppName = NULL WHERE Id = 5; UPDATE Requests SET Timestamp = '2024-01-01 00:00:00' WHERE Id = 6;
     UPDATE Requests SET Success = 'perhaps' WHERE Id = 7; UPDATE Requests SET Timestamp = '2027-01-01' WHERE Id = 8;
     UPDATE Requests SET Duration = NULL, Success = NULL, ResultCode = CAST(x'ff41' AS TEXT), OperationName = x'c3a9' WHERE Id = 9;
     UPDATE Requests SET Timestamp = '2030-01-01T00:00:00Z' WHERE Id = 10`,
  );
  const done = await run(api, TABLE);
  expect(done).toMatchObject({
    read: 10,
    accepted: 1,
    leftOut: {
      'bad-duration': 1,
      'bad-time': 2,
      'missing-field': 1,
      'unknown-app': 1,
      'missing-app': 1,
      'too-old': 1,
      'wrong-type': 1,
      'too-far-ahead': 1,
    },
  });
  expect(done.examples).toContainEqual({ key: '1', reason: 'bad-duration', message: expect.any(String) });
  expect(JSON.stringify(done)).not.toContain('secret-duration');
  expect(done.notes.join(' ')).toContain('1 rows are older than their application');
  expect(done.notes.join(' ')).toContain('scorpiox app add');
  expect(api.value('SELECT name FROM events')).toBe('é');
  expect(api.value('SELECT code FROM events')).toBe('\u{fffd}A');
  expect(api.value('SELECT count(*) FROM app_rejections')).toBe(0);
});

test('a longer retention lets in what was too old, the second time; what came in the first time is not doubled', async () => {
  const api = await openApi();
  makeOldDatabase(oldFile(api), { rows: 50, duplicates: 0 });
  await api.control.setRetention('shop', 30);
  expect(await run(api, TABLE)).toMatchObject({ accepted: 0, leftOut: { 'too-old': 50 } });
  await api.control.setRetention('shop', 400);
  expect(await run(api, TABLE)).toMatchObject({ accepted: 50, leftOut: {}, notes: [] });
});

test('what retention has deleted is not imported again; what is older than all that was there is', async () => {
  const api = await openApi();
  makeOldDatabase(oldFile(api), { rows: 50, duplicates: 0 });
  expect(await run(api, TABLE)).toMatchObject({ accepted: 50 });
  const end = Number(api.value('SELECT max(time) / 1000 + 1 FROM events'));
  await api.store.purge({ appId: Number(api.value('SELECT app_id FROM events')), what: 'events', before: end });
  changeOldDatabase(oldFile(api), "UPDATE Requests SET Timestamp = '2026-05-02 00:00:00' WHERE Id = 1");
  const again = await run(api, TABLE);
  expect(again).toMatchObject({ accepted: 1, duplicates: 0, leftOut: { 'too-old': 49 } });
  expect(again.notes.join(' ')).toContain('never come back');
  expect(api.value('SELECT sum(count) FROM day_rollups')).toBe(51);
});

test('a view and a table without row numbers are read by the key that is named, which must be one', async () => {
  const api = await openApi();
  const file = oldFile(api);
  makeOldDatabase(file, { rows: 2500, duplicates: 5 });
  changeOldDatabase(
    file,
    `CREATE VIEW Kept AS SELECT * FROM Requests WHERE Id > 500;
     CREATE TABLE Bare (Code TEXT PRIMARY KEY, Number INTEGER, Time TEXT, Name TEXT) WITHOUT ROWID;
     INSERT INTO Bare VALUES ('a', 1, '2026-11-20', 'x'), ('b', 1, '2026-11-20', 'x'), ('c', NULL, '2026-11-20', 'x')`,
  );
  expect((await post(api, { source: 'old.db', table: 'Kept' })).json().error.message).toContain('name as key');
  expect(await run(api, { source: 'old.db', table: 'Kept', key: 'id' })).toMatchObject({ key: 'Id', accepted: 2000 });
  expect((await post(api, { source: 'old.db', table: 'Bare' })).json().error.message).toContain('WITHOUT ROWID');
  const bad = await post(api, { source: 'old.db', table: 'Bare', key: 'Number' });
  expect(bad.json().error.message).toContain('Number has no whole number, or one of another row');
});

test('what is wrong with a request is a sentence, and nothing is begun', async () => {
  const api = await openApi();
  const file = oldFile(api);
  makeOldDatabase(file, { rows: 1, duplicates: 0 });
  changeOldDatabase(file, 'CREATE TABLE Odd ("a""b; DROP TABLE Requests" TEXT)');
  writeFileSync(
    join(dirname(file), 'text.db'),
    'no database at all, only text that is long enough to be one'.repeat(50),
  );
  writeFileSync(join(dirname(file), 'bad.mssql'), 'mssql://user:secret-password@');
  const said = async (body: object) => {
    const answer = await post(api, body);
    expect(answer.statusCode).toBe(400);
    return answer.json().error;
  };
  expect(await said({ ...TABLE, columns: { duration: 'Elapsed' } })).toMatchObject({
    field: 'columns.duration',
    message: expect.stringContaining('Requests has no column Elapsed; it has Id, Timestamp'),
  });
  expect((await said({ ...TABLE, table: 'Odd' })).message).toContain('bears a usual name for time');
  expect((await said({ ...TABLE, table: 'None' })).message).toContain('there are Requests, Odd');
  expect((await said({ ...TABLE, app: 'nobody' })).message).toContain('There is no application nobody');
  expect((await said({ ...TABLE, source: 'absent.db' })).message).toContain('There is no absent.db');
  expect((await said({ ...TABLE, source: 'text.db' })).message).toContain('text.db cannot be read');
  const address = await said({ ...TABLE, source: 'bad.mssql' });
  expect(address.message).toContain('bad.mssql holds no address');
  expect(JSON.stringify(address) + api.log()).not.toContain('secret-password');
  for (const source of ['../insights.db', '/etc/passwd', '..', 'a/b', 'sqlite:old.db'])
    await said({ ...TABLE, source });
  expect(await look(api)).toEqual({ running: null, imports: [] });
});

test('only an administrator starts one, and one at a time', async () => {
  const api = await openApi();
  makeOldDatabase(oldFile(api), { rows: 2000, duplicates: 0 });
  expect((await post(api, TABLE, api.token)).statusCode).toBe(403);
  const answers = await Promise.all([post(api, TABLE), post(api, TABLE)]);
  expect(answers.map(({ statusCode }) => statusCode).toSorted()).toEqual([202, 409]);
});

test('rows that are added while it reads come along, and it is told of those that it could not see', async () => {
  let writes = 0;
  let file = '';
  const api = await openApi({
    wrap: (store) => ({
      ...store,
      async write(submissions) {
        writes += 1;
        // Between the first page and the second: 3 rows at the end, and one before where it is.
        if (writes === 1) {
          changeOldDatabase(
            file,
            `INSERT INTO Requests (Timestamp, AppName, OperationName) VALUES ('2026-10-01', 'shop', 'bad'),
               ('2026-10-01T00:00:01', 'shop', 'new'), ('2026-10-01T00:00:02', 'shop', 'new');
             INSERT INTO Requests (rowid, Timestamp, AppName, OperationName) VALUES (-5, '2026-10-01T00:00:03', 'shop', 'before')`,
          );
        }
        return store.write(submissions);
      },
    }),
  });
  file = oldFile(api);
  makeOldDatabase(file, { rows: 1500, duplicates: 0 });
  const done = await run(api, TABLE);
  expect(done).toMatchObject({
    rows: { before: 1500, after: 1504 },
    read: 1503,
    accepted: 1502,
    leftOut: { 'bad-time': 1 },
  });
  expect(done.notes.join()).toContain('The table has 1504 rows now and 1503 were read');
  expect(await run(api, TABLE)).toMatchObject({ accepted: 1, duplicates: 1502, notes: [] });
});

test('a database that takes nothing is waited for; meanwhile it is told how far it is', async () => {
  const told: unknown[] = [];
  let failures = 2;
  let seen: TestApi | undefined;
  const api = await openApi({
    wrap: (store) => ({
      ...store,
      async write(submissions) {
        if (seen !== undefined) told.push((await seen.app.inject({ url: '/readyz' })).json().work);
        if (failures-- > 0)
          return submissions.map(() => ({ kind: 'failed', error: new StoreUnavailable('disk full') }));
        return store.write(submissions);
      },
    }),
  });
  seen = api;
  makeOldDatabase(oldFile(api), { rows: 2000, duplicates: 0 });
  expect(await run(api, TABLE)).toMatchObject({ accepted: 2000, duplicates: 0 });
  expect(told[1]).toMatchObject([{ name: 'import', percent: 0, detail: 'waits for the database: disk full' }]);
  expect(told.at(-1)).toMatchObject([{ name: 'import', percent: 50, detail: 'old.db Requests: 1000 of 2000 rows' }]);
});
