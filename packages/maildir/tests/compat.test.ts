import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { importedBase } from '../src/compat/imported-base.ts';
import { nodeFileSystem } from '../src/files/node-file-system.ts';
import { INBOX, type MaildirStore, type StoreLogEntry } from '../src/index.ts';
import { toModSeq, toUid } from '../src/names/ids.ts';
import {
  Child,
  closeQuietly,
  errorOf,
  type Home,
  mail,
  name,
  newHome,
  onlyFile,
  openInbox,
  statesOf,
  textOf,
  until,
  value,
} from './helpers.ts';
import { withDatabase } from './index-files.ts';

/** Makes a folder with messages: `cur/…` or `new/…` to their subjects. */
function makeFolder(path: string, messages: Readonly<Record<string, string>> = {}): void {
  for (const part of ['cur', 'new', 'tmp']) mkdirSync(join(path, part), { recursive: true });
  for (const [file, subject] of Object.entries(messages)) writeFileSync(join(path, file), mail(subject));
}

/** UIDs and subjects. */
async function shown(store: MaildirStore, text: string): Promise<readonly (readonly [number, string])[]> {
  const mailbox = value(await store.open(name(text)));
  const all: [number, string][] = [];
  for (const state of statesOf(mailbox)) {
    all.push([Number(state.uid), /^Subject: (.*)\r$/m.exec(await textOf(mailbox, state))?.[1] ?? '']);
  }
  await mailbox.close();
  return all;
}

const validity = async (store: MaildirStore, text = 'INBOX'): Promise<number> =>
  value(await store.status(name(text))).uidValidity;

/** An INBOX with four messages and this list beside them. */
function listed(list: string, file = 'dovecot-uidlist'): Home {
  const home = newHome();
  makeFolder(home.maildir, {
    'cur/1700000001.a.host,S=30,W=30:2,S': 'a',
    'cur/1700000002.b.host:2,': 'b',
    'new/1700000003.c.host': 'c',
    'cur/1700000004.d.host:2,FS': 'd',
  });
  writeFileSync(join(home.maildir, file), list);
  return home;
}

test('dovecot-uidlist: fields and flags in it are passed over, and what is not listed gets UIDs above', async () => {
  const list = `3 V1600000000 N20 G0123456789abcdef0123456789abcdef
3 S30 W30 :1700000001.a.host,S=30,W=30:2,S
5 :1700000009.gone.host
7 P17 Gabc W30 :1700000004.d.host
`;
  const store = await listed(list).store();
  expect(await shown(store, 'INBOX')).toEqual([
    [3, 'a'],
    [7, 'd'],
    [20, 'b'],
    [21, 'c'],
  ]);
  expect(await validity(store)).toBe(1_600_000_000);
  expect(value(await store.append(INBOX, { content: mail('e') })).uid).toBe(22);
});

test('a client that comes with the other server’s HIGHESTMODSEQ is told of all flags, and that it has to compare UIDs', async () => {
  const inbox = await openInbox(await listed('3 V9 N9\n1 :1700000001.a.host,S=30,W=30\n').store());
  const cached = toModSeq(1_000_000);
  expect(inbox.changesSince(cached).changed.map(({ uid }) => uid)).toEqual([...inbox.uids()]);
  expect(inbox.historyFrom).toBeGreaterThan(cached);
  const told = inbox.highestModSeq;
  value(await inbox.store([toUid(1)], { operation: 'add', flags: ['\\Flagged'] }));
  expect(inbox.changesSince(told).changed.map(({ uid }) => uid)).toEqual([1]);
});

test('lines below the header’s UIDNEXT and above it count: Dovecot appends without writing the header again', async () => {
  const store = await listed('3 V9 N2\n1 :1700000001.a.host,S=30,W=30\n30 :1700000002.b.host\n').store();
  expect((await shown(store, 'INBOX')).map(([uid]) => uid)).toEqual([1, 30, 31, 32]);
});

