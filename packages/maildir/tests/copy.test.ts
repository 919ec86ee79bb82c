import { linkSync, readdirSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import type { FileSystem } from '../src/files/file-system.ts';
import { nodeFileSystem } from '../src/files/node-file-system.ts';
import { INBOX } from '../src/index.ts';
import { type Home, mail, name, newHome, recordsOf, textOf, value } from './helpers.ts';

const ARCHIVE = name('Archive');
const filesIn = (home: Home, folder: string): string[] =>
  ['tmp', 'new', 'cur'].flatMap((part) => readdirSync(join(home.maildir, folder, part)));

async function mailboxes(home: Home, count: number, fileSystem: FileSystem = nodeFileSystem) {
  const store = await home.store({ fileSystem });
  value(await store.create(ARCHIVE));
  const messages = Array.from({ length: count }, (_, at) => ({ content: mail(`message ${at}`), flags: ['\\Seen'] }));
  const { uids } = value(await store.appendAll(INBOX, messages));
  return { store, uids, inbox: value(await store.open(INBOX)), archive: value(await store.open(ARCHIVE)) };
}

/** Lets the index refuse the message that would get this UID. */
function refuse(home: Home, uid: number): DatabaseSync {
  const blocker = new DatabaseSync(home.indexFile);
  blocker.exec(
    `CREATE TRIGGER full BEFORE INSERT ON messages WHEN NEW.uid = ${uid} BEGIN SELECT raise(ABORT, 'no room'); END`,
  );
  return blocker;
}

test('many messages are copied in batches, in order, and all are taken away again when one is refused', async () => {
  const home = newHome();
  const { inbox, archive, uids } = await mailboxes(home, 600);
  const blocker = refuse(home, 550); // only the archive gets there: INBOX has its UIDs already
  await expect(inbox.copy(uids, ARCHIVE)).rejects.toThrow('no room');
  expect(filesIn(home, '.Archive')).toEqual([]);
  expect([...archive.uids()]).toEqual([]);
  blocker.exec('DROP TRIGGER full');
  blocker.close();
  const { pairs } = value(await inbox.copy([...uids].reverse(), ARCHIVE));
  expect(pairs.map(({ source }) => source)).toEqual(uids);
  const destinations = pairs.map(({ destination }) => destination);
  expect(destinations).toEqual([...destinations].sort((a, b) => a - b));
  expect(destinations[0]).toBeGreaterThan(1);
  value(await archive.refresh());
  expect([...archive.uids()]).toEqual(destinations);
});

test('where there are no hard links the bytes are copied, with date and flags', async () => {
  const home = newHome();
  const link = (): never => {
    throw Object.assign(new Error('EPERM: operation not permitted, link'), { code: 'EPERM' });
  };
  const now = { ...nodeFileSystem.now, link };
  const { inbox, archive, uids } = await mailboxes(home, 3, { ...nodeFileSystem, now });
  const { pairs } = value(await inbox.copy(uids, ARCHIVE));
  expect(pairs.map(({ source }) => source)).toEqual(uids);
  const [before, after] = [await recordsOf(inbox), await recordsOf(archive)];
  expect(after.map(({ internalDate, emailId, size }) => ({ internalDate, emailId, size }))).toEqual(
    before.map(({ internalDate, emailId, size }) => ({ internalDate, emailId, size })),
  );
  for (const [at, record] of after.entries())
    expect(await textOf(archive, record)).toContain(`Subject: message ${at}\r`);
  expect(after.every(({ flags }) => flags.has('\\Seen'))).toBe(true);
  expect(readdirSync(join(home.maildir, '.Archive/tmp'))).toEqual([]);
  expect(filesIn(home, '.Archive')).toHaveLength(3);
});

test('messages of which only the name is known are copied with what their files tell', async () => {
  const home = newHome();
  const store = await home.store();
  value(await store.create(ARCHIVE));
  const file = join(home.maildir, 'cur/1700000000.a.host:2,PS');
  writeFileSync(file, 'Subject: bare\n\nx\n');
  utimesSync(file, 1_500_000_000, 1_500_000_000);
  const [inbox, archive] = [value(await store.open(INBOX)), value(await store.open(ARCHIVE))];
  const uids = [...inbox.states()].map(({ uid }) => uid);
  value(await inbox.copy(uids, ARCHIVE));
  const [record] = await recordsOf(archive);
  expect(record).toMatchObject({ internalDate: 1_500_000_000_000, size: 20, recent: true });
  expect(readdirSync(join(home.maildir, '.Archive/cur'))[0]).toMatch(/:2,PS$/);
});

test('a message that another program renames at the moment of the copy is looked for, and the order stays', async () => {
  const home = newHome();
  let isOff = false;
  const link = (from: string, to: string): void => {
    if (!isOff && from.includes(':2,S')) {
      isOff = true;
      renameSync(from, from.replace(':2,S', ':2,FS'));
    }
    linkSync(from, to);
  };
  const now = { ...nodeFileSystem.now, link };
  const { inbox, archive, uids } = await mailboxes(home, 5, { ...nodeFileSystem, now });
  const { pairs } = value(await inbox.copy(uids, ARCHIVE));
  expect(pairs.map(({ source }) => source)).toEqual(uids);
  expect(pairs.map(({ destination }) => destination)).toEqual([...archive.uids()]);
  expect(filesIn(home, '.Archive')).toHaveLength(5);
  const first = readdirSync(join(home.maildir, '.Archive/cur')).find((file) => file.endsWith(':2,FS')) ?? '';
  expect(statSync(join(home.maildir, '.Archive/cur', first)).nlink).toBe(2);
});

test('what was copied into a folder that another program renames in the middle does not stay there', async () => {
  const home = newHome();
  const [here, away] = [join(home.maildir, '.Archive'), join(home.maildir, '.Elsewhere')];
  let links = 0;
  const link = (from: string, to: string): void => {
    links += 1;
    if (links === 2) renameSync(here, away); // after one message of the batch has landed there
    if (links === 3) renameSync(away, here);
    nodeFileSystem.now.link(from, to);
  };
  const fileSystem: FileSystem = { ...nodeFileSystem, now: { ...nodeFileSystem.now, link } };
  const { inbox, uids } = await mailboxes(home, 2, fileSystem);
  const { pairs } = value(await inbox.copy(uids, ARCHIVE));
  expect(pairs).toHaveLength(2);
  expect(filesIn(home, '.Archive')).toHaveLength(2);
});

test('what was copied does not stay though file and folder are renamed while it is being taken away', async () => {
  const home = newHome();
  const [here, away] = [join(home.maildir, '.Archive'), join(home.maildir, '.Elsewhere')];
  let links = 0;
  let looks = 0;
  const link = (from: string, to: string): void => {
    links += 1;
    if (links === 2) renameSync(here, away); // after one message of the batch has landed there
    if (links === 3) renameSync(away, here);
    nodeFileSystem.now.link(from, to);
  };
  const names = async (directory: string): Promise<string[]> => {
    if (directory !== join(away, 'cur')) return nodeFileSystem.names(directory);
    looks += 1;
    const listed = await nodeFileSystem.names(directory);
    if (looks === 1) for (const name of listed) renameSync(join(directory, name), join(directory, `${name}F`));
    return listed;
  };
  const fileSystem: FileSystem = { ...nodeFileSystem, names, now: { ...nodeFileSystem.now, link } };
  const { inbox, uids } = await mailboxes(home, 2, fileSystem);
  const { pairs } = value(await inbox.copy(uids, ARCHIVE));
  expect(pairs).toHaveLength(2);
  expect(looks).toBeGreaterThan(1);
  expect(filesIn(home, '.Archive')).toHaveLength(2);
});
