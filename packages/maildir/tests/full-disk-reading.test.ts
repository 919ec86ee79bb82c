import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { INBOX, type MaildirStore, openMailStore, type StoreLogEntry } from '../src/index.ts';
import { Child, closeQuietly, errorOf, mail, openInbox, value } from './helpers.ts';
import { DAY, Hand, removeIndex } from './index-files.ts';

/** A disk of two megabytes, taken away when the test ends; undefined where this is not allowed. */
function smallDisk(): string | undefined {
  const path = mkdtempSync(join(tmpdir(), 'scorpiox-full-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', path]).status === 0;
  const clear = (): void => {
    if (mounted) spawnSync('umount', ['-l', path]);
    rmSync(path, { recursive: true, force: true });
  };
  if (mounted) onTestFinished(clear);
  else clear();
  return mounted ? path : undefined;
}

/** Leaves not a byte on it. */
function fill(disk: string): void {
  for (const size of [65_536, 4096, 512, 1]) {
    try {
      for (;;) appendFileSync(join(disk, 'fill'), Buffer.alloc(size));
    } catch {
      // Full for pieces of this size.
    }
  }
}

const canMount = ((): boolean => {
  const path = mkdtempSync(join(tmpdir(), 'scorpiox-probe-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', path]).status === 0;
  if (mounted) spawnSync('umount', [path]);
  rmSync(path, { recursive: true, force: true });
  return mounted;
})();

const REASON = 'a full disk: needs the right to mount a tmpfs (run as root)';

interface Disk {
  readonly disk: string;
  readonly maildir: string;
  readonly indexFile: string;
}

/** A user on a small disk, with two messages that have been seen, whose store is closed. */
async function user(): Promise<Disk> {
  const disk = smallDisk();
  if (disk === undefined) throw new Error('The disk could not be mounted.');
  const paths = { disk, maildir: join(disk, 'Maildir'), indexFile: join(disk, 'index.sqlite') };
  const store = value(await openMailStore(paths));
  for (const subject of ['one', 'two']) value(await store.append(INBOX, { content: mail(subject) }));
  const inbox = await openInbox(store);
  inbox.claimRecent();
  await vi.waitUntil(async () => value(await store.status(INBOX)).messages === 2);
  await inbox.close();
  await closeQuietly(store);
  await closeQuietly(value(await openMailStore(paths))); // makes the copy, so that none is made on the full disk
  return paths;
}

/** Reads every message to its end. */
async function read(store: MaildirStore): Promise<string[]> {
  const inbox = await openInbox(store);
  const subjects = [];
  for (const { uid } of [...inbox.states()]) {
    const content = value(await inbox.open(uid));
    subjects.push(/Subject: (\S+)/.exec(Buffer.from(await content.read()).toString())?.[1] ?? '');
    await content.close();
  }
  await inbox.close();
  return subjects;
}

const body = (): void => {
  test('mail can be read on a full disk that has no room for shared memory, and writing says that it is full', async () => {
    const { disk, ...paths } = await user();
    expect(existsSync(`${paths.indexFile}-shm`)).toBe(false);
    // Both have to be read, and that cannot be noted.
    for (const part of ['new', 'cur']) utimesSync(join(paths.maildir, part), 1_600_000_000, 1_600_000_000);
    fill(disk);
    const log = vi.fn<(entry: StoreLogEntry) => void>();
    const store = value(await openMailStore({ ...paths, log }));
    onTestFinished(() => closeQuietly(store));
    expect(log.mock.calls.map(([entry]) => entry.code)).toContain('index-exclusive');
    expect(await read(store)).toEqual(['one', 'two']);
    expect(value(await store.list()).map((info) => info.name)).toEqual([INBOX]);
    expect(errorOf(await store.append(INBOX, { content: mail('three') })).code).toBe('no-space');
    const annotation = { entry: '/private/comment', value: Buffer.alloc(20_000) };
    expect(errorOf(await store.setMetadata(INBOX, [annotation])).code).toBe('no-space');
    expect(await read(store)).toEqual(['one', 'two']);
    rmSync(join(disk, 'fill'));
    value(await store.append(INBOX, { content: mail('three') }));
    expect(await read(store)).toEqual(['one', 'two', 'three']);
  });

  test('mail can be read on a full disk while another process has it open', async () => {
    const { disk, ...paths } = await user();
    const child = new Child('opener.ts', [paths.maildir, paths.indexFile]);
    await child.line();
    child.say('open');
    await child.line();
    fill(disk);
    const store = value(await openMailStore(paths));
    onTestFinished(() => closeQuietly(store));
    expect(await read(store)).toEqual(['one', 'two']);
    expect(errorOf(await store.append(INBOX, { content: mail('three') })).code).toBe('no-space');
  });

  test('a log that was left by a killed process is read on a full disk', async () => {
    const { disk, ...paths } = await user();
    const child = new Child('opener.ts', [paths.maildir, paths.indexFile]);
    await child.line();
    child.say('open');
    await child.line();
    const store = value(await openMailStore(paths));
    value(await store.append(INBOX, { content: mail('three') }));
    (await openInbox(store)).claimRecent();
    for (const part of ['', '-wal']) copyFileSync(paths.indexFile + part, `${paths.indexFile}.left${part}`);
    await closeQuietly(store);
    await child.kill();
    fill(disk);
    const left = { maildir: paths.maildir, indexFile: `${paths.indexFile}.left` };
    const again = value(await openMailStore(left));
    onTestFinished(() => closeQuietly(again));
    expect(await read(again)).toEqual(['one', 'two', 'three']);
  });

  test('a lost index waits for room: its copy is not given up because the disk is full', async () => {
    const { disk, ...paths } = await user();
    const annotation = { entry: '/private/comment', value: Buffer.from('mine') };
    const store = value(await openMailStore(paths));
    value(await store.setMetadata(INBOX, [annotation]));
    await closeQuietly(store);
    const hand = new Hand();
    hand.now = Date.now() + 2 * DAY;
    await closeQuietly(value(await openMailStore({ ...paths, clock: hand.clock }))); // makes the copy
    removeIndex(paths.indexFile);
    fill(disk);
    truncateSync(join(disk, 'fill'), statSync(join(disk, 'fill')).size - 40_000); // room for an empty index at the most
    expect(errorOf(await openMailStore(paths)).code).toBe('no-space');
    writeFileSync(join(disk, 'fill'), '');
    const again = value(await openMailStore(paths));
    onTestFinished(() => closeQuietly(again));
    expect(value(await again.metadata(INBOX))).toHaveLength(1);
    expect(await read(again)).toEqual(['one', 'two']);
  });

  test('an index that has to be made on a full disk is an error that says so, and leaves nothing behind', async () => {
    const { disk, ...paths } = await user();
    fill(disk);
    const opened = await openMailStore({ ...paths, indexFile: join(disk, 'other.sqlite') });
    expect(errorOf(opened).code).toBe('no-space');
    writeFileSync(join(disk, 'fill'), '');
    const store = value(await openMailStore({ ...paths, indexFile: join(disk, 'other.sqlite') }));
    onTestFinished(() => closeQuietly(store));
    expect(await read(store)).toEqual(['one', 'two']);
  });
};

if (canMount) describe('a full disk', body);
else if (process.env.SCORPIOX_REQUIRE_ALL === '1') {
  test(REASON, () => {
    throw new Error('A tmpfs cannot be mounted.');
  });
} else describe.skip(REASON, body);
