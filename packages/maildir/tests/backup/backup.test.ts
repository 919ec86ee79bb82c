import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type BackUpReport, backUpMail, INBOX, verifyBackup } from '../../src/index.ts';
import { Child, closeQuietly, type Home, mail, name, newHome, value } from '../helpers.ts';

function newPlace(): string {
  const folder = mkdtempSync(join(tmpdir(), 'scorpiox-backup-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'alice');
}

async function account(): Promise<Home> {
  const home = newHome();
  const store = await home.store();
  value(await store.create(name('Archive'), '\\Archive'));
  value(await store.subscribe(name('Archive'), true));
  value(await store.append(INBOX, { content: mail('one'), internalDate: 1_700_000_000_000 }));
  value(await store.append(INBOX, { content: mail('two'), flags: ['\\Seen', 'work'] }));
  value(await store.append(name('Archive'), { content: mail('three') }));
  await closeQuietly(store);
  return home;
}

const backUp = (
  home: Home,
  root: string,
  more: Partial<Parameters<typeof backUpMail>[0]> = {},
): Promise<BackUpReport> => backUpMail({ ...home, user: 'alice', root, ...more });

type Line = Readonly<Record<string, unknown>>;

const linesOf = (root: string, { name: backup }: BackUpReport): Line[] =>
  readFileSync(join(root, backup, 'manifest.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

const messagesIn = (lines: readonly Line[]) => lines.filter(({ kind }) => kind === 'message');

async function faults(root: string): Promise<readonly string[]> {
  const all: string[] = [];
  for await (const { fault } of verifyBackup({ root })) all.push(fault);
  return all;
}

const sha256 = (octets: Uint8Array): string => createHash('sha256').update(octets).digest('hex');

const objectOf = (root: string, hash: string): string => join(root, 'messages', hash.slice(0, 2), hash);

it('keeps every message under its hash, with UID, flags and date, and tells of it in order', async () => {
  const [home, root] = [await account(), newPlace()];
  const report = await backUp(home, root);
  expect(report).toMatchObject({ mailboxes: 2, messages: 3, copied: 3, gone: 0, unreadable: 0, hasIndex: true });
  const lines = linesOf(root, report);
  expect(lines.map(({ kind }) => kind)).toEqual([
    ...['backup', 'file', 'file', 'mailbox', 'file', 'message', 'message', 'mailbox', 'message', 'end'],
  ]);
  expect(messagesIn(lines).map(({ uid, flags, sha256: hash }) => [uid, flags, hash])).toEqual([
    [1, [], sha256(mail('one'))],
    [2, ['\\Seen', 'work'], sha256(mail('two'))],
    [1, [], sha256(mail('three'))],
  ]);
  expect(messagesIn(lines)[0]).toMatchObject({ date: '2023-11-14T22:13:20.000Z', size: mail('one').length });
  expect(readFileSync(objectOf(root, sha256(mail('one'))))).toEqual(Buffer.from(mail('one')));
  expect(statSync(root).mode & 0o077).toBe(0);
  expect(await faults(root)).toEqual([]);
  expect(readdirSync(root).sort()).toEqual([report.name, 'lock', 'messages']);
});

it('copies only what is new the second time, without reading the rest', async () => {
  const [home, root] = [await account(), newPlace()];
  await backUp(home, root);
  const store = await home.store();
  value(await store.append(INBOX, { content: mail('four') }));
  const inbox = value(await store.open(INBOX));
  value(await inbox.store(inbox.recent(), { operation: 'add', flags: ['\\Flagged'] }));
  value(await inbox.move([inbox.recent()[0] as NonNullable<ReturnType<typeof inbox.recent>[0]>], name('Archive')));
  await closeQuietly(store);
  // Of the messages that were there before under the same UID nothing is read: unreadable ones are no trouble.
  for (const part of ['cur', 'new']) {
    for (const file of readdirSync(join(home.maildir, part))) {
      const path = join(home.maildir, part, file);
      if (readFileSync(path).equals(Buffer.from(mail('two')))) writeFileSync(path, 'X'.repeat(mail('two').length));
    }
  }
  const report = await backUp(home, root);
  expect(report).toMatchObject({ messages: 4, copied: 1, copiedBytes: mail('four').length, unreadable: 0 });
  const hashes = messagesIn(linesOf(root, report)).map((line) => line.sha256);
  expect(hashes).toEqual(['two', 'four', 'three', 'one'].map((subject) => sha256(mail(subject))));
  expect(await faults(root)).toEqual([]);
});

it('goes on where it was interrupted, and leaves nothing that could be taken for whole', async () => {
  const [home, root] = [await account(), newPlace()];
  const stop = new AbortController();
  const stopped = backUp(home, root, {
    signal: stop.signal,
    onProgress: (done) => {
      if (done === 2) stop.abort(new Error('stopped'));
    },
  });
  await expect(stopped).rejects.toThrow('stopped');
  await expect(faults(root)).rejects.toMatchObject({ reason: 'no-backup' });
  const again = await backUp(home, root);
  expect(again).toMatchObject({ messages: 3, copied: 1 });
  expect(await faults(root)).toEqual([]);
});

it('goes on after a kill, and copies nothing twice', async () => {
  const [home, root] = [await account(), newPlace()];
  const store = await home.store();
  for (let number = 0; number < 60; number += 1) value(await store.append(INBOX, { content: mail(`${number}`) }));
  await closeQuietly(store);
  const child = new Child('dying-backup.ts', [home.maildir, home.indexFile, root, '40']);
  await child.exited;
  expect(child.process.signalCode).toBe('SIGKILL');
  const kept = readdirSync(join(root, 'messages'), { recursive: true }).filter((path) => String(path).length > 60);
  expect(kept.length).toBeGreaterThan(30);
  const report = await backUp(home, root);
  expect(report).toMatchObject({ messages: 63, gone: 0 });
  expect(report.copied).toBeLessThan(35);
  expect(await faults(root)).toEqual([]);
  expect(readdirSync(root).sort()).toEqual([report.name, 'lock', 'messages']);
});

it('refuses a second backup into one place at once', async () => {
  const [home, root] = [await account(), newPlace()];
  let second: Promise<unknown> = Promise.resolve();
  await backUp(home, root, {
    onProgress: () => {
      second = backUp(home, root).catch((error: unknown) => error);
    },
  });
  expect(await second).toMatchObject({ reason: 'busy' });
});

it('tells of messages that are gone, or cannot be read, and keeps the others', async () => {
  const [home, root] = [await account(), newPlace()];
  const [file = ''] = readdirSync(join(home.maildir, 'new'));
  rmSync(join(home.maildir, 'new', file));
  const [other = ''] = readdirSync(join(home.maildir, '.Archive', 'new'));
  const path = join(home.maildir, '.Archive', 'new', other);
  rmSync(path);
  execFileSync('mkfifo', [path]); // nobody may read this as a message, not even root
  const report = await backUp(home, root);
  const firstUnreadable = `.Archive/new/${other}`;
  expect(report).toMatchObject({ messages: 1, gone: 1, unreadable: 1, firstUnreadable, mailboxes: 2 });
  expect(await faults(root)).toEqual(['left-out']);
});

it('brings back to its place in the backup what was moved before its mailbox was read', async () => {
  const [home, root] = [await account(), newPlace()];
  const [file = ''] = readdirSync(join(home.maildir, 'cur'));
  renameSync(join(home.maildir, 'cur', file), join(home.maildir, '.Archive', 'cur', file));
  const lines = linesOf(root, await backUp(home, root));
  expect(messagesIn(lines).map(({ uid, path, flags }) => [uid, path, flags])).toEqual([
    [1, expect.stringMatching(/^new\//), []],
    [2, `cur/${file}`, ['\\Seen', 'work']],
    [1, expect.stringMatching(/^\.Archive\/new\//), []],
  ]);
});

it('takes messages that no server has seen, and mail without an index', async () => {
  const [home, root] = [await account(), newPlace()];
  writeFileSync(join(home.maildir, 'new', '1700000000.M1P1.host'), 'Subject: late\n\nlate\n');
  const uids = async () => messagesIn(linesOf(root, await backUp(home, root))).map(({ uid }) => uid);
  expect(await uids()).toEqual([1, 2, null, 1]);
  writeFileSync(home.indexFile, 'this is no database, and long enough to be taken for one'.repeat(20));
  for (const part of ['-wal', '-shm']) rmSync(home.indexFile + part, { force: true });
  const report = await backUp(home, root);
  expect(report).toMatchObject({ messages: 4, copied: 0, hasIndex: false });
  expect(linesOf(root, report).at(-1)).toMatchObject({ kind: 'end', index: null });
});

it('keeps a message once, where the index had it, that is moved while the backup runs', async () => {
  const [home, root] = [await account(), newPlace()];
  let isMoved = false;
  const report = await backUp(home, root, {
    // Once one message of INBOX is in the backup: Archive has not been read yet.
    onProgress: () => {
      if (isMoved) return;
      isMoved = true;
      const [file = ''] = readdirSync(join(home.maildir, 'cur'));
      renameSync(join(home.maildir, 'cur', file), join(home.maildir, '.Archive', 'cur', file));
    },
  });
  expect(report).toMatchObject({ gone: 0 });
  const hashes = messagesIn(linesOf(root, report)).map((line) => line.sha256);
  expect(hashes.toSorted()).toEqual(['one', 'two', 'three'].map((subject) => sha256(mail(subject))).sort());
});

it('finds a message that comes back to its mailbox after that was read', async () => {
  const [home, root] = [await account(), newPlace()];
  const [file = ''] = readdirSync(join(home.maildir, 'cur'));
  const [here, there] = [join(home.maildir, 'cur', file), join(home.maildir, '.Archive', 'cur', file)];
  renameSync(here, there);
  let isBack = false;
  const report = await backUp(home, root, {
    // The names of INBOX have been read, without this one.
    onProgress: () => {
      if (!isBack) renameSync(there, here);
      isBack = true;
    },
  });
  expect(report).toMatchObject({ messages: 3, gone: 0 });
});

it('finds what was changed, cut or removed', async () => {
  const [home, root] = [await account(), newPlace()];
  const { name: backup } = await backUp(home, root);
  const object = objectOf(root, sha256(mail('one')));
  chmodSync(object, 0o600);
  writeFileSync(object, 'Y'.repeat(mail('one').length));
  expect(await faults(root)).toEqual(['changed']);
  rmSync(object);
  expect(await faults(root)).toEqual(['missing']);
  writeFileSync(object, mail('one'));
  appendFileSync(join(root, backup, 'index.db'), 'x');
  expect(await faults(root)).toEqual(['index-changed']);
  const manifest = join(root, backup, 'manifest.jsonl');
  const whole = readFileSync(manifest, 'utf8');
  writeFileSync(manifest, whole.replace('\\\\Seen', '\\\\Flagged'));
  expect(await faults(root)).toEqual(['index-changed', 'manifest']);
  writeFileSync(manifest, whole);
  truncateSync(manifest, whole.length - 40);
  expect(await faults(root)).toEqual(['manifest']);
  rmSync(manifest);
  expect(await faults(root)).toEqual(['manifest']);
});
