import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openControl } from '@scorpiox/shared/database';
import { expect, test } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import { identified, submission } from '../helpers/events.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { type StoreFixture, storeContract } from './contract.ts';

async function openFixture(): Promise<StoreFixture> {
  const folder = mkdtempSync(join(tmpdir(), 'scorpiox-store-'));
  const file = join(folder, 'insights.db');
  const { shop, blog } = await addApps(file);
  const store = openSqliteStore(file);
  return {
    store,
    shop,
    blog,
    openAnother: async () => openSqliteStore(file),
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

async function addApps(file: string): Promise<{ shop: number; blog: number }> {
  const control = await openControl({ kind: 'sqlite', file });
  if (!control.ok) throw new Error(control.error.message);
  for (const name of ['shop', 'blog']) await control.value.addApp(name);
  const ids = new Map((await control.value.apps()).map(({ id, name }) => [name, id]));
  await control.value.close();
  return { shop: ids.get('shop') ?? 0, blog: ids.get('blog') ?? 0 };
}

storeContract('SQLite', openFixture);

test('the dashboard reads rollups alone: its answer stays when no event is left', async () => {
  const file = join(temporaryFolder(), 'insights.db');
  const { shop } = await addApps(file);
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
