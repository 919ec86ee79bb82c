import { mkdirSync, readdirSync, renameSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { FileSystem } from '../src/files/file-system.ts';
import { nodeFileSystem } from '../src/files/node-file-system.ts';
import { closeQuietly, errorOf, mail, newHome, openInbox, statesOf, value } from './helpers.ts';

/** A file system that counts what a look at a folder may read. */
function counting() {
  const reads = { directories: 0, texts: 0 };
  const fileSystem: FileSystem = {
    ...nodeFileSystem,
    files: (directory, onName) => {
      reads.directories += 1;
      return nodeFileSystem.files(directory, onName);
    },
    now: {
      ...nodeFileSystem.now,
      readText: (path) => {
        reads.texts += 1;
        return nodeFileSystem.now.readText(path);
      },
    },
  };
  return { reads, fileSystem };
}

/** INBOX with old directories, open, and refreshed until that costs nothing. */
async function quietInbox(fileSystem: FileSystem) {
  const home = newHome();
  const store = await home.store({ fileSystem });
  value(await store.append((await openInbox(store)).name, { content: mail('one'), flags: ['\\Seen'] }));
  await closeQuietly(store);
  writeFileSync(join(home.maildir, 'dovecot-keywords'), '0 $Work\n');
  for (const old of ['new', 'cur', 'dovecot-keywords'])
    utimesSync(join(home.maildir, old), 1_700_000_000, 1_700_000_000);
  const inbox = await openInbox(await home.store({ fileSystem }));
  value(await inbox.refresh());
  return { home, inbox };
}

test('a refresh reads neither directories nor the keywords file where nothing has happened', async () => {
  const { reads, fileSystem } = counting();
  const { inbox } = await quietInbox(fileSystem);
  const before = { ...reads };
  for (let count = 0; count < 100; count += 1) value(await inbox.refresh());
  expect(reads).toEqual(before);
});

test('every refresh sees what was done just before, though it shares its time with what was done before that', async () => {
  // Times of ten milliseconds, as coarse as kernels have them.
  const stat: FileSystem['now']['stat'] = (path) => {
    const found = nodeFileSystem.now.stat(path);
    return found?.kind === 'directory' ? { ...found, mtime: (found.mtime / 10_000_000n) * 10_000_000n } : found;
  };
  const { home, inbox } = await quietInbox({ ...nodeFileSystem, now: { ...nodeFileSystem.now, stat } });
  const cur = join(home.maildir, 'cur');
  for (let count = 1; count <= 60; count += 1) {
    writeFileSync(join(cur, `1700000000.${count}.host:2,`), mail('one'));
    value(await inbox.refresh());
    expect(inbox.uids()).toHaveLength(count + 1);
  }
  for (let count = 60; count > 40; count -= 1) {
    unlinkSync(join(cur, `1700000000.${count}.host:2,`));
    value(await inbox.refresh());
    expect(inbox.uids()).toHaveLength(count);
  }
});

test('a keyword that another program adds is seen by the next refresh', async () => {
  const { home, inbox } = await quietInbox(nodeFileSystem);
  expect(inbox.keywords()).toEqual(['$Work']);
  writeFileSync(join(home.maildir, 'dovecot-keywords'), '0 $Work\n1 $Play\n');
  value(await inbox.refresh());
  expect(inbox.keywords()).toEqual(['$Work', '$Play']);
});

test('what another session of the process or another store changes is told by the next refresh', async () => {
  const { home, inbox } = await quietInbox(nodeFileSystem);
  const other = await openInbox(await home.store());
  const [message] = statesOf(other);
  const before = inbox.highestModSeq; // before the change: an event may bring it while the store still works
  value(await other.store([message?.uid ?? expect.fail()], { operation: 'add', flags: ['\\Flagged'] }));
  value(await inbox.refresh());
  expect(inbox.highestModSeq).toBeGreaterThan(before);
});

test('directories that are put in the place of the watched ones are read, and watched from then on', async () => {
  const { home, inbox } = await quietInbox(nodeFileSystem);
  const cur = join(home.maildir, 'cur');
  mkdirSync(join(home.maildir, 'other'));
  for (const file of readdirSync(cur)) renameSync(join(cur, file), join(home.maildir, 'other', `${file}F`));
  renameSync(cur, join(home.maildir, 'away'));
  renameSync(join(home.maildir, 'other'), cur);
  utimesSync(cur, 1_700_000_000, 1_700_000_000); // the very time that the old one had
  value(await inbox.refresh());
  expect(statesOf(inbox).map(({ flags }) => flags.has('\\Flagged'))).toEqual([true]);
  const told = new Promise<void>((resolve) => {
    inbox.onChange(resolve);
  });
  writeFileSync(join(cur, '1700000009.b.host:2,'), mail('two'));
  await told;
  expect(inbox.uids()).toHaveLength(2);
});

test('a folder that is not there any more is told at once', async () => {
  const { home, inbox } = await quietInbox(nodeFileSystem);
  renameSync(join(home.maildir, 'cur'), join(home.maildir, 'away'));
  expect(errorOf(await inbox.refresh()).code).toBe('no-such-mailbox');
});

test('after a while of quiet, the next opening needs no scan, whatever events have brought since the last one', async () => {
  const { home, inbox } = await quietInbox(nodeFileSystem);
  const cur = join(home.maildir, 'cur');
  for (const file of readdirSync(cur)) renameSync(join(cur, file), join(cur, `${file}F`));
  value(await inbox.refresh());
  const scans = await vi.waitFor(
    async () => {
      const store = await home.store();
      await openInbox(store);
      expect(store.stats().scans).toBe(0);
      return store.stats().scans;
    },
    { timeout: 20_000, interval: 500 },
  );
  expect(scans).toBe(0);
  expect(statesOf(await openInbox(await home.store())).map(({ flags }) => flags.has('\\Flagged'))).toEqual([true]);
});

test('a look that failed is made good by a scan, though later events come through', async () => {
  let isBroken = false;
  const stat: FileSystem['now']['stat'] = (path) => {
    if (isBroken && path.includes(':2,')) throw Object.assign(new Error('EIO'), { code: 'EIO' });
    return nodeFileSystem.now.stat(path);
  };
  const { home, inbox } = await quietInbox({ ...nodeFileSystem, now: { ...nodeFileSystem.now, stat } });
  const cur = join(home.maildir, 'cur');
  const [file = ''] = readdirSync(cur);
  isBroken = true;
  renameSync(join(cur, file), join(cur, `${file}F`));
  expect(errorOf(await inbox.refresh()).code).toBe('unavailable');
  isBroken = false;
  const arrived = new Promise<void>((resolve) => {
    inbox.onChange(resolve);
  });
  writeFileSync(join(home.maildir, 'new', '.other'), ''); // of both directories
  writeFileSync(join(cur, '1700000009.b.host:2,'), mail('two'));
  await arrived;
  value(await inbox.refresh());
  expect(statesOf(inbox).map(({ flags }) => flags.has('\\Flagged'))).toEqual([true, false]);
});
