// The mail store: opening, delivering, flagging, hearing of outside changes, text. Beside Debian's Dovecot on the same Maildir
// where it does the same, else beside what the disk does without us.
import { execFileSync } from 'node:child_process';
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  INBOX,
  type Mailbox,
  type MaildirStore,
  openMailStore,
  type StoreResult,
  textWorker,
} from '../packages/maildir/src/index.ts';
import { type Dovecot, startDovecot } from './support/dovecot.ts';
import { fill, messageOf, temporary } from './support/maildirs.ts';
import { figure, printTable, seconds } from './table.ts';

const DELIVERIES = 2_000;
const CHANGES = 5_000;
const NOTICES = 300;
const TEXTS = 10_000;
const MEGABYTE = 1024 * 1024;
/** A directory's times are trusted once they are older than a second. */
const SETTLED = 1_500;

interface Opened {
  readonly milliseconds: number;
  readonly kept: number;
  readonly peak: number;
}

function value<T>(result: StoreResult<T>): T {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

const indexOf = (maildir: string): string => `${maildir}.db`;

function openInChild(maildir: string): Opened {
  const program = fileURLToPath(new URL('./programs/open-mailbox.ts', import.meta.url));
  const printed = execFileSync(process.execPath, ['--expose-gc', program, maildir, indexOf(maildir)], {
    encoding: 'utf8',
  });
  return JSON.parse(printed) as Opened; // printed by the program just above, in this shape
}

const median = (values: readonly number[], part = 0.5): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? 0;

/** Milliseconds that Dovecot takes for SELECT on a fresh connection. */
async function selectIn(dovecot: Dovecot): Promise<number> {
  const imap = await dovecot.connect();
  const taken = await seconds(async () => void (await imap.command('SELECT INBOX')));
  imap.close();
  return taken * 1000;
}

/** First and later opens of one mailbox, ours and Dovecot's. */
async function opens(messages: number): Promise<(string | number)[][]> {
  const home = temporary();
  const maildir = join(home.path, 'Maildir');
  fill(maildir, messages);
  await pause(SETTLED);
  const cold = openInChild(maildir);
  const warm = [1, 2, 3, 4, 5].map(() => openInChild(maildir));
  const dovecot = await startDovecot(maildir);
  await pause(SETTLED);
  const theirCold = await selectIn(dovecot);
  const theirWarm: number[] = [];
  for (let round = 0; round < 5; round += 1) theirWarm.push(await selectIn(dovecot));
  await dovecot.stop();
  home.remove();
  const count = messages.toLocaleString('en-US');
  const warmMs = median(warm.map(({ milliseconds }) => milliseconds));
  return [
    [`first open of ${count}, ms`, figure(cold.milliseconds), figure(theirCold), figure(theirCold / cold.milliseconds)],
    [`warm open of ${count}, ms`, figure(warmMs), figure(median(theirWarm)), figure(median(theirWarm) / warmMs)],
    [
      `memory kept by the open mailbox of ${count}, MB`,
      figure(median(warm.map(({ kept }) => kept)) / MEGABYTE),
      '',
      '',
    ],
    [`peak memory of its first open, MB`, figure(cold.peak / MEGABYTE), '', ''],
  ];
}

/** The least that a durable delivery costs: a file written, synced and renamed. */
function bareDeliveries(folder: string, content: Uint8Array): void {
  mkdirSync(folder);
  for (let number = 0; number < DELIVERIES; number += 1) {
    const file = openSync(join(folder, `t${number}`), 'w');
    writeSync(file, content);
    fsyncSync(file);
    closeSync(file);
    renameSync(join(folder, `t${number}`), join(folder, `m${number}`));
  }
  rmSync(folder, { recursive: true });
}

/** Runs `work` DELIVERIES times, this many at once; operations per second. */
async function perSecond(writers: number, count: number, work: (writer: number) => Promise<unknown>): Promise<number> {
  const one = async (writer: number): Promise<void> => {
    for (let number = 0; number < count / writers; number += 1) await work(writer);
  };
  return (
    count / (await seconds(async () => void (await Promise.all(Array.from({ length: writers }, (_, n) => one(n))))))
  );
}

async function theirAppends(dovecot: Dovecot, writers: number, content: Uint8Array): Promise<number> {
  const connections = await Promise.all(Array.from({ length: writers }, () => dovecot.connect()));
  const command = Buffer.concat([Buffer.from(`APPEND INBOX {${content.length}+}\r\n`), content]);
  const rate = await perSecond(
    writers,
    DELIVERIES,
    (writer) => connections[writer]?.command(command) ?? Promise.resolve(),
  );
  for (const connection of connections) connection.close();
  return rate;
}

async function deliveries(): Promise<(string | number)[][]> {
  const content = messageOf(1);
  const rows: (string | number)[][] = [];
  for (const before of [0, 100_000]) {
    const home = temporary();
    const maildir = join(home.path, 'Maildir');
    fill(maildir, before);
    const bare = DELIVERIES / (await seconds(() => bareDeliveries(join(home.path, 'bare'), content)));
    const store = value(await openMailStore({ maildir, indexFile: indexOf(maildir) }));
    value(await store.status(INBOX)); // the first look is no delivery's
    const ours: number[] = [];
    for (const writers of [1, 10]) {
      ours.push(await perSecond(writers, DELIVERIES, async () => value(await store.append(INBOX, { content }))));
    }
    await store.close();
    const dovecot = await startDovecot(maildir);
    await selectIn(dovecot);
    for (const [at, writers] of [1, 10].entries()) {
      const theirs = await theirAppends(dovecot, writers, content);
      const rate = ours[at] ?? 0;
      const what = `deliveries of 10 KB per second into ${before === 0 ? 'an empty mailbox' : 'one of 100,000'}, ${writers} at once`;
      rows.push([what, figure(rate), figure(theirs), figure(rate / theirs), figure(rate / bare)]);
    }
    await dovecot.stop();
    home.remove();
  }
  return rows;
}

async function flagChanges(): Promise<(string | number)[]> {
  const home = temporary();
  const maildir = join(home.path, 'Maildir');
  fill(maildir, 1_000);
  const store = value(await openMailStore({ maildir, indexFile: indexOf(maildir) }));
  const mailbox = value(await store.open(INBOX));
  const uids = [...mailbox.states()].map(({ uid }) => uid);
  const start = performance.now();
  for (let change = 0; change < CHANGES; change += 1) {
    const uid = uids[change % uids.length];
    if (uid === undefined) throw new Error('the mailbox is empty');
    const operation = change % (2 * uids.length) < uids.length ? 'add' : 'remove';
    value(await mailbox.store([uid], { operation, flags: ['\\Flagged'] }));
  }
  const ours = (CHANGES / (performance.now() - start)) * 1000;
  await store.close();
  const dovecot = await startDovecot(maildir);
  const imap = await dovecot.connect();
  await imap.command('SELECT INBOX');
  let change = 0;
  const theirs = await perSecond(1, CHANGES, () => {
    change += 1;
    const sign = (change - 1) % 2_000 < 1_000 ? '+' : '-';
    return imap.command(`UID STORE ${((change - 1) % 1_000) + 1} ${sign}FLAGS (\\Answered)`);
  });
  imap.close();
  await dovecot.stop();
  home.remove();
  return ['flag changes per second, one by one', figure(ours), figure(theirs), figure(ours / theirs)];
}

/** Puts a file into new/ as an MTA does. */
function deliverOutside(maildir: string, number: number): void {
  const name = `${1_700_000_000 + number}.M${number}P2.elsewhere`;
  const file = openSync(join(maildir, 'tmp', name), 'w');
  writeSync(file, messageOf(number, 2_000));
  closeSync(file);
  renameSync(join(maildir, 'tmp', name), join(maildir, 'new', name));
}

async function ourNotices(mailbox: Mailbox, maildir: string): Promise<number[]> {
  const taken: number[] = [];
  const controller = new AbortController();
  const events = mailbox.events({ signal: controller.signal })[Symbol.asyncIterator]();
  for (let number = 0; number < NOTICES; number += 1) {
    await pause(20 + (number % 30)); // at all moments of the collecting
    const next = events.next();
    const start = performance.now();
    deliverOutside(maildir, number);
    for (let event = await next; event.value?.kind !== 'arrived'; ) event = await events.next();
    taken.push(performance.now() - start);
  }
  controller.abort();
  return taken;
}

async function theirNotices(dovecot: Dovecot, maildir: string): Promise<number[]> {
  const imap = await dovecot.connect();
  await imap.command('SELECT INBOX');
  imap.send('i IDLE\r\n');
  await imap.until('+ ');
  const taken: number[] = [];
  for (let number = 0; number < NOTICES / 3; number += 1) {
    await pause(50 + (number % 30));
    const start = performance.now();
    deliverOutside(maildir, 1_000_000 + number);
    await imap.until('* ');
    taken.push(performance.now() - start);
    await pause(20); // RECENT and the like
  }
  imap.close();
  return taken;
}

async function notices(): Promise<(string | number)[][]> {
  const home = temporary();
  const maildir = join(home.path, 'Maildir');
  fill(maildir, 10_000);
  const store: MaildirStore = value(await openMailStore({ maildir, indexFile: indexOf(maildir) }));
  const ours = await ourNotices(value(await store.open(INBOX)), maildir);
  await store.close();
  const dovecot = await startDovecot(maildir);
  const theirs = await theirNotices(dovecot, maildir);
  await dovecot.stop();
  home.remove();
  return [0.5, 0.99].map((part) => {
    const [own, peer] = [median(ours, part), median(theirs, part)];
    const what = `outside delivery → event (Dovecot: → IDLE), p${part * 100}, ms`;
    return [what, figure(own), figure(peer), figure(peer / own)];
  });
}

/** The text index of many messages, each another, and searching in it beside Dovecot's SEARCH, which reads the files. */
async function text(): Promise<(string | number)[][]> {
  const home = temporary();
  const maildir = join(home.path, 'Maildir');
  fill(maildir, TEXTS, 5_000, TEXTS);
  const worker = textWorker();
  const store = value(await openMailStore({ maildir, indexFile: indexOf(maildir), text: worker }));
  const mailbox = value(await store.open(INBOX));
  const built = await seconds(async () => void value(await store.buildTextIndex()));
  const { bytes } = value(await store.textIndex());
  const dovecot = await startDovecot(maildir);
  const imap = await dovecot.connect();
  await imap.command('SELECT INBOX');
  const rows: (string | number)[][] = [
    ['text index: messages of 5 KB per second', figure(TEXTS / built), '', ''],
    ['text index: bytes per message', figure(bytes / TEXTS), '', ''],
  ];
  for (const [kind, needle] of [
    ['rare', 'rare123'],
    ['frequent', 'meeting'],
    ['absent', 'zyzzyva'],
    ['two characters', 'zy'],
  ] as const) {
    const ours: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      ours.push((await seconds(async () => void value(await mailbox.findText(needle, 'body')))) * 1000);
    }
    const theirs = (await seconds(async () => void (await imap.command(`SEARCH BODY ${needle}`)))) * 1000;
    const own = median(ours);
    rows.push([`SEARCH BODY over 10,000, ${kind}, ms`, figure(own), figure(theirs), figure(theirs / own)]);
  }
  imap.close();
  await dovecot.stop();
  await store.close();
  await worker.close();
  home.remove();
  return rows;
}

const head = ['what', 'here', 'Dovecot', 'times as good'];
printTable('Mail store: opening', head, [...(await opens(10_000)), ...(await opens(100_000))]);
printTable('Mail store: delivering', [...head, 'of bare write, fsync, rename'], await deliveries());
printTable('Mail store: changes', head, [await flagChanges(), ...(await notices())]);
printTable('Mail store: text', head, await text());