test('what contradicts itself in a list is left out and said; the rest is kept', async () => {
  const entries: StoreLogEntry[] = [];
  const list = `3 V1600000000 N50
2 :1700000001.a.host,S=30,W=30
rubbish
x :1700000002.b.host
9 :1700000003.c.host
4 :1700000002.b.host
10 ${'y'.repeat(100_000)} :1700000002.b.host
11 :../../../etc/passwd
12 :1700000004.d.host
13 :1700000004.d.host
4294967295 :1700000002.b.host
14 :1700000005.x.host
14 :1700000006.y.host
`;
  const store = await listed(list).store({ log: (entry) => entries.push(entry) });
  expect(await shown(store, 'INBOX')).toEqual([
    [2, 'a'],
    [9, 'c'],
    [50, 'b'],
    [51, 'd'],
  ]);
  const distrusted = entries.filter(({ code }) => code === 'list-distrusted').map(({ message }) => message);
  expect(distrusted).toEqual([expect.stringMatching(/^10 lines of .*dovecot-uidlist /)]);
});

test.each([
  ['an empty one', ''],
  ['no header', '1 :1700000001.a.host,S=30,W=30\n'],
  ['no UIDVALIDITY', '3 N5\n1 :1700000001.a.host,S=30,W=30\n'],
  ['UIDVALIDITY 0', '3 V0 N5\n1 :1700000001.a.host,S=30,W=30\n'],
  ['a UIDVALIDITY after which none would be left', '3 V4294967295 N5\n1 :1700000001.a.host,S=30,W=30\n'],
  ['a UIDNEXT after which none would be left', '3 V5 N4294967295\n1 :1700000001.a.host,S=30,W=30\n'],
  ['another version', '4 V5 N5\n1 :1700000001.a.host,S=30,W=30\n'],
  ['bytes', '\u0000\u0001\ufffd'.repeat(50_000)],
])('a list that is useless (%s) is said, and the mailbox gets a UIDVALIDITY of its own', async (_, list) => {
  const codes: string[] = [];
  const store = await listed(list).store({ log: ({ code }) => codes.push(code), clock: () => 1_700_000_000_000 });
  expect((await shown(store, 'INBOX')).map(([uid]) => uid)).toEqual([1, 2, 3, 4]);
  expect(await validity(store)).toBe(1_700_000_000);
  expect(codes).toEqual(['list-distrusted']);
});

test.each([
  'dovecot-uidlist',
  'courierimapuiddb',
])('%s of version 1: a UID that is not below UIDNEXT is left out', async (file) => {
  const store = await listed(
    '1 123456 9\n4 1700000001.a.host,S=30,W=30\n9 1700000002.b.host\n8 1700000003.c.host\n',
    file,
  ).store();
  expect(await shown(store, 'INBOX')).toEqual([
    [4, 'a'],
    [8, 'c'],
    [9, 'b'],
    [10, 'd'],
  ]);
  expect(await validity(store)).toBe(123_456);
});

test('Dovecot’s list goes before Courier’s, and each folder has its own', async () => {
  const home = listed('3 V77 N5\n4 :1700000001.a.host,S=30,W=30\n');
  writeFileSync(join(home.maildir, 'courierimapuiddb'), '1 66 9\n8 1700000001.a.host,S=30,W=30\n');
  makeFolder(join(home.maildir, '.Sent'), { 'cur/1700000001.s.host:2,S': 's' });
  writeFileSync(join(home.maildir, '.Sent', 'courierimapuiddb'), '1 66 9\n8 1700000001.s.host\n');
  const store = await home.store();
  expect([await validity(store), await validity(store, 'Sent')]).toEqual([77, 66]);
  expect((await shown(store, 'INBOX'))[0]).toEqual([4, 'a']);
  expect(await shown(store, 'Sent')).toEqual([[8, 's']]);
});

test('a listed file that comes after the first look gets a new UID: clients have seen higher ones', async () => {
  const home = listed('3 V77 N5\n1 :1700000000.late.host\n2 :1700000001.a.host,S=30,W=30\n');
  const store = await home.store();
  expect((await shown(store, 'INBOX')).map(([uid]) => uid)).toEqual([2, 5, 6, 7]);
  writeFileSync(join(home.maildir, 'cur', '1700000000.late.host:2,S'), mail('late'));
  const inbox = await openInbox(store);
  value(await inbox.refresh());
  expect(statesOf(inbox).map(({ uid }) => Number(uid))).toEqual([2, 5, 6, 7, 8]);
});

test('a delivery before the first look takes no listed UID away', async () => {
  const home = listed('3 V77 N5\n1 :1700000001.a.host,S=30,W=30\n4 :1700000004.d.host\n');
  const store = await home.store();
  expect(value(await store.append(INBOX, { content: mail('first') })).uid).toBe(5);
  expect((await shown(store, 'INBOX')).slice(0, 3)).toEqual([
    [1, 'a'],
    [4, 'd'],
    [5, 'first'],
  ]);
});

