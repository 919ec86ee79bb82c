import { linkSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { FileSystem } from '../src/files/file-system.ts';
import { nodeFileSystem } from '../src/files/node-file-system.ts';
import { INBOX } from '../src/index.ts';
import { PARALLEL } from '../src/limits.ts';
import { inParallel } from '../src/sync/apply.ts';
import { LateSync } from '../src/writing/late-sync.ts';
import { closeQuietly, errorOf, mail, name, newHome, openInbox, statesOf, value } from './helpers.ts';
import { withDatabase } from './index-files.ts';

const failure = (code: string): Error => Object.assign(new Error(code), { code });

test('after a failure nothing more is begun, and it is told when nothing runs any more', async () => {
  let [begun, running] = [0, 0];
  const work = async (item: number): Promise<void> => {
    begun += 1;
    running += 1;
    for (let turns = 0; turns < item; turns += 1) await nextTurn();
    running -= 1;
    if (item === 3) throw failure('ENOSPC');
  };
  const items = Array.from({ length: 100 }, (_, at) => at % 20);
  await expect(inParallel(items, work)).rejects.toThrow('ENOSPC');
  expect(running).toBe(0);
  expect(begun).toBeLessThan(3 * PARALLEL);
});

test('bytes that were copied before the disk was full are taken away before the answer', async () => {
  const home = newHome();
  let left = 10;
  const fileSystem: FileSystem = {
    ...nodeFileSystem,
    async open(path, how) {
      if (how === 'create' && path.includes('.D/tmp')) {
        left -= 1;
        if (left === 0) throw failure('ENOSPC');
      }
      return nodeFileSystem.open(path, how);
    },
    now: {
      ...nodeFileSystem.now,
      link() {
        throw failure('EPERM');
      },
    },
  };
  const store = await home.store({ fileSystem });
  value(await store.create(name('D')));
  const messages = Array.from({ length: 60 }, (_, at) => ({ content: mail(String(at)), flags: ['\\Seen'] }));
  value(await store.appendAll(INBOX, messages));
  const inbox = await openInbox(store);
  const uids = statesOf(inbox).map(({ uid }) => uid);
  expect(errorOf(await inbox.copy(uids, name('D'))).code).toBe('no-space');
  const leftOver = (): string[] => ['tmp', 'cur'].flatMap((part) => readdirSync(join(home.maildir, '.D', part)));
  expect(leftOver()).toEqual([]);
  left = 0; // the disk has room again
  expect(value(await inbox.copy(uids, name('D'))).pairs).toHaveLength(60);
  expect(readdirSync(join(home.maildir, '.D', 'tmp'))).toEqual([]);
});

test('a sync of flags that failed is tried again until one succeeds', async () => {
  let tries = 0;
  const failures: unknown[] = [];
  const synced = Promise.withResolvers<void>();
  const late = new LateSync({
    syncLog: async () => undefined,
    async syncDirectory() {
      tries += 1;
      if (tries <= 3) throw failure('EIO');
      synced.resolve();
    },
    delay: 1,
    onFailure: (error) => failures.push(error),
  });
  await late.answer('/cur');
  await synced.promise;
  await late.close();
  expect([tries, failures.length]).toEqual([4, 3]);
});

test('what a refused delivery has put into place goes without a look at the directories', async () => {
  const home = newHome();
  let isBroken = false;
  const looks: string[] = [];
  const fileSystem: FileSystem = {
    ...nodeFileSystem,
    async names(directory) {
      if (isBroken) looks.push(directory);
      return nodeFileSystem.names(directory);
    },
    async syncDirectory(path) {
      if (isBroken) throw failure('EIO');
      await nodeFileSystem.syncDirectory(path);
    },
  };
  const store = await home.store({ fileSystem });
  isBroken = true;
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, at) => store.append(INBOX, { content: mail(String(at)) })),
  );
  expect(new Set(answers.map((answer) => errorOf(answer).code))).toEqual(new Set(['unavailable']));
  expect(looks).toEqual([]);
  isBroken = false;
  expect(['new', 'cur', 'tmp'].flatMap((part) => readdirSync(join(home.maildir, part)))).toEqual([]);
  expect(value(await store.status(INBOX)).uidNext).toBe(1);
});

test('an expunge that fails half way frees the quota of what is gone', async () => {
  const home = newHome();
  let left = Number.POSITIVE_INFINITY;
  const fileSystem: FileSystem = {
    ...nodeFileSystem,
    now: {
      ...nodeFileSystem.now,
      unlink(path) {
        if (path.includes('/cur/')) left -= 1;
        if (left < 0) throw failure('EIO');
        nodeFileSystem.now.unlink(path);
      },
    },
  };
  const store = await home.store({ fileSystem });
  value(await store.setQuota({ storage: undefined, messages: 10_000 }));
  const messages = Array.from({ length: 600 }, (_, at) => ({ content: mail(String(at)), flags: ['\\Deleted'] }));
  value(await store.appendAll(INBOX, messages));
  const inbox = await openInbox(store);
  left = 500;
  expect(errorOf(await inbox.expunge()).code).toBe('unavailable');
  left = Number.POSITIVE_INFINITY;
  const there = readdirSync(join(home.maildir, 'cur')).length;
  expect(there).toBe(100);
  expect(value(await store.quota())?.used.messages).toBe(there);
});

/** Enough for several slices of the loop of any machine. */
const MANY = 24_000;

async function withManyMessages() {
  const home = newHome();
  for (const part of ['cur', 'new', 'tmp']) mkdirSync(join(home.maildir, '.D', part), { recursive: true });
  const path = (at: number): string => join(home.maildir, '.D', 'cur', `1700000000.M${at}P1.host,S=5,W=5:2,`);
  writeFileSync(path(0), 'hello');
  for (let at = 1; at < MANY; at += 1) linkSync(path(0), path(at));
  const store = await home.store();
  expect(value(await store.status(name('D'))).messages).toBe(MANY);
  const rows = (): number =>
    withDatabase(home.indexFile, (db) => Number(db.prepare('SELECT count(*) AS rows FROM messages').get()?.rows));
  return { home, store, rows };
}

test('the rows of a mailbox that is deleted go a few at a time, and all of them', async () => {
  const { store, rows } = await withManyMessages();
  const seen = new Set<number>();
  let isOver = false;
  const watching = (async () => {
    for (; !isOver; await nextTurn()) seen.add(rows());
  })();
  value(await store.delete(name('D')));
  isOver = true;
  await watching;
  expect(rows()).toBe(0);
  expect([...seen].filter((count) => count > 0 && count < MANY).length).toBeGreaterThan(1);
});

test('what is left of them when the process dies goes with the next one, and nobody sees it', async () => {
  const { home, store, rows } = await withManyMessages();
  await closeQuietly(store);
  withDatabase(home.indexFile, (db) => db.exec("UPDATE mailboxes SET folder = 'removed-' || id WHERE folder = '.D'"));
  const next = await home.store();
  value(await next.delete(name('D'))); // whose folder is still there
  value(await next.create(name('D')));
  expect(value(await next.status(name('D'))).messages).toBe(0);
  value(await next.list());
  expect(rows()).toBe(0);
});
