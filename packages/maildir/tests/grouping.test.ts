import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { FileSystem } from '../src/files/file-system.ts';
import { nodeFileSystem } from '../src/files/node-file-system.ts';
import { INBOX, type NewMessage } from '../src/index.ts';
import { closeQuietly, errorOf, mail, newHome, openInbox, statesOf, textOf, value } from './helpers.ts';

const files = (maildir: string): string[] =>
  ['tmp', 'new', 'cur'].flatMap((part) => readdirSync(join(maildir, part)).map((file) => `${part}/${file}`));

test('one delivery that cannot be moved into place does not concern the others of its group', async () => {
  const home = newHome();
  let doomed = '';
  const fileSystem: FileSystem = {
    ...nodeFileSystem,
    now: {
      ...nodeFileSystem.now,
      create(path, bytes, time) {
        if (Buffer.from(bytes).includes('doomed')) doomed = path;
        return nodeFileSystem.now.create(path, bytes, time);
      },
      rename(from, to) {
        if (from === doomed) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
        nodeFileSystem.now.rename(from, to);
      },
    },
  };
  const store = await home.store({ fileSystem });
  const subjects = ['one', 'two', 'doomed', 'three', 'four'];
  const answers = await Promise.all(subjects.map((subject) => store.append(INBOX, { content: mail(subject) })));
  expect(answers.map(({ ok }) => ok)).toEqual([true, true, false, true, true]);
  expect(answers.flatMap((answer) => (answer.ok ? [] : [answer.error.code]))).toEqual(['no-space']);
  expect(files(home.maildir)).toHaveLength(4);
  const inbox = await openInbox(store);
  expect(statesOf(inbox)).toHaveLength(4);
});

test('an index that refuses a group takes all of its files away again', async () => {
  const home = newHome();
  const store = await home.store();
  value(await store.append(INBOX, { content: mail('kept') }));
  const blocker = new DatabaseSync(home.indexFile);
  blocker.exec(
    `CREATE TRIGGER full BEFORE INSERT ON messages WHEN NEW.uid = 4 BEGIN SELECT raise(ABORT, 'no room'); END`,
  );
  blocker.close();
  const messages = ['a', 'b', 'c', 'd'].map((subject): NewMessage => ({ content: mail(subject), flags: ['\\Seen'] }));
  await expect(store.appendAll(INBOX, messages)).rejects.toThrow('no room');
  expect(files(home.maildir)).toHaveLength(1);
  expect(value(await store.appendAll(INBOX, messages.slice(0, 2))).uids).toEqual([2, 3]);
});

test('appendAll answers UIDs in the order of the messages, however large, with their flags and dates', async () => {
  const home = newHome();
  const store = await home.store();
  const inbox = await openInbox(store);
  async function* large(): AsyncGenerator<Uint8Array> {
    yield mail('large');
    for (let count = 0; count < 10; count += 1) yield Buffer.alloc(40_000, 'x\r\n');
  }
  const order: string[] = [];
  async function* messages(): AsyncGenerator<NewMessage> {
    order.push('first');
    yield { content: mail('first'), flags: ['\\Seen', 'keyword'], internalDate: 1_500_000_000_000 };
    order.push('large');
    yield { content: large() };
    order.push('last');
    yield { content: mail('last'), flags: ['\\Draft'] };
  }
  const { uids, uidValidity } = value(await store.appendAll(INBOX, messages()));
  expect(uidValidity).toBe(inbox.uidValidity);
  expect(uids).toEqual([...uids].sort((a, b) => a - b));
  expect(order).toEqual(['first', 'large', 'last']);
  const texts: string[] = [];
  for (const uid of uids) texts.push((await textOf(inbox, { uid })).slice(0, 16).trim());
  expect(texts).toEqual(['Subject: first', 'Subject: large', 'Subject: last']);
  const [first] = uids;
  expect([...(first === undefined ? [] : (inbox.state(first)?.flags ?? []))].sort()).toEqual(['\\Seen', 'keyword']);
  expect(value(await store.appendAll(INBOX, [])).uids).toEqual([]);
});

