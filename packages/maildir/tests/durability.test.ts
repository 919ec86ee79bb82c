import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import type { FileSystem, OpenFile, Stat, SynchronousFileSystem } from '../src/files/file-system.ts';
import { nodeFileSystem } from '../src/files/node-file-system.ts';
import { INBOX, openMailStore } from '../src/index.ts';
import {
  Child,
  closeQuietly,
  errorOf,
  mail,
  name,
  newHome,
  openInbox,
  recordsOf,
  statesOf,
  textOf,
  value,
} from './helpers.ts';

function observedNow(step: (what: string) => void): SynchronousFileSystem {
  return {
    ...nodeFileSystem.now,
    create(path, bytes, time) {
      step(`write ${path}`);
      const inner = nodeFileSystem.now.create(path, bytes, time);
      return {
        ...inner,
        async sync() {
          step(`sync ${path}`);
          await inner.sync();
        },
      };
    },
    link(from, to) {
      step(`link ${to}`);
      nodeFileSystem.now.link(from, to);
    },
    rename(from, to) {
      step(`rename ${to}`);
      nodeFileSystem.now.rename(from, to);
    },
  };
}

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
    now: observedNow(step),
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

test('a delivery writes, syncs, renames into place, syncs the directory, and only then enters the index', async () => {
  const home = newHome();
  const steps: string[] = [];
  const fileSystem = observed((what) => {
    const short = what.replace(home.maildir, '').replace(/\d+\.M\S+$/, '*');
    if (steps.at(-1)?.startsWith(short) !== true) steps.push(`${short}, ${rowsIn(home.indexFile)} rows`);
  });
  await closeQuietly(await home.store()); // the Maildir and the index are there
  const store = await home.store({ fileSystem });
  value(await store.append(INBOX, { content: mail('one') }));
  expect(steps).toEqual(['write /tmp/*, 0 rows', 'sync /tmp/*, 0 rows', 'rename /new/*, 0 rows', 'sync /new, 0 rows']);
  expect(rowsIn(home.indexFile)).toBe(1);
});

test('deliveries that wait together are synced one by one in tmp/, and share the sync of the directory and a transaction', async () => {
  const home = newHome();
  const steps: string[] = [];
  let isRecording = false;
  const fileSystem = observed((what) => {
    const short = what.replace(home.maildir, '').replace(/\d+\.M\S+$/, '*');
    if (isRecording) steps.push(`${short}, ${rowsIn(home.indexFile)} rows`);
  });
  const store = await home.store({ fileSystem });
  value(await store.append(INBOX, { content: mail('first') }));
  const before = value(await store.status(INBOX)).highestModSeq;
  isRecording = true;
  const subjects = Array.from({ length: 20 }, (_, at) => `message ${at}`);
  const all = await Promise.all(subjects.map((subject) => store.append(INBOX, { content: mail(subject) })));
  isRecording = false;
  expect(new Set(all.map((one) => value(one).uid)).size).toBe(20);
  const directorySyncs = steps.filter((step) => step.startsWith('sync /new'));
  expect(steps.filter((step) => step.startsWith('sync /tmp'))).toHaveLength(20);
  expect(directorySyncs.length).toBeLessThan(10);
  expect(value(await store.status(INBOX)).highestModSeq - before).toBe(directorySyncs.length);
  // Nothing is in the index that has not been renamed, and the directory synced, before.
  let [renamed, synced] = [1, 1];
  for (const step of steps) {
    if (step.startsWith('rename')) renamed += 1;
    if (step.startsWith('sync /new')) synced = renamed;
    expect(Number(/(\d+) rows/.exec(step)?.[1])).toBeLessThanOrEqual(synced);
  }
  expect(steps.at(-1)).toMatch(/^sync \/new/);
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
  expect(short.filter((step) => step.startsWith('sync'))).toEqual([
    'sync /mail/alice/Maildir/..*',
    'sync /mail/alice/Maildir',
  ]);
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
  const large = Buffer.concat([mail('one'), Buffer.alloc(100_000, 'x')]);
  const { uid } = value(await store.append(INBOX, { content: large }));
  const { uid: small } = value(await store.append(INBOX, { content: mail('two') }));
  const inbox = await openInbox(store);
  const content = value(await inbox.open(uid));
  isBroken = true;
  await expect(content.read()).rejects.toMatchObject({ code: 'unavailable', message: 'The disk reports an error.' });
  expect(await inbox.open(small)).toMatchObject({ ok: false, error: { code: 'unavailable' } }); // read as it is opened
  await expect(content.stream()[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'unavailable' });
  await content.close();
});

test.each([
  [-5_000_000_000n, 0],
  [10n ** 24n, 253_402_300_799_000],
])('a file time of %d ns is shown as a date that can be written', async (mtime, date) => {
  const home = newHome();
  const odd = <T extends Stat | undefined>(found: T): T => (found?.kind === 'file' ? { ...found, mtime } : found);
  const fileSystem: FileSystem = {
    ...nodeFileSystem,
    stat: async (path) => odd(await nodeFileSystem.stat(path)),
    now: { ...nodeFileSystem.now, stat: (path) => odd(nodeFileSystem.now.stat(path)) },
    async open(path, how) {
      const file = await nodeFileSystem.open(path, how);
      return { ...file, stat: async () => odd(await file.stat()) };
    },
  };
  const store = await home.store({ fileSystem });
  writeFileSync(join(home.maildir, 'new', '1700000000.odd.host'), mail('odd'));
  expect((await recordsOf(await openInbox(store))).map(({ internalDate }) => internalDate)).toEqual([date]);
});

