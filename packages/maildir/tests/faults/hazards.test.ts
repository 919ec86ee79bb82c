/** The hazards of the README, one by one: each test fails for a store that does without the rule against it. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import type { FileSystem, Stat } from '../../src/files/file-system.ts';
import { nodeFileSystem } from '../../src/files/node-file-system.ts';
import { INBOX, type Mailbox, type StoreLogEntry } from '../../src/index.ts';
import { Child, closeQuietly, mail, name, newHome, openInbox, until, value } from '../helpers.ts';

const SECOND = 1_000_000_000n;
/** Watches nothing and does not say so. */
const deaf = (): (() => void) => () => undefined;

const rounded = (stat: Stat | undefined): Stat | undefined =>
  stat && { ...stat, mtime: (stat.mtime / SECOND) * SECOND };

/** Times in whole seconds, as some file systems keep them. */
const coarse: FileSystem = {
  ...nodeFileSystem,
  watch: deaf,
  stat: async (path) => rounded(await nodeFileSystem.stat(path)),
  now: { ...nodeFileSystem.now, stat: (path) => rounded(nodeFileSystem.now.stat(path)) },
};

const put = (maildir: string, base: string): void => writeFileSync(join(maildir, 'new', base), mail(base));

/** Makes a file that is no message, and with it a change of the directory's time. */
function touch(maildir: string): string {
  const path = join(maildir, 'cur', '.touched');
  writeFileSync(path, '');
  return path;
}

const count = (mailbox: Mailbox): number => mailbox.uids().length;

test('changes within one second of a coarse clock are seen, without any event', async () => {
  const home = newHome();
  const inbox = await openInbox(await home.store({ fileSystem: coarse }));
  for (const [at, base] of ['1.one', '2.two', '3.three'].entries()) {
    put(home.maildir, base);
    value(await inbox.refresh());
    if (count(inbox) <= at) await until(inbox, () => count(inbox) > at);
  }
});

test('a folder that was read in the second of its last change is read again at the next opening', async () => {
  const home = newHome();
  for (let round = 1; round <= 5; round += 1) {
    const store = await home.store({ fileSystem: coarse });
    value(await store.status(INBOX));
    put(home.maildir, `${round}.late`); // most likely in the same second
    await closeQuietly(store);
    const again = await home.store({ fileSystem: coarse });
    expect(value(await again.status(INBOX)).messages).toBe(round);
    await closeQuietly(again);
  }
});

test.each([-3_600_000, 3_600_000])('a clock that steps by %i ms hides no change', async (step) => {
  const home = newHome();
  let offset = 0;
  const time = (): number => Date.now() + offset;
  const store = await home.store({ fileSystem: { ...nodeFileSystem, watch: deaf, time }, clock: time });
  const inbox = await openInbox(store);
  put(home.maildir, '1.before');
  await until(inbox, () => count(inbox) === 1);
  offset = step;
  put(home.maildir, '2.after');
  await until(inbox, () => count(inbox) === 2);
  const [first = ''] = readdirSync(join(home.maildir, 'cur'));
  unlinkSync(join(home.maildir, 'cur', first));
  await until(inbox, () => count(inbox) === 1);
  offset = 0;
  value(await inbox.refresh());
  expect(count(inbox)).toBe(1);
});

test('a clock that was set back gives no UIDVALIDITY twice', async () => {
  const home = newHome();
  let now = Date.now();
  const store = await home.store({ clock: () => now });
  const given: number[] = [];
  for (const step of [0, -86_400_000, 60_000, -1_000]) {
    now += step;
    value(await store.create(name('X')));
    given.push(value(await store.status(name('X'))).uidValidity);
    value(await store.delete(name('X')));
  }
  expect(given).toEqual([...new Set(given)].sort((a, b) => a - b));
});

const FLOOD = 20_000; // the kernel's queue holds 16,384 events

test('an overflow of the event queue, of which nothing is said, costs one look and no message', async () => {
  const home = newHome();
  const store = await home.store();
  const inbox = await openInbox(store);
  const program = fileURLToPath(new URL('../programs/flood.ts', import.meta.url));
  const { status } = spawnSync(process.execPath, [program, home.maildir, String(FLOOD)]); // the loop stands still
  expect(status).toBe(0);
  await until(inbox, () => count(inbox) === FLOOD);
  // The look that a fresh folder gets anyway may have been quicker than what is left of the events.
  const suspected = (): number => store.stats().suspicions + store.stats().mismatches;
  await vi.waitFor(() => expect(suspected()).toBeGreaterThan(0), 20_000);
  expect(inbox.uidNext).toBe(FLOOD + 1);
}, 120_000);

const limitReached = (code: string): Error => Object.assign(new Error(`${code}: no more watches`), { code });

test.each([
  ['at once', 'ENOSPC'],
  ['at once', 'EMFILE'],
  ['later', 'ENOSPC'],
])('where watching fails %s with %s, the folder is polled, which is said and counted', async (when, code) => {
  const home = newHome();
  const log = vi.fn<(entry: StoreLogEntry) => void>();
  const fileSystem: FileSystem = {
    ...nodeFileSystem,
    watch(_directory, _onName, onError) {
      if (when === 'at once') throw limitReached(code);
      setImmediate(() => onError(limitReached(code)));
      return () => undefined;
    },
  };
  const store = await home.store({ fileSystem, log });
  const inbox = await openInbox(store);
  put(home.maildir, '1.polled');
  await until(inbox, () => count(inbox) === 1);
  expect(store.stats().polledFolders).toBeGreaterThan(0);
  expect(log.mock.calls.some(([entry]) => entry.code === 'watch-failed')).toBe(true);
});

