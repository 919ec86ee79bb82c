import { join } from 'node:path';
import { type Console, openConsole } from '@scorpiox/shared/database/console';
import { expect, onTestFinished, test } from 'vitest';
import { eventOf } from '../../src/ops/drill/db/crisis/event.ts';
import { textsFor } from '../../src/ops/drill/db/crisis/texts.ts';
import { createDatabase, dropDatabase, endSessions } from '../../src/ops/drill/db/scratch/server-texts.ts';
import { temporaryFolder } from '../support/scorpiox.ts';

const SQLITE = textsFor('sqlite');
const MORNING = Date.UTC(2026, 2, 21, 1, 2, 3, 456);

async function crisis(): Promise<{ readonly db: Console; readonly rows: () => Promise<number> }> {
  const file = join(await temporaryFolder(), 'crisis.db');
  const opened = await openConsole(
    { kind: 'sqlite', file },
    { tell: () => undefined, lockTimeoutMs: 1000, create: true },
  );
  if (!opened.ok) throw opened.error;
  const db = opened.value;
  onTestFinished(() => db.close());
  await db.run(SQLITE.createTable);
  const rows = async () => Number((await db.run({ text: 'SELECT count(*) AS n FROM Requests' })).sets[0]?.[0]?.n);
  return { db, rows };
}

test('the night has as many rows as were asked for, and so many of them twice', async () => {
  const { db, rows } = await crisis();
  await db.run(SQLITE.fill(0, 700));
  await db.run(SQLITE.fill(700, 1000));
  await db.run(SQLITE.duplicate(10, 1000));
  expect(await rows()).toBe(1010);
  const distinct = 'SELECT count(*) AS n FROM (SELECT DISTINCT App, Timestamp, OperationId FROM Requests)';
  expect((await db.run({ text: distinct })).sets).toEqual([[{ n: 1000 }]]);
  const { sets } = await db.run(SQLITE.askApps);
  expect(sets[0]).toHaveLength(15);
});

test('durations are computed from their text', async () => {
  const { db } = await crisis();
  const insert =
    "INSERT INTO Requests (App, Name, Timestamp, OperationId, Duration, Success) VALUES ('a', 'b', 'c', 'd', @text, 1)";
  await db.run({ text: insert, parameters: { text: '01:02:03.1083441' } });
  expect((await db.run({ text: 'SELECT DurationMs FROM Requests' })).sets).toEqual([[{ DurationMs: 3_723_108 }]]);
});

test('two sessions that look before either inserts let a duplicate in', async () => {
  const { db, rows } = await crisis();
  const { look, insert } = SQLITE.oldWay(eventOf({ load: 'old', session: 0 }, 0, MORNING));
  const looks = [await db.run(look), await db.run(look)];
  expect(looks.map(({ sets }) => sets[0]?.length)).toEqual([0, 0]);
  if (insert === undefined) throw new Error('SQLite has no IF NOT EXISTS');
  for (const _ of looks) await db.run(insert);
  expect(await rows()).toBe(2);
});

test('a unique index lets none in, and says so without an error', async () => {
  const { db, rows } = await crisis();
  await db.run({ text: 'ALTER TABLE Requests DROP COLUMN DurationMs' });
  await db.run({ text: 'ALTER TABLE Requests ADD COLUMN DurationMs INTEGER' });
  await db.run({ text: 'CREATE UNIQUE INDEX one ON Requests (App, Timestamp, OperationId)' });
  const insert = SQLITE.newWay(eventOf({ load: 'new', session: 0 }, 0, MORNING));
  expect([(await db.run(insert)).affected, (await db.run(insert)).affected]).toEqual([1, 0]);
  expect(await rows()).toBe(1);
});

test('neighbours send the same event within a second, and otherwise each its own', () => {
  const [one, other] = [0, 1].map((session) => ({ load: 'old', session }));
  if (one === undefined || other === undefined) throw new Error('two sessions');
  expect(eventOf(one, 4, MORNING)).toEqual(eventOf(other, 8, MORNING + 500));
  expect(eventOf(one, 4, MORNING)).not.toEqual(eventOf(other, 8, MORNING + 1000));
  const own = [eventOf(one, 1, MORNING), eventOf(one, 3, MORNING), eventOf(other, 1, MORNING)];
  expect(new Set(own.map(({ operation }) => operation)).size).toBe(3);
  expect(own[0]).toMatchObject({ app: 'app-00', time: '2026-03-21 01:02:03.456' });
});

test("a SQL Server's statements", async () => {
  const texts = textsFor('sqlserver');
  const event = eventOf({ load: 'old', session: 0 }, 1, MORNING);
  const statements = {
    'create the database': createDatabase('scorpiox_drill_0'),
    'create the table': texts.createTable,
    fill: texts.fill(0, 10),
    duplicate: texts.duplicate(10, 1000),
    'old way': texts.oldWay(event).look,
    'new way': texts.newWay(event),
    'ask for the applications': texts.askApps,
    'end the sessions': endSessions('scorpiox_drill_0'),
    'drop the database': dropDatabase('scorpiox_drill_0'),
  };
  const file = Object.entries(statements).map(([what, { text }]) => `-- ${what}\n${text.trim()}\n`);
  await expect(file.join('\n')).toMatchFileSnapshot('sqlserver-drill.sql');
});
