/**
 * The commands that change rows, from plan to undo, by the same cases on SQLite and on a SQL Server, wherever
 * `SCORPIOX_TEST_MSSQL` names one. It is made a database of its own there; nothing that is there already is touched.
 */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DatabaseLocation, loadConfig } from '@scorpiox/shared/config';
import { type Console, openConsole } from '@scorpiox/shared/database/console';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { withDatabases } from '../../../src/ops/db/actions/with-databases.ts';
import { BackfillNotes } from '../../../src/ops/db/backfill/notes.ts';
import { planBackfill } from '../../../src/ops/db/backfill/plan.ts';
import { columnOf } from '../../../src/ops/db/catalog/table.ts';
import { planDecompute } from '../../../src/ops/db/decompute/plan.ts';
import { planDedupe } from '../../../src/ops/db/dedupe/plan.ts';
import { findDuplicates } from '../../../src/ops/db/dupes/find.ts';
import { readTable } from '../../../src/ops/db/rows/read-table.ts';
import { planUnique } from '../../../src/ops/db/unique/plan.ts';
import type { Action, Plan } from '../../../src/ops/plan/plan.ts';
import { value } from './support.ts';

const url = process.env.SCORPIOX_TEST_MSSQL;
const SKIP = url === undefined ? 'skipped: SCORPIOX_TEST_MSSQL names no SQL Server' : undefined;

interface Place {
  readonly location: DatabaseLocation;
  remove(): Promise<void>;
}

async function opened(location: DatabaseLocation): Promise<Console> {
  const console = await openConsole(location, { tell: () => undefined, lockTimeoutMs: 5_000, create: true });
  if (!console.ok) throw console.error;
  return console.value;
}

async function sqlitePlace(): Promise<Place> {
  const folder = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'scorpiox-db-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  return { location: { kind: 'sqlite', file: join(folder, 'both.db') }, remove };
}

async function serverPlace(): Promise<Place> {
  const config = loadConfig({ flags: {}, env: { SCORPIOX_INSIGHTS_DATABASE: url ?? '' } });
  const there = config.ok ? config.value.insights.database : undefined;
  if (there?.kind !== 'mssql') throw new Error('SCORPIOX_TEST_MSSQL must be mssql://user:password@host:port/database');
  const database = `scorpiox_test_${randomBytes(6).toString('hex')}`;
  const db = await opened(there);
  await db.run({ text: `CREATE DATABASE [${database}];` });
  return {
    location: { ...there, database },
    remove: async () => {
      // Not every server that speaks TDS knows this.
      await db
        .run({ text: `ALTER DATABASE [${database}] SET SINGLE_USER WITH ROLLBACK IMMEDIATE;` })
        .catch(() => undefined);
      await db.run({ text: `DROP DATABASE [${database}];` });
      await db.close();
    },
  };
}

const TABLES = {
  sqlite: `CREATE TABLE requests (id INTEGER PRIMARY KEY, app TEXT NOT NULL, rid TEXT, received TIMESTAMP, duration TEXT,
    ms INT AS (CAST(round(CAST(substr(duration, 7) AS REAL) * 1000) AS INT)), copied INT)`,
  sqlserver: `CREATE TABLE requests (id bigint IDENTITY(1,1) NOT NULL PRIMARY KEY, app nvarchar(32) NOT NULL, rid nvarchar(max) NULL,
    received datetime2(7) NULL, duration nvarchar(32) NULL,
    ms AS (DATEDIFF(millisecond, '00:00:00', CONVERT(time(7), duration))), copied int NULL, version rowversion);`,
};

/** 600 rows of 200 requests, the later ones first, and two without a name. */
const ROWS = [...Array(600).keys()].map((at) => {
  const second = String(at % 60).padStart(2, '0');
  return `('shop', 'r${at % 200}', '2026-03-21 0${9 - Math.floor(at / 100)}:00:${second}.1234567', '00:00:${second}.1080000')`;
});
const FILL = [...Array(6).keys()].map(
  (at) =>
    `INSERT INTO requests (app, rid, received, duration) VALUES ${ROWS.slice(at * 100, at * 100 + 100).join(', ')};`,
);
const NAMELESS = `INSERT INTO requests (app, rid, duration) VALUES ('shop', NULL, '00:00:01'), ('shop', NULL, '00:00:02');`;

