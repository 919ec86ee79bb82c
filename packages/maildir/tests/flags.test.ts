import { readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { INBOX, type Mailbox } from '../src/index.ts';
import { emailIdOf } from '../src/names/file-name.ts';
import {
  closeQuietly,
  errorOf,
  mail,
  name,
  newHome,
  onlyFile,
  openInbox,
  recordsOf,
  statesOf,
  textOf,
  value,
} from './helpers.ts';

const flagsOf = (mailbox: Mailbox, at = 0): string[] => [...(statesOf(mailbox)[at]?.flags ?? [])].sort();
const infoOf = (file: string): string => file.slice(file.indexOf(':'));
const uidsOf = (mailbox: Mailbox) => statesOf(mailbox).map(({ uid }) => uid);

test('adding, removing and replacing flags renames the file, letters sorted', async () => {
  const home = newHome();
  const store = await home.store();
  value(await store.append(INBOX, { content: mail('one'), flags: ['\\Seen'] }));
  const inbox = await openInbox(store);
  const cur = join(home.maildir, 'cur');
  const before = inbox.highestModSeq;
  const { changed: all } = value(
    await inbox.store(uidsOf(inbox), { operation: 'add', flags: ['\\answered', '\\Flagged'] }),
  );
  const [changed] = all;
  expect([...(changed?.flags ?? [])].sort()).toEqual(['\\Answered', '\\Flagged', '\\Seen']);
  expect(infoOf(onlyFile(cur))).toBe(':2,FRS');
  expect(changed?.modSeq).toBeGreaterThan(before);
  value(await inbox.store(uidsOf(inbox), { operation: 'remove', flags: ['\\Seen', 'unheard-of'] }));
  expect(infoOf(onlyFile(cur))).toBe(':2,FR');
  value(await inbox.store(uidsOf(inbox), { operation: 'replace', flags: ['\\Draft'] }));
  expect(infoOf(onlyFile(cur))).toBe(':2,D');
  expect(inbox.keywords()).toEqual([]);
});

test('a change that changes nothing leaves file and mod-sequence', async () => {
  const store = await newHome().store();
  value(await store.append(INBOX, { content: mail('one'), flags: ['\\Seen'] }));
  const inbox = await openInbox(store);
  const before = statesOf(inbox);
  const stored = value(await inbox.store(uidsOf(inbox), { operation: 'add', flags: ['\\Seen'] }));
  expect(stored).toEqual({ changed: before, modified: [] });
  expect(statesOf(inbox)).toEqual(before);
  expect(inbox.highestModSeq).toBe(before[0]?.modSeq);
});

test('passed, unknown letters and text after a comma survive every change', async () => {
  const home = newHome();
  const store = await home.store();
  writeFileSync(join(home.maildir, 'cur', '1700000000.a.host:2,PXS,keep'), mail('one'));
  const inbox = await openInbox(store);
  expect(flagsOf(inbox)).toEqual(['\\Seen']);
  value(await inbox.store(uidsOf(inbox), { operation: 'replace', flags: ['\\Flagged'] }));
  expect(onlyFile(join(home.maildir, 'cur'))).toBe('1700000000.a.host:2,FPX,keep');
});

test('keywords are letters through dovecot-keywords, without case, as first spelled', async () => {
  const home = newHome();
  const store = await home.store();
  writeFileSync(join(home.maildir, 'dovecot-keywords'), '0 $Forwarded\n2 theirs\n');
  writeFileSync(join(home.maildir, 'cur', '1700000000.a.host:2,ac'), mail('one'));
  const inbox = await openInbox(store);
  expect(flagsOf(inbox)).toEqual(['$Forwarded', 'theirs']);
  value(await inbox.store(uidsOf(inbox), { operation: 'add', flags: ['Ours', 'THEIRS'] }));
  expect(flagsOf(inbox)).toEqual(['$Forwarded', 'Ours', 'theirs']);
  expect(readFileSync(join(home.maildir, 'dovecot-keywords'), 'utf8')).toBe('0 $Forwarded\n1 Ours\n2 theirs\n');
  expect(infoOf(onlyFile(join(home.maildir, 'cur')))).toBe(':2,abc');
});

test('a keyword that another program adds later is known at the next look', async () => {
  const home = newHome();
  const store = await home.store();
  value(await store.append(INBOX, { content: mail('one'), flags: ['first'] }));
  const inbox = await openInbox(store);
  const cur = join(home.maildir, 'cur');
  writeFileSync(join(home.maildir, 'dovecot-keywords'), '0 first\n1 second\n');
  const file = onlyFile(cur);
  renameSync(join(cur, file), join(cur, `${file}b`));
  value(await inbox.refresh());
  expect(flagsOf(inbox)).toEqual(['first', 'second']);
});

test('names in dovecot-keywords that no client could say are shown as keywords, keep their letters, and can be copied', async () => {
  const home = newHome();
  const store = await home.store();
  const { uid } = value(await store.append(INBOX, { content: mail('one'), flags: ['\\Flagged'] }));
  const cur = join(home.maildir, 'cur');
  renameSync(join(cur, onlyFile(cur)), join(cur, `${onlyFile(cur)}abc`));
  writeFileSync(join(home.maildir, 'dovecot-keywords'), `0 half)left\n1 \\Seen\n2 ${'x'.repeat(300)}\n`);
  const inbox = await openInbox(store);
  const keywords = ['_Seen', 'half_left', 'x'.repeat(255)];
  expect(flagsOf(inbox)).toEqual(['\\Flagged', ...keywords]);
  value(await store.create(name('copies')));
  value(await inbox.copy([uid], name('copies')));
  expect(flagsOf(value(await store.open(name('copies'))))).toEqual(['\\Flagged', ...keywords]);
  value(await inbox.store([uid], { operation: 'add', flags: ['more'] }));
  expect(onlyFile(cur)).toMatch(/:2,Fabcd$/);
});

test('keywords beyond the letters live in the index, and are copied, counted and removed like others', async () => {
  const home = newHome();
  const store = await home.store();
  value(await store.create(name('copies')));
  const keywords = Array.from({ length: 30 }, (_, at) => `keyword${String(at).padStart(2, '0')}`);
  value(await store.append(INBOX, { content: mail('one'), flags: keywords }));
  const inbox = await openInbox(store);
  expect(flagsOf(inbox)).toEqual(keywords);
  expect(infoOf(onlyFile(join(home.maildir, 'cur')))).toBe(':2,abcdefghijklmnopqrstuvwxyz');
  value(await inbox.copy(uidsOf(inbox), name('copies')));
  expect(flagsOf(value(await store.open(name('copies'))))).toEqual(keywords);
  value(await inbox.store(uidsOf(inbox), { operation: 'remove', flags: ['keyword29', 'keyword00'] }));
  expect(flagsOf(inbox)).toEqual(keywords.slice(1, 29));
  await closeQuietly(store);
  const again = await openInbox(await home.store());
  expect(flagsOf(again)).toEqual(keywords.slice(1, 29));
  expect(again.keywords()).toEqual(keywords);
});

test.each([
  '\\Recent',
  '\\Unknown',
  'two words',
  'par(en',
  '',
  'ünicode',
  'a]b',
])('the flag %j is refused', async (flag) => {
  const store = await newHome().store();
  const refused = await store.append(INBOX, { content: mail('one'), flags: [flag] });
  expect(errorOf(refused).code).toBe('invalid-keyword');
});

test('keywords have a limit', async () => {
  const store = await newHome().store();
  const flags = Array.from({ length: 501 }, (_, at) => `keyword${at}`);
  expect(errorOf(await store.append(INBOX, { content: mail('one'), flags })).code).toBe('invalid-keyword');
});

test('a copy has the flags, date and bytes of its source under a fresh name', async () => {
  const home = newHome();
  const store = await home.store();
  value(await store.create(name('copies')));
  const options = { flags: ['\\Seen', 'work'], internalDate: 1_500_000_000_000 };
  const first = value(await store.append(INBOX, { content: mail('one'), ...options }));
  const second = value(await store.append(INBOX, { content: Buffer.from('a\nb\r\n') }));
  const inbox = await openInbox(store);
  const missing = second.uid + 100;
  const copied = value(
    await inbox.copy([...uidsOf(inbox), ...[missing].map((uid) => Object.assign(first, { uid }).uid)], name('copies')),
  );
  expect(copied.pairs).toHaveLength(2);
  const copies = value(await store.open(name('copies')));
  expect(copies.uidValidity).toBe(copied.uidValidity);
  const [one, two] = await recordsOf(copies);
  if (one === undefined || two === undefined) throw new Error('A copy is missing.');
  expect([...one.flags].sort()).toEqual(['\\Seen', 'work']);
  expect(one.internalDate).toBe(1_500_000_000_000);
  expect(one.recent).toBe(true);
  expect(await textOf(copies, two)).toBe('a\r\nb\r\n');
  const sources = new Set((await recordsOf(inbox)).map(({ baseName }) => baseName));
  expect((await recordsOf(copies)).every(({ baseName }) => !sources.has(baseName))).toBe(true);
  expect(errorOf(await inbox.copy(uidsOf(inbox), name('absent'))).code).toBe('no-such-mailbox');
});

test('expunge removes what is marked, of what it was told, and remembers it', async () => {
  const home = newHome();
  const store = await home.store();
  for (const subject of ['one', 'two', 'three']) value(await store.append(INBOX, { content: mail(subject) }));
  const inbox = await openInbox(store);
  const [one, two, three] = uidsOf(inbox);
  if (one === undefined || two === undefined || three === undefined) throw new Error('A message is missing.');
  const since = inbox.highestModSeq;
  value(await inbox.store([one, two], { operation: 'add', flags: ['\\Deleted'] }));
  expect(value(await inbox.expunge([two, three]))).toEqual([two]);
  expect(inbox.changesSince(since).vanished).toEqual([two]);
  expect(value(await inbox.expunge())).toEqual([one]);
  expect(uidsOf(inbox)).toEqual([three]);
  expect(readdirSync(join(home.maildir, 'cur'))).toHaveLength(1);
  const left = value(await inbox.store([one, three], { operation: 'add', flags: ['\\Seen'] }));
  expect(left.changed.map(({ uid }) => uid)).toEqual([three]);
});

test('stored messages are readable by their owner alone', async () => {
  const home = newHome();
  const store = await home.store();
  value(await store.append(INBOX, { content: mail('one') }));
  const file = statSync(join(home.maildir, 'new', onlyFile(join(home.maildir, 'new'))));
  expect(file.mode & 0o077).toBe(0);
});

test('a message in new/ whose name has no room for letters goes on under a shorter one, and holds nothing up', async () => {
  const home = newHome();
  const store = await home.store();
  const inbox = await openInbox(store);
  const long = '1600000000.M1.'.padEnd(255, 'x');
  writeFileSync(join(home.maildir, 'new', long), mail('long'));
  value(await inbox.refresh());
  value(await store.append(INBOX, { content: mail('after') }));
  value(await inbox.refresh());
  expect(uidsOf(inbox)).toEqual([1, 2]);
  expect(readdirSync(join(home.maildir, 'new'))).toEqual([]);
  const shown = await recordsOf(inbox);
  expect(shown[0]?.baseName).not.toBe(long);
  expect(shown[0]?.emailId).toBe(emailIdOf(long));
});