test('flag changes are answered without a sync of their own, and expunges are synced once for all their messages', async () => {
  const home = newHome();
  const steps: string[] = [];
  const fileSystem = observed((what) => {
    if (what.startsWith('sync')) steps.push(what.replace(home.maildir, ''));
  });
  const store = await home.store({ fileSystem });
  for (const subject of ['one', 'two', 'three']) {
    value(await store.append(INBOX, { content: mail(subject), flags: ['\\Seen'] }));
  }
  const inbox = await openInbox(store);
  const uids = statesOf(inbox).map(({ uid }) => uid);
  steps.length = 0;
  value(await inbox.store(uids, { operation: 'add', flags: ['\\Deleted'] }));
  expect(steps).toEqual([]);
  expect(value(await inbox.expunge(uids.slice(0, 2)))).toEqual(uids.slice(0, 2));
  expect(steps).toEqual(['sync /cur']);
  await closeQuietly(store);
  expect(steps).toEqual(['sync /cur', 'sync /cur']);
});

test.each(['write', 'sync', 'rename', 'link'])('a full disk at %s leaves nothing behind and says so', async (at) => {
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
  if (at !== 'link') expect(errorOf(await inbox.append({ content: mail('refused') })).code).toBe('no-space');
  expect(readdirSync(join(home.maildir, 'tmp'))).toEqual([]);
  expect(readdirSync(join(home.maildir, 'new'))).toEqual([]);
  if (at === 'sync' || at === 'link') {
    expect(errorOf(await inbox.copy([kept.uid], name('copies'))).code).toBe('no-space');
    for (const folder of ['tmp', 'new', 'cur']) {
      expect(readdirSync(join(home.maildir, '.copies', folder))).toEqual([]);
    }
  }
  isFull = false;
  value(await inbox.refresh());
  expect(statesOf(inbox).map(({ uid }) => uid)).toEqual([kept.uid]);
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
    for (const record of await recordsOf(inbox)) {
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
      /rename(at2?)?\(.*\/Maildir\/tmp\/.*\/Maildir\/new\//,
      /fsync\(\d+<[^>]*\/Maildir\/new>/,
      /f(data)?sync\(\d+<[^>]*index\.sqlite-wal>/,
    ].map((pattern) => before.findLastIndex((line) => pattern.test(line)));
    expect(order).not.toContain(-1);
    expect(order).toEqual([...order].sort((a, b) => a - b));
  },
  60_000,
);

/** Goes through the calls of a trace as they ended, and says where a message was moved or answered too early. */
function tooEarly(lines: readonly string[]): { readonly answers: number; readonly faults: readonly string[] } {
  const begun = new Map<string, string>();
  const synced = new Set<string>();
  const faults: string[] = [];
  let [renamed, inDirectory, inIndex, answers] = [0, 0, 0, 0];
  const ended = (call: string): void => {
    const [, path = ''] = /^f(?:data)?sync\(\d+<([^>]*)>/.exec(call) ?? [];
    const [, from] = /^rename(?:at2?)?\(.*?"([^"]*\/Maildir\/tmp\/[^"]*)"/.exec(call) ?? [];
    if (path.includes('/Maildir/tmp/')) synced.add(path.slice(path.lastIndexOf('/')));
    else if (path.endsWith('/Maildir/new')) inDirectory = renamed;
    else if (path.endsWith('.sqlite-wal')) inIndex = inDirectory;
    if (from !== undefined && call.includes('/Maildir/new/')) {
      renamed += 1;
      if (!synced.has(from.slice(from.lastIndexOf('/')))) faults.push(`moved before it was synced: ${call}`);
    }
    if (!/^writev?\(.*"answer /.test(call)) return;
    answers += 1;
    if (answers > inIndex) faults.push(`answered before ${inIndex + 1} messages were in the index: ${call}`);
  };
  for (const line of lines) {
    const [, thread = '', call = ''] = /^(\d+) +(.*)$/.exec(line) ?? [];
    if (call.endsWith('<unfinished ...>')) begun.set(thread, call);
    else ended(/^<\.\.\. \w+ resumed>/.test(call) ? (begun.get(thread) ?? '') : call);
  }
  return { answers, faults };
}

test.skipIf(!hasStrace && process.env.SCORPIOX_REQUIRE_ALL !== '1')(
  'the order of system calls of deliveries in groups (needs strace: apt-get install strace)',
  async () => {
    const home = newHome();
    const trace = `${home.indexFile}.trace`;
    const calls = 'trace=fsync,fdatasync,rename,renameat,renameat2,write,writev';
    const child = new Child(
      'group-appender.ts',
      [home.maildir, home.indexFile, '12'],
      [STRACE, '-f', '-y', '-s', '200', '-e', calls, '-o', trace],
    );
    await child.exited;
    const lines = readFileSync(trace, 'utf8').split('\n');
    expect(tooEarly(lines)).toEqual({ answers: 12, faults: [] });
    const directorySyncs = lines.filter((line) => /fsync\(\d+<[^>]*\/Maildir\/new>/.test(line));
    expect(directorySyncs.length).toBeLessThan(12);
    // The check itself: without the syncs of one kind every message is too early.
    for (const kind of [/sync\(\d+<[^>]*\/Maildir\/tmp\//, /sync\(\d+<[^>]*\/Maildir\/new>/, /sync\(\d+<[^>]*-wal>/]) {
      expect(tooEarly(lines.filter((line) => !kind.test(line))).faults.length).toBeGreaterThan(0);
    }
  },
  60_000,
);
