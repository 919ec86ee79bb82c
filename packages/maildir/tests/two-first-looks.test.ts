/** Two processes read a folder for the first time, and one of them ends while the other is still reading. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { FileSystem } from '../src/files/file-system.ts';
import { nodeFileSystem } from '../src/files/node-file-system.ts';
import { Connection } from '../src/index/connection.ts';
import { INBOX } from '../src/index.ts';
import { closeQuietly, type Home, mail, newHome, openInbox, value } from './helpers.ts';
import { withDatabase } from './index-files.ts';

function folderOf(file: string): Home {
  const home = newHome();
  for (const part of ['cur', 'new', 'tmp']) mkdirSync(join(home.maildir, part), { recursive: true });
  writeFileSync(join(home.maildir, 'cur', file), mail('one'));
  return home;
}

/**
 * One process is about to read cur/, when `isTime`; another reads all, and is shown it; `late` comes; the first one goes on.
 * Resolves when it has read all as well.
 */
async function lookTwice(home: Home, late: string, isTime = () => true, now = nodeFileSystem.now) {
  const [begun, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const fileSystem: FileSystem = {
    ...nodeFileSystem,
    now,
    async files(directory, onName, onLink) {
      if (directory.endsWith('cur') && isTime()) {
        begun.resolve();
        await ended.promise;
      }
      await nodeFileSystem.files(directory, onName, onLink);
    },
  };
  const opened = (await home.store({ fileSystem })).open(INBOX);
  await begun.promise;
  const first = await home.store();
  expect([...(await openInbox(first)).uids()]).toEqual([1]);
  await closeQuietly(first);
  writeFileSync(join(home.maildir, 'cur', late), mail('late'));
  const written = vi.spyOn(Connection.prototype, 'write');
  onTestFinished(() => written.mockRestore());
  ended.resolve();
  return { inbox: value(await opened), written };
}

test('what the one that is late enters is durable at once, since it is seen at once', async () => {
  const { inbox, written } = await lookTwice(folderOf('1600000000.M1.host:2,S'), '1600000001.M1.host:2,S');
  expect([...inbox.uids()]).toEqual([1, 2]);
  expect(written).toHaveBeenCalled();
});

test('the one that is late, where files moved under its eyes, does not say that the folder was never read', async () => {
  const home = folderOf('moving:2,S');
  let looks = 0;
  const now: FileSystem['now'] = {
    ...nodeFileSystem.now,
    stat(path) {
      if (!path.includes('moving')) return nodeFileSystem.now.stat(path);
      looks += 1;
      return undefined;
    },
  };
  await lookTwice(home, 'moving too:2,S', () => looks === 2, now); // the last look of three
  const scanned = withDatabase(home.indexFile, (db) => db.prepare('SELECT scanned FROM mailboxes').all());
  expect(scanned.map((row) => row.scanned)).toEqual(['untrusted']);
});
