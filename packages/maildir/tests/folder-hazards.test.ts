import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import type { FileSystem } from '../src/files/file-system.ts';
import { nodeFileSystem } from '../src/files/node-file-system.ts';
import { INBOX, type Mailbox, type StoreLogEntry } from '../src/index.ts';
import { closeQuietly, errorOf, mail, name, newHome, openInbox, statesOf, value } from './helpers.ts';

const X = name('X');
const message = { content: mail('one') };

/** A file system on which, once, something else happens while `directory` is synced. */
function meanwhile(directory: (path: string) => boolean, happening: () => Promise<unknown>): FileSystem {
  let happened = false;
  return {
    ...nodeFileSystem,
    async syncDirectory(path) {
      await nodeFileSystem.syncDirectory(path);
      if (happened || !directory(path)) return;
      happened = true;
      await happening();
    },
  };
}

const isBeside = (path: string): boolean => path.includes('..scorpiox-new-');

const nextChange = (mailbox: Mailbox): Promise<void> =>
  new Promise((resolve) => {
    mailbox.onChange(resolve);
  });

test('what is no mailbox cannot be deleted by its name', async () => {
  const home = newHome();
  const store = await home.store();
  mkdirSync(join(home.maildir, '.git'));
  writeFileSync(join(home.maildir, '.git', 'HEAD'), 'x');
  writeFileSync(join(home.maildir, '.dovecot.sieve'), 'keep;');
  for (const text of ['git', 'dovecot.sieve']) {
    expect(errorOf(await store.delete(name(text))).code).toBe('no-such-mailbox');
  }
  expect(readdirSync(home.maildir)).toEqual(expect.arrayContaining(['.git', '.dovecot.sieve']));
});

test.each(['.X', '.X/file'])('a name that something else has on disk (%s) is taken', async (path) => {
  const home = newHome();
  const store = await home.store();
  if (path.includes('/')) mkdirSync(join(home.maildir, '.X'));
  writeFileSync(join(home.maildir, path), 'x');
  value(await store.create(name('Y')));
  expect(errorOf(await store.create(X)).code).toBe('mailbox-exists');
  expect(errorOf(await store.rename(name('Y'), X)).code).toBe('mailbox-exists');
  expect(value(await store.list()).map((one) => one.name)).toEqual(['INBOX', 'Y']);
  expect(existsSync(join(home.maildir, path))).toBe(true);
});

test('a CREATE that comes second leaves the first one’s UIDs alone', async () => {
  const home = newHome();
  const first = await home.store();
  const appended: unknown[] = [];
  const fileSystem = meanwhile(isBeside, async () => {
    value(await first.create(X));
    appended.push(value(await first.append(X, message)), value(await first.append(X, message)));
  });
  const second = await home.store({ fileSystem });
  expect(errorOf(await second.create(X)).code).toBe('mailbox-exists');
  const { uidValidity, uidNext } = value(await first.status(X));
  expect(appended).toEqual([
    { uidValidity, uid: 1 },
    { uidValidity, uid: 2 },
  ]);
  expect(uidNext).toBe(3);
  expect(readdirSync(home.maildir).filter((entry) => entry.startsWith('..'))).toEqual([]);
});

test('a mailbox made anew while the old one is being deleted keeps its UIDs', async () => {
  const home = newHome();
  const maker = await home.store();
  value(await maker.create(X));
  value(await maker.append(X, message));
  const made: Mailbox[] = [];
  const fileSystem = meanwhile(
    (path) => path === home.maildir,
    async () => {
      value(await maker.create(X));
      value(await maker.append(X, message));
      made.push(value(await maker.open(X)));
    },
  );
  const deleter = await home.store({ fileSystem });
  value(await deleter.delete(X));
  for (const mailbox of made) value(await mailbox.refresh());
  expect(value(await maker.status(X))).toMatchObject({ uidValidity: made[0]?.uidValidity, uidNext: 2, messages: 1 });
});