test('a name that had a higher UIDVALIDITY before gets a new one', async () => {
  const home = newHome();
  const store = await home.store({ clock: () => 1_700_000_000_000 });
  value(await store.create(name('a')));
  const before = await validity(store, 'a');
  value(await store.delete(name('a')));
  makeFolder(join(home.maildir, '.a'), { 'cur/1700000001.s.host:2,S': 's' });
  writeFileSync(join(home.maildir, '.a', 'dovecot-uidlist'), `3 V${before} N9\n8 :1700000001.s.host\n`);
  expect(await validity(store, 'a')).toBeGreaterThan(before);
  expect(await shown(store, 'a')).toEqual([[1, 's']]);
});

test('a list is taken over once: when the index is lost, UIDs that were given since are not given again', async () => {
  const home = newHome();
  makeFolder(join(home.maildir, '.a'), { 'cur/1700000001.s.host:2,S': 's' });
  writeFileSync(join(home.maildir, '.a', 'dovecot-uidlist'), '3 V2000000000 N9\n8 :1700000001.s.host\n');
  const store = await home.store();
  expect(value(await store.append(name('a'), { content: mail('x') }))).toEqual({ uidValidity: 2_000_000_000, uid: 9 });
  value(await store.rename(name('a'), name('b')));
  await closeQuietly(store);
  for (const entry of readdirSync(join(home.indexFile, '..'))) {
    if (entry.startsWith('index.sqlite')) rmSync(join(home.indexFile, '..', entry));
  }
  const again = await home.store();
  expect(await validity(again, 'b')).toBeGreaterThan(2_000_000_000);
});

test('a first look that fails takes nothing over and can be repeated', async () => {
  const home = listed('3 V77 N5\n4 :1700000001.a.host,S=30,W=30\n');
  let full = true;
  const now = {
    ...nodeFileSystem.now,
    replaceText(path: string, text: string) {
      nodeFileSystem.now.replaceText(path, text);
      if (full && path.endsWith('scorpiox-adopted')) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
    },
  };
  const store = await home.store({ fileSystem: { ...nodeFileSystem, now } });
  expect(errorOf(await store.status(INBOX)).code).toBe('no-space');
  full = false;
  expect(await validity(store)).toBe(77);
});

test('a list of 100,000 lines is taken over in a small heap', { timeout: 60_000 }, async () => {
  const home = newHome();
  makeFolder(home.maildir);
  const lines = ['3 V77 N100001\n'];
  for (let uid = 1; uid <= 100_000; uid += 1) {
    lines.push(
      `${uid} W1234 :${1_600_000_000 + uid}.M123456P12345V000000000000FE01I0000000000ABCDEF.mail.example.org,S=1200:2,S\n`,
    );
  }
  writeFileSync(join(home.maildir, 'dovecot-uidlist'), lines.join(''));
  const child = new Child('opener.ts', [home.maildir, home.indexFile], ['env', 'NODE_OPTIONS=--max-old-space-size=64']);
  expect(await child.line()).toBe('ready');
  child.say('open');
  expect(JSON.parse((await child.line()) ?? '')).toMatchObject({ uidValidity: 77, uidNext: 100_001, messages: 0 });
});

test('Courier’s keywords become letters of the file names, the newest of each message', async () => {
  const home = listed(
    '1 66 9\n3 1700000001.a.host,S=30,W=30\n4 1700000002.b.host\n5 1700000004.d.host\n',
    'courierimapuiddb',
  );
  const directory = join(home.maildir, 'courierimapkeywords');
  mkdirSync(directory);
  writeFileSync(
    join(directory, ':list'),
    'work\nnot valid(\n$Junk\n\n1700000001.a.host,S=30,W=30:0 2\n1700000002.b.host:0\nrubbish\n1700000004.d.host:1 7\n',
  );
  writeFileSync(join(directory, '.2.1700000002.b.host'), 'old\n');
  writeFileSync(join(directory, '.10.1700000002.b.host'), 'later\n');
  writeFileSync(join(directory, '1700000004.d.host'), 'final\nnot valid(\n');
  writeFileSync(join(directory, '.11.1700000004.d.host'), 'old\n');
  const codes: string[] = [];
  const store = await home.store({ log: ({ code }) => codes.push(code) });
  const inbox = await openInbox(store);
  const flags = statesOf(inbox).map(({ uid, flags }) => [Number(uid), [...flags].sort()]);
  expect(flags).toEqual([
    [3, ['$Junk', '\\Seen', 'work']],
    [4, ['later']],
    [5, ['\\Flagged', '\\Seen', 'final']],
    [9, []],
  ]);
  expect(readFileSync(join(home.maildir, 'dovecot-keywords'), 'utf8')).toBe('0 work\n1 $Junk\n2 later\n3 final\n');
  expect(codes).toEqual(['list-distrusted', 'keywords-left', 'uids-adopted']);
});

