/** What another program delivered to a disk that is full cannot be entered into the index; everything else can be read. */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readdirSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { INBOX, type MailStoreOptions, openMailStore, type StoreLogEntry } from '../src/index.ts';
import { closeQuietly, errorOf, mail, openInbox, statesOf, textOf, until, value } from './helpers.ts';

function mount(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'scorpiox-full-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m,mode=700', 'tmpfs', folder]).status === 0;
  if (!mounted) rmSync(folder, { recursive: true });
  return mounted ? folder : undefined;
}

function unmount(folder: string): void {
  spawnSync('umount', ['-l', folder]);
  rmSync(folder, { recursive: true, force: true });
}

function canMount(): boolean {
  const folder = mount();
  if (folder !== undefined) unmount(folder);
  return folder !== undefined;
}

const testFull = test.skipIf(!canMount() && process.env.SCORPIOX_REQUIRE_ALL !== '1');
const NEEDS = '(needs mount, as root)';

/** A disk on which other programs deliver, and which is full of other things whenever the test says so. */
async function disk() {
  const folder = mount();
  if (folder === undefined) throw new Error('A small file system cannot be mounted.');
  onTestFinished(() => unmount(folder));
  const maildir = join(folder, 'Maildir');
  const said: StoreLogEntry[] = [];
  const open = async (options: Partial<MailStoreOptions> = {}) => {
    const paths = { maildir, indexFile: join(folder, 'index.sqlite') };
    const store = value(await openMailStore({ ...paths, log: (entry) => said.push(entry), ...options }));
    onTestFinished(() => closeQuietly(store));
    return store;
  };
  const fill = (): void => {
    const file = openSync(join(folder, 'filler'), 'w');
    for (const size of [65_536, 4096, 512, 1]) {
      try {
        for (;;) writeSync(file, Buffer.alloc(size));
      } catch {
        // Full for pieces of this size.
      }
    }
    closeSync(file);
  };
  /** Lies beside the Maildir until it is delivered: that needs no room. */
  const prepare = (count: number): void => {
    for (let at = 0; at < count; at += 1) writeFileSync(join(folder, `m${at}`), mail(`late ${at}`));
  };
  const deliverPrepared = (): void => {
    for (const file of readdirSync(folder).filter((name) => /^m\d+$/.test(name))) {
      renameSync(join(folder, file), join(maildir, 'new', `1700000000.M${file.slice(1).padStart(6, '0')}P1.host`));
    }
  };
  return { open, said, fill, prepare, deliverPrepared, empty: () => rmSync(join(folder, 'filler')) };
}

const subjects = (count: number): string[] => Array.from({ length: count }, (_, at) => `late ${at}`);
/** More rows than fit into what is left of any page of the index. */
const MANY = 300;

testFull.each([
  ['in the same boot', 'one'],
  ['after a reboot', 'two'],
])(
  `a mailbox with new files is opened on a full disk %s, and shows them when there is room ${NEEDS}`,
  async (_, boot) => {
    const { open, said, fill, prepare, deliverPrepared, empty } = await disk();
    const first = await open({ bootId: () => 'one' });
    value(await first.append(INBOX, { content: mail('seen'), flags: ['\\Seen'] }));
    await (await openInbox(first)).close();
    await closeQuietly(first);
    await closeQuietly(await open({ bootId: () => 'one' })); // makes the copy
    prepare(MANY);
    fill();
    deliverPrepared();
    const store = await open({ bootId: () => boot });
    const inbox = await openInbox(store);
    expect(value(await store.status(INBOX)).messages).toBe(1);
    value(await inbox.refresh());
    const [seen] = statesOf(inbox);
    expect(await textOf(inbox, seen ?? expect.unreachable())).toContain('Subject: seen');
    expect(said.filter(({ code }) => code === 'look-unrecorded')).toHaveLength(1);
    expect(said.filter(({ code }) => code === 'sync-failed')).toEqual([]);
    expect(store.stats().looksWithoutRoom).toBeGreaterThan(0);
    expect(errorOf(await inbox.append({ content: mail('more') })).code).toBe('no-space');
    empty();
    await until(inbox, () => inbox.uids().length === MANY + 1);
    const texts = await Promise.all(statesOf(inbox).map((state) => textOf(inbox, state)));
    expect(texts.slice(1).map((text) => /Subject: (.*)\r/.exec(text)?.[1])).toEqual(subjects(MANY));
  },
);

testFull(
  `an open mailbox goes on while the disk is full, and hears of new files when there is room ${NEEDS}`,
  async () => {
    const { open, said, fill, prepare, deliverPrepared, empty } = await disk();
    const store = await open();
    value(await store.append(INBOX, { content: mail('seen'), flags: ['\\Seen'] }));
    const inbox = await openInbox(store);
    prepare(MANY);
    fill();
    deliverPrepared();
    await vi.waitUntil(() => store.stats().looksWithoutRoom > 0);
    value(await inbox.refresh());
    for (const state of statesOf(inbox)) await textOf(inbox, state);
    expect(statesOf(inbox).length).toBeLessThan(MANY + 1);
    expect(said.map(({ code }) => code)).not.toContain('sync-failed');
    empty();
    value(await inbox.refresh());
    expect(statesOf(inbox)).toHaveLength(MANY + 1);
  },
);

testFull(`a mailbox that was never read to its end is not opened half on a full disk ${NEEDS}`, async () => {
  const { open, fill, prepare, deliverPrepared, empty } = await disk();
  const store = await open();
  value(await store.list());
  prepare(MANY);
  deliverPrepared();
  fill();
  expect(errorOf(await store.open(INBOX)).code).toBe('no-space');
  empty();
  expect((await openInbox(store)).uids()).toHaveLength(MANY);
});
