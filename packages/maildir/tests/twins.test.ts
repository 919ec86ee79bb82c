import {
  copyFileSync,
  linkSync,
  mkdirSync,
  readdirSync,
  renameSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { FileSystem, Stat } from '../src/files/file-system.ts';
import { nodeFileSystem } from '../src/files/node-file-system.ts';
import type { Mailbox, MaildirStore } from '../src/index.ts';
import { closeQuietly, mail, newHome, openInbox, recordsOf, statesOf, textOf, until, value } from './helpers.ts';

const FILE = '1600000000.M1.host,S=24,W=24';

/** An open INBOX with one flagged message, whose folder has been read and needs no second look. */
async function oneMessage(file = `${FILE}:2,F`) {
  const home = newHome();
  const cur = join(home.maildir, 'cur');
  for (const directory of ['cur', 'new', 'tmp']) mkdirSync(join(home.maildir, directory), { recursive: true });
  writeFileSync(join(cur, file), mail('one'));
  for (const directory of ['new', 'cur']) utimesSync(join(home.maildir, directory), 1_700_000_000, 1_700_000_000);
  const store = await home.store({ log: () => undefined });
  const inbox = await openInbox(store);
  return { home, cur, store, inbox };
}

const uids = (inbox: Mailbox): number[] => [...inbox.uids()];

/** Resolves when the events of something that changes no message have been looked into. */
async function lookedInto(store: MaildirStore, work: () => void): Promise<void> {
  const before = store.stats().eventBatches;
  work();
  await vi.waitFor(() => expect(store.stats().eventBatches).toBeGreaterThan(before), { timeout: 5_000, interval: 5 });
}

/** A file as other programs put it into place. */
function put(maildir: string, path: string, text: string): void {
  writeFileSync(join(maildir, 'tmp', 'x'), mail(text));
  renameSync(join(maildir, 'tmp', 'x'), path);
}

const seconds = [
  ['link and unlink', linkSync],
  ['cp and rm', copyFileSync],
] as const;

test.each(seconds)('a rename by %s is followed, however long it takes', async (_how, make) => {
  const { cur, store, inbox } = await oneMessage();
  await lookedInto(store, () => make(join(cur, `${FILE}:2,F`), join(cur, `${FILE}:2,FS`)));
  await lookedInto(store, () => unlinkSync(join(cur, `${FILE}:2,F`)));
  value(await inbox.refresh());
  expect(statesOf(inbox).map(({ uid, flags }) => [uid, [...flags].sort()])).toEqual([[1, ['\\Flagged', '\\Seen']]]);
});

test('a second name that is renamed itself is found as well', async () => {
  const { cur, store, inbox } = await oneMessage();
  await lookedInto(store, () => linkSync(join(cur, `${FILE}:2,F`), join(cur, `${FILE}:2,FS`)));
  await lookedInto(store, () => renameSync(join(cur, `${FILE}:2,FS`), join(cur, `${FILE}:2,FRS`)));
  await lookedInto(store, () => unlinkSync(join(cur, `${FILE}:2,F`)));
  value(await inbox.refresh());
  expect(uids(inbox)).toEqual([1]);
});

test('a second name from before the opening does not hide the message when the first one goes', async () => {
  const { home, cur, store, inbox } = await oneMessage();
  linkSync(join(cur, `${FILE}:2,F`), join(cur, `${FILE}:2,FS`));
  utimesSync(cur, 1_700_000_001, 1_700_000_001);
  value(await inbox.refresh());
  await closeQuietly(store);
  const again = await home.store();
  const reopened = await openInbox(again);
  const [shown = ''] = readdirSync(cur).filter((file) => !file.endsWith('FS'));
  await lookedInto(again, () => unlinkSync(join(cur, shown)));
  value(await reopened.refresh());
  expect(uids(reopened)).toEqual([1]);
});

test('another file of the same base name is shown as another message when an event tells of it', async () => {
  const { home, cur, store, inbox } = await oneMessage();
  put(home.maildir, join(cur, `${FILE}:2,S`), 'another');
  await until(inbox, () => inbox.uids().length === 2);
  expect(uids(inbox)).toEqual([1, 2]);
  expect(await textOf(inbox, { uid: statesOf(inbox)[1]?.uid ?? expect.fail() })).toContain('another');
  expect(store.stats().duplicateFiles).toBe(1);
  unlinkSync(join(cur, `${FILE}:2,F`));
  value(await inbox.refresh());
  expect(uids(inbox)).toEqual([2]);
});

test('two new files of one base name are two messages', async () => {
  const { home, cur, inbox } = await oneMessage();
  for (const [text, letters] of [
    ['first', ''],
    ['second', 'S'],
  ] as const)
    put(home.maildir, join(cur, `1600000001.M2.host:2,${letters}`), text);
  await until(inbox, () => inbox.uids().length === 3);
  const texts = await Promise.all(
    statesOf(inbox)
      .slice(1)
      .map((state) => textOf(inbox, state)),
  );
  expect(texts.map((text) => /Subject: (\w+)/.exec(text)?.[1]).sort()).toEqual(['first', 'second']);
});

test('a refresh tells another file from a second name without waiting for the times to settle', async () => {
  const { home, cur, store, inbox } = await oneMessage();
  await lookedInto(store, () => put(home.maildir, join(cur, `${FILE}:2,S`), 'another'));
  utimesSync(cur, 1_700_000_002, 1_700_000_002);
  value(await inbox.refresh());
  expect(uids(inbox)).toEqual([1, 2]);
});

const numbered = [
  ['a message of ours', `${FILE}:2,F`, `${FILE},U=5:2,F`],
  ['one that had another number', `${FILE},U=5:2,F`, `${FILE},U=9:2,FS`],
] as const;

test.each(numbered)('a number that mbsync gives %s leaves it the UID, by event', async (_what, from, to) => {
  const { cur, inbox } = await oneMessage(from);
  const [before] = await recordsOf(inbox);
  renameSync(join(cur, from), join(cur, to));
  value(await inbox.refresh());
  const [after] = await recordsOf(inbox);
  expect([after?.uid, after?.emailId, after?.baseName]).toEqual([1, before?.emailId, to.split(':')[0]]);
  expect(inbox.uidNext).toBe(2);
});

test.each(numbered)('a number that mbsync gives %s leaves it the UID, by a scan', async (_what, from, to) => {
  const { home, cur, store } = await oneMessage(from);
  await closeQuietly(store);
  renameSync(join(cur, from), join(cur, to));
  const inbox = await openInbox(await home.store());
  expect([uids(inbox), inbox.uidNext]).toEqual([[1], 2]);
});

test('a file with a number is another message while the one without is there, and where its size is another', async () => {
  const { home, cur, inbox } = await oneMessage();
  await recordsOf(inbox); // by which the size is known
  put(home.maildir, join(cur, `${FILE},U=5:2,`), 'another');
  value(await inbox.refresh());
  expect(uids(inbox)).toEqual([1, 2]);
  unlinkSync(join(cur, `${FILE}:2,F`));
  put(home.maildir, join(cur, `${FILE},U=6:2,`), 'a third one');
  value(await inbox.refresh());
  value(await inbox.refresh());
  expect(uids(inbox)).toEqual([2, 3]);
});

const cut = <T extends Stat | undefined>(stat: T): T =>
  stat === undefined ? stat : { ...stat, mtime: (stat.mtime / 1_000_000_000n) * 1_000_000_000n };

/** A file system that counts seconds. */
const coarse = (watched: boolean): FileSystem => ({
  ...nodeFileSystem,
  stat: async (path) => cut(await nodeFileSystem.stat(path)),
  now: { ...nodeFileSystem.now, stat: (path) => cut(nodeFileSystem.now.stat(path)) },
  ...(watched
    ? {}
    : {
        watch() {
          throw new Error('There are no watches here.');
        },
      }),
});

test.each([
  true,
  false,
])('every refresh sees every file on a file system that counts seconds; watched: %s', async (watched) => {
  const home = newHome();
  for (const directory of ['cur', 'new', 'tmp']) mkdirSync(join(home.maildir, directory), { recursive: true });
  for (const directory of ['new', 'cur']) utimesSync(join(home.maildir, directory), 1_700_000_000, 1_700_000_000);
  const inbox = await openInbox(await home.store({ fileSystem: coarse(watched), log: () => undefined }));
  const seen: number[] = [];
  for (let count = 1; count <= 12; count += 1) {
    put(home.maildir, join(home.maildir, 'cur', `16000000${count}.M1.host:2,`), 'x');
    value(await inbox.refresh());
    seen.push(inbox.uids().length);
    await new Promise((resolve) => setTimeout(resolve, 60)); // beyond the tick of finer times
  }
  expect(seen).toEqual(Array.from({ length: 12 }, (_, at) => at + 1));
});

test('two files of a base name that tells no time are two messages, whatever was delivered between them', async () => {
  const home = newHome();
  for (const directory of ['cur', 'new', 'tmp']) mkdirSync(join(home.maildir, directory), { recursive: true });
  const files = { 'cur/letter:2,S': 1_500_000_000, 'cur/other:2,S': 1_500_000_100, 'new/letter': 1_500_000_200 };
  for (const [file, time] of Object.entries(files)) {
    put(home.maildir, join(home.maildir, file), file);
    utimesSync(join(home.maildir, file), time, time);
  }
  for (const directory of ['new', 'cur']) utimesSync(join(home.maildir, directory), 1_700_000_000, 1_700_000_000);
  const inbox = await openInbox(await home.store({ log: () => undefined }));
  const texts = await Promise.all(statesOf(inbox).map((state) => textOf(inbox, state)));
  expect(texts.map((text) => /^Subject: (.*)\r/.exec(text)?.[1]).sort()).toEqual(Object.keys(files).sort());
});

test('files from before 1970 come first', async () => {
  const home = newHome();
  for (const directory of ['cur', 'new', 'tmp']) mkdirSync(join(home.maildir, directory), { recursive: true });
  for (const [file, time] of Object.entries({ a: 1_500_000_000, b: -1_000_000, c: 1_000 })) {
    put(home.maildir, join(home.maildir, 'cur', `${file}:2,S`), file);
    const date = new Date(1000 * time); // a number below 0 would mean now
    utimesSync(join(home.maildir, 'cur', `${file}:2,S`), date, date);
  }
  const inbox = await openInbox(await home.store());
  expect((await recordsOf(inbox)).map(({ baseName }) => baseName)).toEqual(['b', 'c', 'a']);
});

test('a file that is renamed while it is about to get a name of its own is looked for again', async () => {
  const home = newHome();
  const cur = join(home.maildir, 'cur');
  for (const directory of ['cur', 'new', 'tmp']) mkdirSync(join(home.maildir, directory), { recursive: true });
  put(home.maildir, join(cur, `${FILE}:2,`), 'one');
  put(home.maildir, join(cur, `${FILE}:2,F`), 'two');
  for (const directory of ['new', 'cur']) utimesSync(join(home.maildir, directory), 1_700_000_000, 1_700_000_000);
  let isFirst = true;
  const fileSystem: FileSystem = {
    ...nodeFileSystem,
    async rename(from, to) {
      if (isFirst) renameSync(from, `${from}S`);
      isFirst = false;
      await nodeFileSystem.rename(from, to);
    },
  };
  const inbox = await openInbox(await home.store({ fileSystem, log: () => undefined }));
  value(await inbox.refresh());
  await until(inbox, () => uids(inbox).length === 2);
  const texts = await Promise.all(statesOf(inbox).map((state) => textOf(inbox, state)));
  expect(texts.map((text) => /^Subject: (.*)\r/.exec(text)?.[1]).sort()).toEqual(['one', 'two']);
  expect(isFirst).toBe(false);
});
