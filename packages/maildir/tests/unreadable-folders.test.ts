import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { EventQueue } from '../src/files/node-file-system.ts';
import type { StoreLogEntry } from '../src/index.ts';
import { newHome, value } from './helpers.ts';

const UNREADABLE = ['.raw ä', '.inbox', '.a..b', '.Bad&zz', '.linked'];

test('folders of mail that are no mailboxes are told, once each', async () => {
  const home = newHome();
  for (const folder of [...UNREADABLE.slice(0, -1), '.Good', '..scorpiox-trash-x', 'elsewhere']) {
    mkdirSync(join(home.maildir, folder, 'cur'), { recursive: true });
  }
  mkdirSync(join(home.maildir, '.git'));
  symlinkSync(join(home.maildir, 'elsewhere'), join(home.maildir, '.linked'));
  const told: StoreLogEntry[] = [];
  const store = await home.store({ log: (entry) => told.push(entry) });
  for (let look = 0; look < 2; look += 1) {
    expect(value(await store.list()).map(({ name }) => name)).toEqual(['INBOX', 'Good']);
  }
  const messages = told.filter(({ code }) => code === 'folder-unreadable').map(({ message }) => message);
  expect(messages).toHaveLength(UNREADABLE.length);
  for (const folder of UNREADABLE) expect(messages.some((message) => message.includes(`/${folder}"`))).toBe(true);
  expect(store.stats().unreadableFolders).toBe(UNREADABLE.length);
});

test('a kernel’s queue that is set smaller is doubted the earlier', async () => {
  const queue = new EventQueue(100);
  const onDoubt = vi.fn();
  queue.add(onDoubt);
  for (let event = 0; event < 49; event += 1) queue.count();
  await nextTurn();
  expect(onDoubt).not.toHaveBeenCalled();
  for (let event = 0; event < 50; event += 1) queue.count();
  await nextTurn();
  expect(onDoubt).toHaveBeenCalledOnce();
});
