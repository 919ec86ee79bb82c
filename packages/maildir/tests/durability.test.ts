import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import type { FileSystem, OpenFile } from '../src/file-system.ts';
import { INBOX, openMailStore } from '../src/index.ts';
import { nodeFileSystem } from '../src/node-file-system.ts';
import { Child, closeQuietly, errorOf, mail, name, newHome, openInbox, textOf, value } from './helpers.ts';

/** A file system that tells each step; `fail` may throw instead of letting it happen. */
function observed(step: (what: string) => void): FileSystem {
  const file = (path: string, inner: OpenFile): OpenFile => ({
    ...inner,
    async write(bytes) {
      step(`write ${path}`);
      await inner.write(bytes);
    },
    async sync() {
      step(`sync ${path}`);
      await inner.sync();
    },
  });
  return {
    ...nodeFileSystem,
    open: async (path, how) => file(path, await nodeFileSystem.open(path, how)),
    async link(from, to) {
      step(`link ${to}`);
      await nodeFileSystem.link(from, to);
    },
    async unlink(path) {
      step(`unlink ${path}`);
      await nodeFileSystem.unlink(path);
    },
    async syncDirectory(path) {
      step(`sync ${path}`);
      await nodeFileSystem.syncDirectory(path);
    },
  };
}

/** Paths of a user of whom nothing is there yet. */
function newPaths() {
  const root = mkdtempSync(join(tmpdir(), 'scorpiox-maildir-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return { root, maildir: join(root, 'mail/alice/Maildir'), indexFile: join(root, 'index/alice/index.sqlite') };
}

function rowsIn(indexFile: string): number {
  const db = new DatabaseSync(indexFile);
  try {
    return Number(db.prepare('SELECT count(*) AS n FROM messages').get()?.n);
  } finally {
    db.close();
  }
}

test('a delivery writes, syncs, links into place, syncs the directory, and only then enters the index', async () => {
  const home = newHome();
  const steps: string[] = [];
  const fileSystem = observed((what) => {
    const short = what.replace(home.maildir, '').replace(/\d+\.M\S+$/, '*');
    if (steps.at(-1)?.startsWith(short) !== true) steps.push(`${short}, ${rowsIn(home.indexFile)} rows`);
  });
  await closeQuietly(await home.store()); // the Maildir and the index are there
  const store = await home.store({ fileSystem });
  value(await store.append(INBOX, { content: mail('one') }));
  expect(steps).toEqual([
    'write /tmp/*, 0 rows',
    'sync /tmp/*, 0 rows',
    'link /new/*, 0 rows',
    'unlink /tmp/*, 0 rows',
    'sync /new, 0 rows',
  ]);
  expect(rowsIn(home.indexFile)).toBe(1);
});

test('every directory that is made for a new user is synced in its parent before the first answer', async () => {
  const { root, ...paths } = newPaths();
  const steps: string[] = [];
  const opened = await openMailStore({ ...paths, fileSystem: observed((what) => steps.push(what.replace(root, ''))) });
  const store = value(opened);
  onTestFinished(() => store.close());
  expect(steps).toEqual([
    'sync ',
    'sync /mail',
    'sync /mail/alice',
    'sync /mail/alice/Maildir',
    'sync ',
    'sync /index',
  ]);
  steps.length = 0;
  value(await store.create(name('Sent')));
  const short = steps.map((step) => step.replace(/scorpiox-new-.*/, '*'));
  expect(short).toEqual([...Array(2).fill('sync /mail/alice/Maildir/..*'), 'sync /mail/alice/Maildir']);
});

test('a disk that fails while a message is read is named in the terms of the contract', async () => {
  let isBroken = false;
  const fileSystem: FileSystem = {
    ...nodeFileSystem,
    async open(path, how) {
      const file = await nodeFileSystem.open(path, how);
      const read: OpenFile['read'] = async (buffer, position) => {
        if (isBroken) throw Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' });
        return file.read(buffer, position);
      };
      return { ...file, read };
    },
  };
  const store = await newHome().store({ fileSystem });
  const { uid } = value(await store.append(INBOX, { content: mail('one') }));
  const inbox = await openInbox(store);
  const content = value(await inbox.open(uid));
  isBroken = true;
  await expect(content.read()).rejects.toMatchObject({ code: 'unavailable', message: 'The disk reports an error.' });
  await expect(content.stream()[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'unavailable' });
  await content.close();
});

test.each([
  [-5_000_000_000n, 0],
  [10n ** 24n, 253_402_300_799_000],
])('a file time of %d ns is shown as a date that can be written', async (mtime, date) => {
  const home = newHome();
  const stat = (path: string) => {
    const found = nodeFileSystem.now.stat(path);
    return found?.kind === 'file' ? { ...found, mtime } : found;
  };
  const store = await home.store({ fileSystem: { ...nodeFileSystem, now: { ...nodeFileSystem.now, stat } } });
  writeFileSync(join(home.maildir, 'new', '1700000000.odd.host'), mail('odd'));
  expect((await openInbox(store)).messages().map(({ internalDate }) => internalDate)).toEqual([date]);
});

test('flag changes and expunges are synced once for all their messages', async () => {
  const home = newHome();
  const steps: string[] = [];
  const store = await home.store({ fileSystem: observed((what) => steps.push(what.replace(home.maildir, ''))) });
  for (const subject of ['one', 'two', 'three']) {
    value(await store.append(INBOX, { content: mail(subject), flags: ['\\Seen'] }));
  }
  const inbox = await openInbox(store);
  const uids = inbox.messages().map(({ uid }) => uid);
  steps.length = 0;
  value(await inbox.store(uids, { operation: 'add', flags: ['\\Deleted'] }));
  expect(steps).toEqual(['sync /cur']);
  expect(value(await inbox.expunge())).toEqual(uids);
  expect(steps).toEqual(['sync /cur', 'sync /cur']);
});

test.each(['write', 'sync', 'link'])('a full disk at %s leaves nothing behind and says so', async (at) => {
  const home = newHome();
  let isFull = false;
  const fileSystem = observed((what) => {
    if (isFull && what.startsWith(at)) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  });
  const store = await home.store({ fileSystem });
  value(await store.create(name('copies')));
  const kept = value(await store.append(INBOX, { content: mail('kept') }));
  const inbox = await openInbox(store);
  isFull = true;
  expect(errorOf(await inbox.append({ content: mail('refused') })).code).toBe('no-space');
  expect(readdirSync(join(home.maildir, 'tmp'))).toEqual([]);
  expect(readdirSync(join(home.maildir, 'new'))).toEqual([]);
  if (at !== 'write') {
    expect(errorOf(await inbox.copy([kept.uid], name('copies'))).code).toBe('no-space');
    for (const folder of ['tmp', 'new', 'cur']) {
      expect(readdirSync(join(home.maildir, '.copies', folder))).toEqual([]);
    }
  }
  isFull = false;
  value(await inbox.refresh());
  expect(inbox.messages().map(({ uid }) => uid)).toEqual([kept.uid]);
});

test('an index that refuses a message takes the delivered file away again', async () => {
  const home = newHome();
  const store = await home.store();
  value(await store.append(INBOX, { content: mail('kept') }));
  const blocker = new DatabaseSync(home.indexFile);
  blocker.exec(`CREATE TRIGGER full BEFORE INSERT ON messages BEGIN SELECT raise(ABORT, 'no room'); END`);
  blocker.close();
  await expect(store.append(INBOX, { content: mail('refused') })).rejects.toThrow('no room');
  expect(readdirSync(join(home.maildir, 'new'))).toHaveLength(1);
});

test('an append that is shorter or longer than announced is refused whole', async () => {
  const home = newHome();
  const store = await home.store();
  const content = mail('one');
  expect(errorOf(await store.append(INBOX, { content, length: content.length + 1 })).code).toBe('incomplete');
  expect(errorOf(await store.append(INBOX, { content, length: content.length - 1 })).code).toBe('too-large');
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield content;
    throw Object.assign(new Error('connection reset'), { code: 'ECONNRESET' });
  }
  await expect(store.append(INBOX, { content: broken() })).rejects.toThrow('connection reset');
  for (const folder of ['tmp', 'new', 'cur']) expect(readdirSync(join(home.maildir, folder))).toEqual([]);
  expect(value(await store.append(INBOX, { content, length: content.length })).uid).toBe(1);
});

test('killed at any point of an append, a message is whole or absent and its UID is never given twice', async () => {
  const home = newHome();
  const everGiven = new Map<number, string>();
  for (let round = 0; round < 30; round += 1) {
    const child = new Child('appender.ts', [home.maildir, home.indexFile, `round${round}`]);
    expect(await child.line()).toBe('ready');
    const answers = Math.floor(Math.random() * 4); // killed before the first answer, or somewhere after a few
    const heard: string[] = [];
    for (let count = 0; count < answers; count += 1) heard.push((await child.line()) ?? '');
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 15));
    await child.kill();
    for (let line = await child.line(); line !== undefined; line = await child.line()) heard.push(line);

    const store = await home.store();
    const inbox = await openInbox(store);
    const found = new Map<number, string>();
    for (const record of inbox.messages()) {
      const text = await textOf(inbox, record);
      const subject = /^Subject: (\S+)\r\n/.exec(text)?.[1] ?? 'no subject';
      expect(text.endsWith(`end of ${subject}\r\n`)).toBe(true);
      expect(text.length).toBe(record.size);
      expect([...found.values()]).not.toContain(subject);
      found.set(record.uid, subject);
    }
    for (const answer of heard.filter((line) => line.includes(' '))) {
      const [uid, subject] = answer.split(' ');
      expect(found.get(Number(uid))).toBe(subject);
    }
    for (const [uid, subject] of everGiven) expect(found.get(uid)).toBe(subject);
    for (const [uid, subject] of found) everGiven.set(uid, subject);
    await closeQuietly(store);
  }
}, 180_000);

