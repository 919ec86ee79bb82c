/** A disk that is really full: a small file system in memory, filled up around each operation. */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { INBOX, type Mailbox, openMailStore, type StoreResult, type Uid } from '../src/index.ts';
import { closeQuietly, name, statesOf, value } from './helpers.ts';

const ARCHIVE = name('Archive');
const PAGE = 4096;
/** Pages left free, from none up to more than any operation here needs. */
const LEFT = [0, 1, 2, 3, 5, 8, 12, 20, 60];

function mount(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'scorpiox-full-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m,mode=700', 'tmpfs', folder]).status === 0;
  if (!mounted) rmSync(folder, { recursive: true });
  return mounted ? folder : undefined;
}

function unmount(folder: string): void {
  spawnSync('umount', [folder]);
  rmSync(folder, { recursive: true, force: true });
}

function canMount(): boolean {
  const folder = mount();
  if (folder !== undefined) unmount(folder);
  return folder !== undefined;
}

const testFull = test.skipIf(!canMount() && process.env.SCORPIOX_REQUIRE_ALL !== '1');
const NEEDS = '(needs mount, as root)';

/** A small disk with a store on it that holds three messages with two flags each. */
async function smallDisk() {
  const folder = mount();
  if (folder === undefined) throw new Error('A small file system cannot be mounted.');
  onTestFinished(() => unmount(folder));
  const maildir = join(folder, 'Maildir');
  const store = value(await openMailStore({ maildir, indexFile: join(folder, 'index.sqlite') }));
  onTestFinished(() => closeQuietly(store));
  value(await store.create(ARCHIVE));
  const messages = ['one', 'two', 'three'].map((subject) => ({ content: large(subject), flags: ['\\Seen'] }));
  const { uids } = value(await store.appendAll(INBOX, messages));
  const filler = join(folder, 'filler');
  const empty = (): void => rmSync(filler, { force: true });
  const fill = (left: number): void => {
    empty();
    const file = openSync(filler, 'w');
    for (let free = statfsSync(folder).bavail; free > left; free -= 1) writeSync(file, Buffer.alloc(PAGE));
    closeSync(file);
  };
  const files = (): string[] =>
    readdirSync(maildir, { recursive: true, encoding: 'utf8' })
      .filter((path) => /(^|\/)(tmp|new|cur)\//.test(path))
      .sort();
  const reopen = async (boot: string) => {
    await closeQuietly(store);
    fill(0);
    const opened = await openMailStore({ maildir, indexFile: join(folder, 'index.sqlite'), bootId: () => boot });
    const again = value(opened);
    onTestFinished(() => closeQuietly(again));
    return again;
  };
  return { store, uids, fill, empty, files, reopen, inbox: value(await store.open(INBOX)) };
}

const large = (subject: string): Uint8Array => Buffer.from(`Subject: ${subject}\r\n\r\n${'A line.\r\n'.repeat(3_000)}`);
const picture = (mailbox: Mailbox): string[] =>
  statesOf(mailbox).map(({ uid, flags }) => `${uid} ${[...flags].sort()}`);

type Disk = Awaited<ReturnType<typeof smallDisk>>;

/** Tries the operation with ever more room; what fails says so and changes nothing. Returns how often it failed. */
async function withEverMoreRoom(disk: Disk, operation: () => Promise<StoreResult<unknown>>): Promise<number> {
  const { store, inbox, fill, empty, files } = disk;
  const archive = value(await store.open(ARCHIVE));
  let failures = 0;
  for (const left of LEFT) {
    const before = { files: files(), inbox: picture(inbox), archive: picture(archive) };
    fill(left);
    const result = await operation();
    empty();
    if (result.ok) continue;
    failures += 1;
    expect(result.error).toEqual({ code: 'no-space', message: 'The disk is full.' });
    expect(files()).toEqual(before.files);
    for (const mailbox of [inbox, archive]) value(await mailbox.refresh());
    expect({ files: files(), inbox: picture(inbox), archive: picture(archive) }).toEqual(before);
  }
  value(await operation());
  for (const mailbox of [inbox, archive]) value(await mailbox.refresh());
  expect(picture(inbox).length + picture(archive).length).toBe(files().length);
  return failures;
}

testFull(`a delivery to a full disk leaves nothing, and works when there is room ${NEEDS}`, async () => {
  const disk = await smallDisk();
  const append = () => disk.store.append(INBOX, { content: large('new') });
  expect(await withEverMoreRoom(disk, append)).toBeGreaterThan(0);
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let count = 0; count < 6; count += 1) yield large('streamed');
  }
  expect(await withEverMoreRoom(disk, () => disk.store.append(INBOX, { content: chunks() }))).toBeGreaterThan(0);
});

