import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openControl } from '@scorpiox/shared/database';
import type { Query } from '@scorpiox/shared/query-language';
import { expect, test } from 'vitest';
import type { Slice } from '../../src/store/raw/raw-port.ts';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import { identified, submission } from '../helpers/events.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { type StoreFixture, storeContract } from './contract.ts';
import { metricsContract } from './metrics-contract.ts';
import { overviewContract } from './overview-contract.ts';

async function openFixture(): Promise<StoreFixture> {
  const folder = mkdtempSync(join(tmpdir(), 'scorpiox-store-'));
  const file = join(folder, 'insights.db');
  const { shop, blog } = await addShopAndBlog(file);
  const store = openSqliteStore(file);
  return {
    store,
    shop,
    blog,
    openAnother: async () => openSqliteStore(file),
    addApp: async (name) => (await addApps(file, [name])).get(name) ?? 0,
    countEvents: async () => {
      const db = new DatabaseSync(file);
      const row = db.prepare('SELECT count(*) AS n FROM events').get();
      db.close();
      return Number(row?.n);
    },
    close: async () => {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The numbers of all applications, those among them, by name. */
async function addApps(file: string, names: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const control = await openControl({ kind: 'sqlite', file });
  if (!control.ok) throw new Error(control.error.message);
  for (const name of names) await control.value.addApp(name);
  const ids = new Map((await control.value.apps()).map(({ id, name }) => [name, id]));
  await control.value.close();
  return ids;
}

async function addShopAndBlog(file: string): Promise<{ shop: number; blog: number }> {
  const ids = await addApps(file, ['shop', 'blog']);
  return { shop: ids.get('shop') ?? 0, blog: ids.get('blog') ?? 0 };
}

storeContract('SQLite', openFixture);
metricsContract('SQLite', openFixture);
overviewContract('SQLite', openFixture);

test('the dashboard reads rollups alone: its answer stays when no event is left', async () => {
  const file = join(temporaryFolder(), 'insights.db');
  const { shop } = await addShopAndBlog(file);
  const store = openSqliteStore(file);
  await store.write([submission(shop, [identified()])]);
  const db = new DatabaseSync(file);
  // What does not change the answer is not read for it, so its cost cannot depend on the events stored.
  db.exec('DELETE FROM events');
  db.close();
  const minute = Date.parse('2026-11-20T12:00:00Z') / 60_000;
  const [, summary] = await store.summarizeApps({ from: minute, to: minute + 1, stepMinutes: 1 });
  expect(summary).toMatchObject({ name: 'shop', requests: 1 });
  await store.close();
});

test('a database that cannot be opened fails the store, which then answers instead of hanging', async () => {
  const store = openSqliteStore(join(temporaryFolder(), 'missing', 'folder'));
  expect((await store.failed).message).toBeTruthy();
  await expect(store.health()).rejects.toMatchObject({ name: 'StoreUnavailable' });
  await store.close();
});

test('whether the database answers is told while a long question is being answered', async () => {
  const file = join(temporaryFolder(), 'insights.db');
  const { shop } = await addShopAndBlog(file);
  const db = new DatabaseSync(file);
  db.exec(`WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
    INSERT INTO rollup_buckets SELECT ${shop}, 'request', 50, 'operation ' || i, 1, 1 FROM n`);
  db.close();
  const store = openSqliteStore(file);
  await store.health();
  const order: string[] = [];
  const list = { kind: 'request', search: '', sort: 'name', order: 'asc', limit: 1 } as const;
  const question = (from: number) => store.askOverview('operations', { appId: shop, span: { from, to: 59 }, ...list });
  const long = Promise.all(Array.from({ length: 8 }, (_, index) => question(index))).then(() => order.push('long'));
  await store.health().then(() => order.push('health'));
  await long;
  expect(order).toEqual(['health', 'long']);
  await store.close();
});

test('whoever reads rows holds up no dashboard', async () => {
  const file = join(temporaryFolder(), 'insights.db');
  const { shop } = await addShopAndBlog(file);
  const db = new DatabaseSync(file);
  db.exec(`WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
    INSERT INTO events (app_id, time, hash, kind, name, weight, received_at)
    SELECT ${shop}, i, zeroblob(16), 'request', 'GET /', 1, 0 FROM n`);
  db.close();
  const store = openSqliteStore(file);
  await store.health();
  const order: string[] = [];
  const query: Query = { op: 'text', pattern: ['nowhere', 'to', 'be', 'found'] };
  const slice: Slice = { appId: shop, query, order: 'newest', limit: 0, edge: { time: 1e9, hash: '' }, rows: 200_000 };
  const pages = Array.from({ length: 40 }, () => store.raw.page(slice, { most: 1, whole: false }));
  const all = Promise.all(pages).then(() => order.push('rows'));
  await Promise.all([store.health(), store.summarizeApps({ from: 0, to: 59, stepMinutes: 1 })]);
  order.push('dashboard');
  await all;
  expect(order).toEqual(['dashboard', 'rows']);
  await store.close();
});

test('a long span is answered from hours and days: its cost is not its minutes', async () => {
  const file = join(temporaryFolder(), 'insights.db');
  const { shop } = await addShopAndBlog(file);
  const store = openSqliteStore(file);
  await store.write([submission(shop, [identified({ durationMs: 7 })])]);
  const db = new DatabaseSync(file);
  // What does not change the answer is not read for it.
  db.exec('DELETE FROM app_rollups; DELETE FROM app_hours');
  db.close();
  const noon = Date.parse('2026-11-20T12:00:00Z') / 60_000;
  const [, week] = await store.summarizeApps({ from: noon - 7 * 1440, to: noon + 60, stepMinutes: 240 });
  expect(week).toMatchObject({ requests: 1, min: 7000, steps: [{ step: 42, count: 1 }], buckets: [{ count: 1 }] });
  await store.close();
});