const STRACE = 'strace';
const hasStrace = spawnSync(STRACE, ['-V']).status === 0;
const needsStrace = 'the order of system calls of a delivery (needs strace: apt-get install strace)';

test.skipIf(!hasStrace && process.env.SCORPIOX_REQUIRE_ALL !== '1')(
  needsStrace,
  async () => {
    const home = newHome();
    const trace = `${home.indexFile}.trace`;
    const calls = 'trace=fsync,fdatasync,rename,renameat,renameat2,link,linkat,write,writev';
    const child = new Child(
      'appender.ts',
      [home.maildir, home.indexFile, 'traced', '1'],
      [STRACE, '-f', '-y', '-s', '16', '-e', calls, '-o', trace],
    );
    expect(await child.line()).toBe('ready');
    expect(await child.line()).toBe('1 traced-0');
    await child.exited;
    const lines = readFileSync(trace, 'utf8').split('\n');
    const answer = lines.findIndex((line) => line.includes('"1 traced-0'));
    expect(answer).toBeGreaterThan(0);
    const before = lines.slice(0, answer);
    const order = [
      /fsync\(\d+<[^>]*\/Maildir\/tmp\/[^>]+>/,
      /link(at)?\(.*\/Maildir\/tmp\/.*\/Maildir\/new\//,
      /fsync\(\d+<[^>]*\/Maildir\/new>/,
      /f(data)?sync\(\d+<[^>]*index\.sqlite-wal>/,
    ].map((pattern) => before.findLastIndex((line) => pattern.test(line)));
    expect(order).not.toContain(-1);
    expect(order).toEqual([...order].sort((a, b) => a - b));
  },
  60_000,
);