test('a rename that the index refuses leaves the folder where it was', async () => {
  const home = newHome();
  const store = await home.store();
  value(await store.create(name('old')));
  value(await store.append(name('old'), message));
  const before = value(await store.status(name('old')));
  value(await store.create(X));
  value(await store.append(X, message));
  value(await store.delete(X)); // the name had a higher UIDVALIDITY: a rename to it needs a new one
  const endOfTime = await home.store({ clock: () => 2 ** 32 * 1000 });
  expect(errorOf(await endOfTime.rename(name('old'), X)).code).toBe('unavailable');
  expect(value(await store.list()).map((one) => one.name)).toEqual(['INBOX', 'old']);
  expect(value(await store.status(name('old')))).toEqual(before);
});

test.each([
  'delete',
  'rename',
] as const)('a %s by another process is told, once, to whoever has the mailbox open', async (how) => {
  const home = newHome();
  const store = await home.store();
  value(await store.create(X));
  const mailbox = value(await store.open(X));
  const heard = vi.fn();
  mailbox.onChange(heard);
  const told = nextChange(mailbox);
  const other = await home.store();
  value(how === 'delete' ? await other.delete(X) : await other.rename(X, name('Y')));
  await told;
  expect(errorOf(await mailbox.refresh()).code).toBe('no-such-mailbox');
  await nextTurn();
  expect(heard).toHaveBeenCalledTimes(1);
});

test('a rename is told at once within the process, children included', async () => {
  const home = newHome();
  const store = await home.store();
  for (const one of ['a', 'a.b']) value(await store.create(name(one)));
  const mailbox = value(await store.open(name('a.b')));
  const heard = vi.fn();
  mailbox.onChange(heard);
  value(await store.rename(name('a'), name('z')));
  await nextTurn();
  expect(heard).toHaveBeenCalledTimes(1);
  expect(errorOf(await mailbox.refresh()).code).toBe('no-such-mailbox');
});

test('a copy that fails late is undone without a look at the directories, and nothing of it is left', async () => {
  const home = newHome();
  let failing = false;
  const listed: string[] = [];
  const fileSystem: FileSystem = {
    ...nodeFileSystem,
    async names(directory) {
      if (failing) listed.push(directory.replace(home.maildir, ''));
      return nodeFileSystem.names(directory);
    },
    async syncDirectory(path) {
      if (failing && path.endsWith('.X/cur') && listed.length === 0) {
        throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
      }
      await nodeFileSystem.syncDirectory(path);
    },
  };
  const store = await home.store({ fileSystem });
  value(await store.create(X));
  for (let count = 0; count < 5; count += 1) value(await store.append(INBOX, message));
  const inbox = await openInbox(store);
  failing = true;
  const uids = statesOf(inbox).map(({ uid }) => uid);
  expect(errorOf(await inbox.copy(uids, X)).code).toBe('no-space');
  // The mailbox's own looks at its folder are not the copy's.
  expect(listed.filter((directory) => directory.startsWith('/.X/'))).toEqual([]);
  expect(readdirSync(join(home.maildir, '.X', 'cur'))).toEqual([]);
  expect(readdirSync(join(home.maildir, '.X', 'tmp'))).toEqual([]);
});

/** A day and a half later, by the clock of the file system. */
const later: FileSystem = { ...nodeFileSystem, time: () => Date.now() + 37 * 3_600_000 };

test('a directory in tmp/ stays, and does not keep the mailbox from being opened', async () => {
  const home = newHome();
  const store = await home.store({ fileSystem: later });
  mkdirSync(join(home.maildir, 'tmp', 'theirs'));
  writeFileSync(join(home.maildir, 'tmp', 'half'), 'Subject: ha');
  await openInbox(store);
  await closeQuietly(store); // which waits for what nobody else waits for
  expect(readdirSync(join(home.maildir, 'tmp'))).toEqual(['theirs']);
});

test('what cannot be cleared away is said, and the mailbox opens', async () => {
  const home = newHome();
  const log = vi.fn<(entry: StoreLogEntry) => void>();
  const refuse = async (): Promise<void> => {
    throw Object.assign(new Error('operation not permitted'), { code: 'EPERM' });
  };
  const store = await home.store({ fileSystem: { ...later, unlink: refuse }, log });
  writeFileSync(join(home.maildir, 'tmp', 'half'), 'Subject: ha');
  expect(statesOf(await openInbox(store))).toEqual([]);
  await closeQuietly(store);
  expect(log.mock.calls.map(([entry]) => entry.code)).toEqual(['leftover-kept']);
});