test('appendAll answers ascending UIDs, even where another process saw only a later message of them', async () => {
  const home = newHome();
  let isWatched = false;
  const fileSystem: FileSystem = {
    ...nodeFileSystem,
    async syncDirectory(path) {
      if (isWatched && path.endsWith('/new')) {
        isWatched = false;
        const base = readdirSync(path).sort()[1] ?? '';
        const other = new DatabaseSync(home.indexFile);
        other.exec(`UPDATE mailboxes SET uidnext = uidnext + 1, highestmodseq = highestmodseq + 1;
          INSERT INTO messages SELECT id, uidnext - 1, highestmodseq, '${base}', 1, '', 0, '', 1, 0, 0, 0, 0, 0, '' FROM mailboxes;
          INSERT INTO uid_ranges SELECT id, uidnext - 1, uidnext - 1 FROM mailboxes`);
        other.close();
      }
      await nodeFileSystem.syncDirectory(path);
    },
  };
  const store = await home.store({ fileSystem });
  value(await store.status(INBOX));
  isWatched = true;
  const { uids } = value(
    await store.appendAll(
      INBOX,
      ['a', 'b', 'c'].map((subject) => ({ content: mail(subject) })),
    ),
  );
  expect(isWatched).toBe(false);
  expect(uids).toEqual([...uids].sort((a, b) => a - b));
  const inbox = await openInbox(store);
  expect([...inbox.uids()]).toEqual(uids);
  for (const [at, uid] of uids.entries()) expect(await textOf(inbox, { uid })).toContain(`Subject: ${'abc'[at]}`);
});

test('appendAll stores nothing when one of its messages fails', async () => {
  const home = newHome();
  const store = await home.store();
  const content = mail('one');
  const short = { content, length: content.length + 1 };
  expect(errorOf(await store.appendAll(INBOX, [{ content }, short, { content }])).code).toBe('incomplete');
  expect(files(home.maildir)).toEqual([]);
  async function* broken(): AsyncGenerator<NewMessage> {
    yield { content };
    throw Object.assign(new Error('connection reset'), { code: 'ECONNRESET' });
  }
  await expect(store.appendAll(INBOX, broken())).rejects.toThrow('connection reset');
  expect(files(home.maildir)).toEqual([]);
});

test('an abort ends a delivery whose content never comes, and nothing is stored', async () => {
  const home = newHome();
  const store = await home.store();
  const controller = new AbortController();
  const asked = Promise.withResolvers<void>();
  let returned = false;
  const content: AsyncIterable<Uint8Array> = {
    [Symbol.asyncIterator]: () => ({
      next: () => {
        asked.resolve();
        return new Promise(() => undefined);
      },
      async return() {
        returned = true;
        return { done: true, value: undefined };
      },
    }),
  };
  const appending = store.append(INBOX, { content, signal: controller.signal });
  const outcome = expect(appending).rejects.toThrow('enough');
  await asked.promise;
  controller.abort(new Error('enough'));
  await outcome;
  expect(returned).toBe(true);
  const aborted = store.append(INBOX, { content: mail('late'), signal: AbortSignal.abort(new Error('before')) });
  await expect(aborted).rejects.toThrow('before');
  expect(files(home.maildir)).toEqual([]);
});

test('an abort between two chunks of a large message leaves nothing in tmp/', async () => {
  const home = newHome();
  const store = await home.store();
  const controller = new AbortController();
  async function* content(): AsyncGenerator<Uint8Array> {
    for (let count = 0; ; count += 1) {
      if (count === 5) controller.abort(new Error('enough'));
      yield Buffer.alloc(50_000, 'x');
      await nextTurn();
    }
  }
  const appending = store.append(INBOX, { content: content(), signal: controller.signal });
  await expect(appending).rejects.toThrow('enough');
  expect(files(home.maildir)).toEqual([]);
});

test('closing the store waits for deliveries that are being moved into place', async () => {
  const home = newHome();
  const moved = Promise.withResolvers<void>();
  const closing = Promise.withResolvers<void>();
  const fileSystem: FileSystem = {
    ...nodeFileSystem,
    async syncDirectory(path) {
      if (path.endsWith('/new')) {
        moved.resolve();
        await closing.promise;
      }
      await nodeFileSystem.syncDirectory(path);
    },
  };
  const store = await home.store({ fileSystem });
  const appending = store.append(INBOX, { content: mail('late') });
  await moved.promise;
  const closed = closeQuietly(store);
  await nextTurn();
  closing.resolve();
  expect(value(await appending).uid).toBe(1);
  await closed;
  expect([...(await openInbox(await home.store())).uids()]).toEqual([1]);
});