function cases(name: string, makePlace: () => Promise<Place>): void {
  describe(name, () => {
    let place: Place;
    let db: Console;

    beforeEach(async () => {
      place = await makePlace();
      db = await opened(place.location);
      await db.run({ text: TABLES[db.kind] });
      for (const text of [...FILL, NAMELESS]) await db.run({ text });
    });

    afterEach(async () => {
      await db.close();
      await place.remove();
    });

    const actions = () => withDatabases({ open: (_, use) => use(db) });

    async function perform(action: Action | undefined): Promise<void> {
      const deed = action === undefined ? undefined : actions().bind(action);
      const done = await deed?.perform();
      if (done?.ok !== true) throw new Error(done?.error.message ?? 'there is no such deed');
    }

    async function apply({ steps }: Plan): Promise<void> {
      for (const { action } of steps) await perform(action);
    }

    async function undo({ steps }: Plan): Promise<void> {
      for (const { action } of steps.toReversed()) await perform(actions().bind(action)?.inverse?.action);
    }

    const TEXT = () => (db.kind === 'sqlite' ? 'TEXT' : 'nvarchar(40)');

    async function content(): Promise<unknown> {
      const text = `SELECT id, app, rid, CAST(received AS ${TEXT()}) AS received, duration, ms FROM requests ORDER BY id`;
      return (await db.run({ text })).sets[0];
    }

    async function count(text: string): Promise<number> {
      return Number((await db.run({ text: `SELECT COUNT(*) AS n FROM ${text}` })).sets[0]?.[0]?.n);
    }

    const BY_NAME = { table: 'requests', key: ['app', 'rid'], by: undefined };

    test('duplicates are those of its own unique index', async () => {
      const found = value(await findDuplicates(db, BY_NAME, 1));
      const isServer = db.kind === 'sqlserver';
      expect(found).toMatchObject({ rows: 602, excess: isServer ? 401 : 400, groups: isServer ? 201 : 200 });
      expect(found.worst[0]?.sample.map(({ id }) => Number(id))).toEqual([401, 201, 1]);
    });

    test('they go, the earliest stays, and all come back as they were', async () => {
      const before = await content();
      const { plan } = value(await planDedupe(db, BY_NAME, actions()));
      await apply(plan);
      expect(await count('requests WHERE rid IS NOT NULL AND id > 400 AND id <= 600')).toBe(200);
      expect(await count('requests WHERE rid IS NOT NULL')).toBe(200);
      expect(await count('requests_duplicates_1')).toBe(db.kind === 'sqlserver' ? 401 : 400);
      await undo(plan);
      expect(await content()).toEqual(before);
    });

    test('a unique index is made, through a hash where the key is too long, and taken back', async () => {
      const before = await content();
      const request = { ...BY_NAME, index: undefined, ignoresDuplicates: true };
      const { plan } = value(await planUnique(db, request, actions()));
      await apply(plan);
      const insert = db.run({ text: "INSERT INTO requests (app, rid) VALUES ('shop', 'r7')" });
      if (db.kind === 'sqlserver') expect((await insert).affected).toBe(0);
      else await expect(insert).rejects.toMatchObject({ code: 'duplicate' });
      expect(value(await planUnique(db, request, actions())).plan.steps).toEqual([]);
      await undo(plan);
      expect(await content()).toEqual(before);
    });

    test('a column is filled, each row once', async () => {
      const column = { table: 'requests', column: 'copied' };
      await db.run({ text: 'UPDATE requests SET copied = 0' });
      const { plan } = value(await planBackfill(db, { column, expression: 'copied + 1' }, actions()));
      await apply(plan);
      expect(await count('requests WHERE copied = 1')).toBe(602);
      const [note] = await new BackfillNotes(db.kind, db.run).all();
      expect(note).toMatchObject({ state: 'done', done: 602, total: 602, worker: undefined });
    });

    test('a computed column becomes a real one, also for rows that come later, and a computed one again', async () => {
      const before = await content();
      const column = { table: 'requests', column: 'ms' };
      const { plan } = value(await planDecompute(db, { column, type: 'int', from: undefined }, actions()));
      await apply(plan);
      expect(await content()).toEqual(before);
      expect(columnOf(await readTable(db, 'requests'), 'ms')).toMatchObject({ isComputed: false });
      await db.run({ text: "INSERT INTO requests (app, rid, duration) VALUES ('shop', 'new', '00:00:03.25')" });
      await db.run({ text: "UPDATE requests SET duration = '00:00:04' WHERE id = 1" });
      expect(await count("requests WHERE rid = 'new' AND ms = 3250")).toBe(1);
      expect(await count('requests WHERE id = 1 AND ms = 4000')).toBe(1);
      await undo(plan);
      expect(columnOf(await readTable(db, 'requests'), 'ms')).toMatchObject({ isComputed: true });
      expect(await count('requests WHERE id = 1 AND ms = 4000')).toBe(1);
    });
  });
}

cases('SQLite', sqlitePlace);
describe.skipIf(SKIP !== undefined)(`SQL Server${SKIP === undefined ? '' : ` (${SKIP})`}`, () => {
  cases('changing rows', serverPlace);
});