test('what Debian’s Courier 5.0.13 itself wrote is taken over as its clients saw it', async () => {
  const home = newHome();
  const bases = [2, 3, 4, 5].map((at) => `160000000${at}.M1P1.host`);
  makeFolder(
    home.maildir,
    Object.fromEntries(bases.map((base, at) => [`cur/${base}:2,${at === 0 ? 'FS' : 'S'}`, base])),
  );
  makeFolder(join(home.maildir, '.Sent'));
  // After five messages, STORE 2 +FLAGS (\\Flagged $Label1 work), STORE 4 +FLAGS (work), an EXPUNGE of the first, a SUBSCRIBE.
  const listed = bases.map((base, at) => `${at + 2} ${base}\n`).join('');
  writeFileSync(join(home.maildir, 'courierimapuiddb'), `1 795885292 6\n${listed}`);
  writeFileSync(join(home.maildir, 'courierimapsubscribed'), 'INBOX.Sent\n');
  const directory = join(home.maildir, 'courierimapkeywords');
  mkdirSync(directory);
  writeFileSync(join(directory, ':list'), `work\n$Label1\n\n${bases[0]}:1 0\n${bases[2]}:0\n`);
  writeFileSync(join(directory, `.5986285.${bases[0]}`), '$Label1\nwork\n');
  writeFileSync(join(directory, `.5986285.${bases[2]}`), 'work\n');
  const codes: string[] = [];
  const store = await home.store({ log: ({ code }) => codes.push(code) });
  const inbox = await openInbox(store);
  expect([inbox.uidValidity, inbox.uidNext]).toEqual([795_885_292, 6]);
  expect(statesOf(inbox).map(({ uid, flags }) => [Number(uid), [...flags].sort()])).toEqual([
    [2, ['$Label1', '\\Flagged', '\\Seen', 'work']],
    [3, ['\\Seen']],
    [4, ['\\Seen', 'work']],
    [5, ['\\Seen']],
  ]);
  expect(value(await store.subscriptions())).toEqual([name('Sent')]);
  expect(codes).toEqual(['uids-adopted']);
});

/** A folder of Courier's with two messages, the first with more keywords than there are letters. */
function makeCourierFolder(path: string): void {
  makeFolder(path, { 'cur/1700000001.a.host:2,S': 'a', 'cur/1700000002.b.host:2,': 'b' });
  writeFileSync(join(path, 'courierimapuiddb'), '1 66 9\n3 1700000001.a.host\n4 1700000002.b.host\n');
  mkdirSync(join(path, 'courierimapkeywords'));
  const words = Array.from({ length: 28 }, (_, at) => `k${at}`);
  const uses = ['', `1700000001.a.host:${[...words.keys()].join(' ')}`, '1700000002.b.host:26 3 28', '17.gone.host:27'];
  const list = [...words, 'no keyword(', ...uses, ''].join('\n');
  writeFileSync(join(path, 'courierimapkeywords', ':list'), list);
}

test.each([
  ['keeps its UIDs', false],
  ['gets a new UIDVALIDITY', true],
])('Courier’s keywords for which no letter is left are kept in the index, in a folder that %s', async (_, isUsed) => {
  const home = newHome();
  if (isUsed) {
    const before = await home.store();
    value(await before.create(name('a')));
    expect(await validity(before, 'a')).toBeGreaterThan(66);
    value(await before.delete(name('a')));
    await closeQuietly(before);
  }
  makeCourierFolder(join(home.maildir, '.a'));
  const said: StoreLogEntry[] = [];
  const store = await home.store({ log: (entry) => said.push(entry) });
  const mailbox = value(await store.open(name('a')));
  expect(mailbox.uidValidity === 66).toBe(!isUsed);
  const all = Array.from({ length: 28 }, (_, at) => `k${at}`);
  const [first, second] = statesOf(mailbox);
  expect(new Set(first?.flags)).toEqual(new Set(['\\Seen', ...all]));
  expect(new Set(second?.flags)).toEqual(new Set(['k3', 'k26']));
  expect(mailbox.keywords()).toEqual(all);
  const left = said.filter(({ code }) => code === 'keywords-left').map(({ message }) => message.split(' ')[0]);
  expect(left).toEqual(['1']);
  withDatabase(home.indexFile, (db) => {
    expect(db.prepare('SELECT count(*) AS rows FROM adopted_keywords').get()?.rows).toBe(0);
  });
});

