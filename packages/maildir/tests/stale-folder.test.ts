import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import type { FileSystem } from '../src/files/file-system.ts';
import { nodeFileSystem } from '../src/files/node-file-system.ts';
import type { Mailbox, MaildirStore } from '../src/index.ts';
import { errorOf, type Home, mail, name, newHome, statesOf, value } from './helpers.ts';

const [A, B] = [name('A'), name('B')];
const message = { content: mail('one') };

let home: Home;
let store: MaildirStore;
/** Opened as A, which is called B by now; another mailbox is called A. */
let stale: Mailbox;

beforeEach(async () => {
  home = newHome();
  store = await home.store();
  value(await store.create(A));
  stale = value(await store.open(A));
  value(await store.rename(A, B));
  value(await store.create(A));
});

const filesIn = (folder: string): string[] =>
  ['new', 'cur', 'tmp'].flatMap((part) => readdirSync(join(home.maildir, folder, part)));

const counts = async (): Promise<number[]> => [
  value(await store.status(A)).messages,
  value(await store.status(B)).messages,
];

test('a mailbox opened under a name that is another’s by now takes no message', async () => {
  expect(errorOf(await stale.append(message)).code).toBe('no-such-mailbox');
  expect([...filesIn('.A'), ...filesIn('.B')]).toEqual([]);
  expect(await counts()).toEqual([0, 0]);
});

test('a message whose content comes while its mailbox is renamed is refused, and in neither', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  async function* content(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('Subject: x\r\n');
    begun.resolve();
    await promise;
    yield Buffer.from('\r\nbody\r\n');
  }
  const answer = store.append(B, { content: content() });
  await begun.promise;
  value(await store.delete(A));
  value(await store.rename(B, A));
  value(await store.create(B));
  resolve();
  expect(errorOf(await answer).code).toBe('no-such-mailbox');
  expect(await counts()).toEqual([0, 0]);
});

test('so is one whose mailbox is renamed between its landing and its UID', async () => {
  let renaming: (() => Promise<unknown>) | undefined;
  const fileSystem: FileSystem = {
    ...nodeFileSystem,
    async syncDirectory(path) {
      await nodeFileSystem.syncDirectory(path);
      const rename = path.endsWith('.B/new') ? renaming : undefined;
      if (rename === undefined) return;
      renaming = undefined;
      await rename();
    },
  };
  const second = await home.store({ fileSystem });
  renaming = async () => {
    value(await store.rename(B, name('C')));
    value(await store.create(B));
  };
  expect(errorOf(await second.append(B, message)).code).toBe('no-such-mailbox');
  expect([...filesIn('.B'), ...filesIn('.C')]).toEqual([]);
});

test('keywords of the mailbox that has the name now do not become those of the one that had it', async () => {
  const [a, b] = [value(await store.open(A)), value(await store.open(B))];
  const { uid } = value(await a.append({ ...message, flags: ['Alpha'] }));
  value(await b.append({ ...message, flags: ['Beta'] }));
  const change = { operation: 'add', flags: ['Gamma'] } as const;
  expect(errorOf(await stale.store([uid], change)).code).toBe('no-such-mailbox');
  expect((await stale.refresh()).ok).toBe(false);
  expect([a.keywords(), b.keywords()]).toEqual([['Alpha'], ['Beta']]);
  expect(statesOf(b).map(({ flags }) => [...flags])).toEqual([expect.arrayContaining(['Beta'])]);
});