/** What a directory's reading meets while `name` is renamed: the directory's entries as they are shown, after the rename. */
type Meeting = (names: string[], before: string, after: string) => string[];

const MEETINGS: readonly (readonly [string, Meeting])[] = [
  ['under both names', (names, before, after) => [...names, before, after]],
  [
    'under the new name, then the old one',
    (names, before, after) => [after, ...names.filter((one) => one !== after), before],
  ],
  ['not at all', (names, before, after) => names.filter((one) => one !== before && one !== after)],
];

/** Shows directories through `shown`, whichever way they are read, and tells of no change. */
const showing = (shown: (directory: string, names: string[]) => string[]): FileSystem => ({
  ...nodeFileSystem,
  watch: deaf,
  names: async (directory) => shown(directory, await nodeFileSystem.names(directory)),
  async files(directory, onName) {
    for (const one of shown(directory, await nodeFileSystem.names(directory))) onName(one);
  },
});

/** Shows a message that is renamed during each of the first readings of its folder. */
class Renaming {
  readonly #cur: string;
  readonly #meeting: Meeting;
  readonly #readings: number;
  met = 0;

  constructor(maildir: string, readings: number, meeting: Meeting) {
    this.#cur = join(maildir, 'cur');
    this.#meeting = meeting;
    this.#readings = readings;
  }

  shown = (directory: string, names: string[]): string[] => {
    if (directory !== this.#cur || this.met === this.#readings) return names;
    this.met += 1;
    const [before = ''] = readdirSync(this.#cur);
    const [base = ''] = before.split(':2,');
    const after = `${base}:2,S,${this.met}`; // never a name that it had before
    renameSync(join(this.#cur, before), join(this.#cur, after));
    return [...new Set(this.#meeting(names, before, after))];
  };
}

/** The last is more often than any reading is repeated. */
const READINGS = [1, 2, 5, 40];
const meetings = READINGS.flatMap((readings) => MEETINGS.map(([how, meeting]) => [readings, how, meeting] as const));

test.each(
  meetings,
)('a file renamed during %i readings of its folder and met %s stays the message it is', async (readings, _how, meeting) => {
  const home = newHome();
  const first = await home.store();
  const { uid, uidValidity } = value(await first.append(INBOX, { content: mail('one'), flags: ['\\Seen'] }));
  const before = value(await first.status(INBOX)).highestModSeq;
  await closeQuietly(first);
  const renaming = new Renaming(home.maildir, readings, meeting);
  const store = await home.store({ fileSystem: showing(renaming.shown) });
  unlinkSync(touch(home.maildir)); // the folder has to be read
  const inbox = await openInbox(store);
  for (let look = 0; look < 4; look += 1) {
    unlinkSync(touch(home.maildir));
    value(await inbox.refresh());
  }
  expect(renaming.met).toBeGreaterThan(0);
  expect([...inbox.uids()]).toEqual([uid]);
  expect(inbox.changesSince(before).vanished).toEqual([]);
  expect([inbox.uidValidity, inbox.uidNext]).toEqual([uidValidity, uid + 1]);
});

test('a file that moves from new to cur between the readings of the two stays the message it is', async () => {
  const home = newHome();
  const first = await home.store();
  const { uid } = value(await first.append(INBOX, { content: mail('one') }));
  await closeQuietly(first);
  let moved = false;
  const shown = (directory: string, names: string[]): string[] => {
    if (directory !== join(home.maildir, 'new') || moved || names.length === 0) return names;
    moved = true;
    for (const one of names) renameSync(join(directory, one), join(home.maildir, 'cur', `${one}:2,S`));
    return names;
  };
  const fileSystem = showing(shown);
  writeFileSync(join(home.maildir, 'new', '9.other'), mail('other')); // so that the folder has to be read
  const inbox = await openInbox(await home.store({ fileSystem }));
  value(await inbox.refresh());
  expect(moved).toBe(true);
  expect([...inbox.uids()]).toEqual([uid, uid + 1]);
  expect(existsSync(join(home.maildir, 'new', '9.other'))).toBe(false);
});

const CHANGES = 500;
/** Looks that the times of the folder ask for: when the changes begin, and when they have settled. */
const LOOKS = 5;

test('single changes by another process are each seen by their event, not by reading the folder', async () => {
  const home = newHome();
  const store = await home.store();
  for (const subject of ['one', 'two']) value(await store.append(INBOX, { content: mail(subject), flags: ['\\Seen'] }));
  const inbox = await openInbox(store);
  const child = new Child('changer.ts', [home.maildir]);
  expect(await child.line()).toBe('ready');
  // A tick that came late, on a machine that had no time for it, makes the store doubt its events and read once.
  const reads = (): number => store.stats().scans - store.stats().suspicions;
  const before = reads();
  const plan = ['deliver', 'deliver', 'flag', 'flag', 'remove'];
  for (let change = 0; change < CHANGES; change += 1) {
    const what = plan[change % plan.length] ?? 'deliver';
    const [known, modSeq] = [count(inbox), inbox.highestModSeq];
    child.say(what);
    expect(await child.line()).toBe(what);
    const isSeen = (): boolean => {
      if (what === 'flag') return inbox.highestModSeq > modSeq;
      return count(inbox) === known + (what === 'deliver' ? 1 : -1);
    };
    await until(inbox, isSeen);
  }
  expect(reads() - before).toBeLessThanOrEqual(LOOKS);
}, 120_000);