testFull(`several messages at once on a full disk are stored all or not at all ${NEEDS}`, async () => {
  const disk = await smallDisk();
  const messages = ['four', 'five', 'six'].map((subject) => ({ content: large(subject), flags: ['\\Draft'] }));
  expect(await withEverMoreRoom(disk, () => disk.store.appendAll(INBOX, messages))).toBeGreaterThan(0);
});

/** Repeats an operation that needs little until the index has no room for it. */
async function untilFull(operation: (count: number) => Promise<StoreResult<unknown>>): Promise<StoreResult<unknown>> {
  for (let count = 0; count < 2_000; count += 1) {
    const result = await operation(count);
    if (!result.ok) return result;
  }
  throw new Error('The disk did not get full.');
}

testFull(`flags on a full disk stay as they were, in the index and in the names ${NEEDS}`, async () => {
  const { inbox, uids, fill, empty, files } = await smallDisk();
  fill(0);
  let before: unknown;
  const now = () => ({ files: files(), inbox: picture(inbox) });
  const flag = (count: number) => ({ operation: count % 2 === 0 ? 'add' : 'remove', flags: ['\\Flagged'] }) as const;
  const failed = await untilFull((count) => {
    before = now();
    return inbox.store(uids, flag(count));
  });
  expect(failed).toMatchObject({ ok: false, error: { code: 'no-space' } });
  expect(now()).toEqual(before);
  empty();
  value(await inbox.refresh());
  expect(now()).toEqual(before);
  value(await inbox.store(uids, { operation: 'replace', flags: ['\\Draft'] }));
  expect(picture(inbox)).toEqual(uids.map((uid) => `${uid} \\Draft`));
});

testFull(`copies and moves on a full disk happen whole or not at all ${NEEDS}`, async () => {
  const { store, inbox, uids, fill, empty, files } = await smallDisk();
  const archive = value(await store.open(ARCHIVE));
  fill(0);
  let before: unknown;
  const now = () => ({ files: files(), inbox: picture(inbox), archive: picture(archive) });
  const failed = await untilFull(() => {
    before = now();
    return inbox.copy(uids, ARCHIVE);
  });
  expect(failed).toMatchObject({ ok: false, error: { code: 'no-space' } });
  expect(now()).toEqual(before);
  expect(await inbox.move(uids, ARCHIVE)).toMatchObject({ ok: false, error: { code: 'no-space' } });
  expect(now()).toEqual(before);
  empty();
  for (const mailbox of [inbox, archive]) value(await mailbox.refresh());
  expect(now()).toEqual(before);
  const moved: readonly Uid[] = value(await inbox.move(uids, ARCHIVE)).pairs.map(({ source }) => source);
  expect(moved).toEqual(uids);
  expect(picture(inbox)).toEqual([]);
});

testFull(
  `after a reboot a full disk can be read, and the first write makes up for what had no room ${NEEDS}`,
  async () => {
    const { uids, empty, reopen } = await smallDisk();
    const store = await reopen('another');
    const inbox = value(await store.open(INBOX));
    expect([...inbox.uids()]).toEqual(uids);
    const before = inbox.highestModSeq;
    expect(before).toBeLessThan(1_000_000);
    empty();
    value(await inbox.store(uids, { operation: 'add', flags: ['\\Flagged'] }));
    expect(inbox.highestModSeq).toBeGreaterThan(1_000_000);
    value(await inbox.store(uids, { operation: 'remove', flags: ['\\Flagged'] }));
    expect(inbox.highestModSeq).toBeLessThan(before + 1_000_100);
  },
);