test('Courier’s subscriptions are taken over once, where there are no others', async () => {
  const home = newHome();
  makeFolder(home.maildir);
  writeFileSync(join(home.maildir, 'courierimapsubscribed'), 'INBOX\nINBOX.Sent\nINBOX.Entw&APw-rfe.x\nshared.all\n');
  const codes: string[] = [];
  const store = await home.store({ log: ({ code }) => codes.push(code) });
  expect(value(await store.subscriptions())).toEqual(['Entwürfe.x', 'INBOX', 'Sent']);
  expect(codes).toEqual(['subscriptions-left']);
  for (const one of ['Entwürfe.x', 'INBOX', 'Sent']) value(await store.subscribe(name(one), false));
  expect(value(await (await home.store()).subscriptions())).toEqual([]);
});

test('mbsync’s UID leaves a name that is imported, and stays in a folder that mbsync keeps', async () => {
  expect(importedBase('1.x.host,U=5')).toBe('1.x.host');
  expect(importedBase('1.x.host,U=5,S=3,W=4')).toBe('1.x.host,S=3,W=4');
  expect(importedBase('1.x.host,S=3,U=17')).toBe('1.x.host,S=3');
  expect(importedBase('1.U=5.host,FU=5,U=x')).toBe('1.U=5.host,FU=5,U=x');
  const home = newHome();
  makeFolder(home.maildir, { 'cur/1700000001.a.host,U=7:2,S': 'a' });
  writeFileSync(join(home.maildir, '.uidvalidity'), '1600000000\n7\n');
  const store = await home.store();
  expect(await shown(store, 'INBOX')).toEqual([[1, 'a']]);
  expect(readdirSync(join(home.maildir, 'cur'))).toEqual(['1700000001.a.host,U=7:2,S']);
  value(await store.create(name('b')));
  const inbox = await openInbox(store);
  value(
    await inbox.move(
      [...inbox.states()].map(({ uid }) => uid),
      name('b'),
    ),
  );
  expect(onlyFile(join(home.maildir, '.b', 'cur'))).not.toContain('U=');
});

test('an export keeps what Dovecot named the mailbox, and says which keywords stay behind', async () => {
  const guid = '0123456789abcdef0123456789abcdef';
  const home = listed(`3 V77 N5 G${guid}\n3 :1700000001.a.host,S=30,W=30\n4 :1700000002.b.host\n`);
  const store = await home.store();
  const inbox = await openInbox(store);
  const [first, second] = statesOf(inbox).map(({ uid }) => uid);
  if (first === undefined || second === undefined) throw new Error('Messages are missing.');
  const keywords = Array.from({ length: 28 }, (_, at) => `k${at}`);
  value(await inbox.store([first, second], { operation: 'add', flags: keywords.slice(0, 27) }));
  value(await inbox.store([first], { operation: 'add', flags: keywords }));
  value(await inbox.store([second], { operation: 'add', flags: ['\\Deleted'] }));
  value(await inbox.expunge());
  const exported = value(await store.exportForDovecot());
  expect(exported).toEqual({
    mailboxes: 1,
    messages: 3,
    keywordsLeft: [
      { name: 'INBOX', keyword: 'k26', messages: 1 },
      { name: 'INBOX', keyword: 'k27', messages: 1 },
    ],
  });
  const [header, ...lines] = readFileSync(join(home.maildir, 'dovecot-uidlist'), 'utf8').trimEnd().split('\n');
  expect(header).toBe(`3 V77 N7 G${guid}`);
  expect(lines).toEqual([
    '3 :1700000001.a.host,S=30,W=30:2,Sabcdefghijklmnopqrstuvwxyz',
    expect.stringMatching(/^5 :1700000003\.c\.host(:2,)?$/),
    '6 :1700000004.d.host:2,FS',
  ]);
  expect(readdirSync(home.maildir).filter((entry) => entry.startsWith('dovecot-uidlist'))).toEqual(['dovecot-uidlist']);
});

test('a folder that leads out of the Maildir by a symbolic link is no mailbox', async () => {
  const [home, other] = [newHome(), newHome()];
  makeFolder(join(other.maildir, '.private'), { 'cur/1700000001.a.host:2,S': 'not yours' });
  makeFolder(home.maildir);
  symlinkSync(join(other.maildir, '.private'), join(home.maildir, '.x'));
  for (const part of ['cur', 'new']) {
    makeFolder(join(home.maildir, `.${part}`));
    rmSync(join(home.maildir, `.${part}`, part), { recursive: true });
    symlinkSync(join(other.maildir, '.private', part), join(home.maildir, `.${part}`, part));
  }
  const store = await home.store();
  expect(value(await store.list()).map((one) => one.name)).toEqual(['INBOX']);
  for (const one of ['x', 'cur', 'new'].map(name)) {
    expect(errorOf(await store.open(one)).code).toBe('no-such-mailbox');
    expect(errorOf(await store.append(one, { content: mail('in') })).code).toBe('no-such-mailbox');
    expect(errorOf(await store.create(one)).code).toBe('mailbox-exists');
    expect(errorOf(await store.delete(one)).code).toBe('no-such-mailbox');
    expect(errorOf(await store.rename(one, name('y'))).code).toBe('no-such-mailbox');
  }
  value(await store.create(name('a')));
  expect(errorOf(await store.rename(name('a'), name('x'))).code).toBe('mailbox-exists');
  expect(readdirSync(join(other.maildir, '.private', 'cur'))).toEqual(['1700000001.a.host:2,S']);
  expect(readdirSync(join(other.maildir, '.private', 'new'))).toEqual([]);
});

test('a rename that would make a child’s name too long for the file system renames nothing', async () => {
  const store = await newHome().store();
  for (const one of ['a', `a.${'b'.repeat(200)}`]) value(await store.create(name(one)));
  expect(errorOf(await store.rename(name('a'), name('c'.repeat(60)))).code).toBe('invalid-name');
  expect(value(await store.list()).map((one) => one.name)).toEqual(['INBOX', 'a', `a.${'b'.repeat(200)}`]);
  value(await store.create(name('x'.repeat(254))));
  expect((await shown(store, 'x'.repeat(254))).length).toBe(0);
});

test('a listed file that the first look could not catch gets a new UID: it is shown to clients by then', async () => {
  const home = listed('3 V77 N5\n1 :1700000001.a.host,S=30,W=30\n4 :1700000004.d.host\n');
  let elsewhere = true; // it is being renamed whenever somebody looks for it
  const hidden = (path: string): boolean => elsewhere && path.includes('.a.host');
  let changes = 0n;
  const stat = (path: string) => {
    if (hidden(path)) return undefined;
    const found = nodeFileSystem.now.stat(path);
    if (!elsewhere || found === undefined || !path.endsWith('/cur')) return found;
    changes += 1n;
    return { ...found, mtime: found.mtime + changes };
  };
  const exists = (path: string): boolean => !hidden(path) && nodeFileSystem.now.exists(path);
  const now = { ...nodeFileSystem.now, exists, stat };
  const fileSystem = { ...nodeFileSystem, stat: async (path: string) => stat(path), now };
  const inbox = await openInbox(await home.store({ fileSystem }));
  expect(statesOf(inbox).map(({ uid }) => Number(uid))).toEqual([4, 5, 6]);
  elsewhere = false;
  const cur = join(home.maildir, 'cur');
  renameSync(join(cur, '1700000001.a.host,S=30,W=30:2,S'), join(cur, '1700000001.a.host,S=30,W=30:2,RS'));
  await until(inbox, () => statesOf(inbox).length === 4);
  expect(statesOf(inbox).map(({ uid }) => Number(uid))).toEqual([4, 5, 6, 7]);
});

test('a line end in a file name gives no other message a UID in the exported list', async () => {
  const home = newHome();
  makeFolder(home.maildir, { 'cur/1700000001.a\n7 :1700000002.b:2,': 'a', 'cur/1700000002.b:2,': 'b' });
  const store = await home.store();
  expect(await shown(store, 'INBOX')).toHaveLength(2);
  const exported = value(await store.exportForDovecot());
  expect(exported.messages).toBe(1);
  const [, ...lines] = readFileSync(join(home.maildir, 'dovecot-uidlist'), 'utf8').trimEnd().split('\n');
  expect(lines).toEqual(['2 :1700000002.b:2,']);
});
