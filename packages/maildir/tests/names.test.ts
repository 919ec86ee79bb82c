import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseMailboxName } from '../src/index.ts';
import { baseNames, claimedSizes, deliveryTime, formatInfo, parseFileName, parseInfo } from '../src/names/file-name.ts';
import { decodeUtf7, encodeUtf7, folderOf, mailboxOf } from '../src/names/mailbox-name.ts';
import { errorOf, name } from './helpers.ts';

test.each([
  '',
  '.',
  '..',
  '...',
  '.a',
  'a.',
  'a..b',
  '../b',
  'a/b',
  '/etc/passwd',
  'a\u0000b',
  'a\nb',
  'a\u007fb',
  'a\u0085b',
  'a\ud800b',
  'x'.repeat(255),
  'ä'.repeat(100),
])('the mailbox name %j is refused', (text) => {
  expect(errorOf(parseMailboxName(text)).code).toBe('invalid-name');
});

test('a name that the file system can just hold is accepted', () => {
  expect(Buffer.byteLength(folderOf(name('x'.repeat(254))))).toBe(255);
});

test('INBOX has one spelling and is the root', () => {
  expect(name('inBox')).toBe('INBOX');
  expect(name('inbox.a')).toBe('INBOX.a');
  expect(name('Inboxes')).toBe('Inboxes');
  expect(folderOf(name('Inbox'))).toBe('');
});

test('names in modified UTF-7 as other Maildir programs write them', () => {
  expect(folderOf(name('Entwürfe'))).toBe('.Entw&APw-rfe');
  expect(folderOf(name('台北.R&D'))).toBe('.&U,BTFw-.R&-D');
  expect(mailboxOf('.Entw&APw-rfe')).toBe('Entwürfe');
});

test('every name that is accepted leads to its folder and back, and never out of the root', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
      const parsed = parseMailboxName(text);
      if (!parsed.ok || parsed.value === 'INBOX') return;
      const folder = folderOf(parsed.value);
      expect(folder).toMatch(/^\.[^./]/);
      expect(mailboxOf(folder)).toBe(parsed.value);
    }),
    { numRuns: 300 },
  );
});

test.each([
  '.',
  '..',
  '...',
  'cur',
  '.a..b',
  '.Entwürfe',
  '.&AGE-',
  '.&APw',
  '.INBOX',
  '.inbox.a',
  '..scorpiox-trash-1',
])('the directory %j is no mailbox', (folder) => {
  expect(mailboxOf(folder)).toBeUndefined();
});

test('only canonical modified UTF-7 is decoded', () => {
  expect(decodeUtf7(encodeUtf7('a&ü'))).toBe('a&ü');
  expect(decodeUtf7('&AGE-')).toBeUndefined(); // "a" must not be encoded
});

test('flags are sorted; unknown letters, passed and what follows a comma stay', () => {
  const info = parseInfo(':2,TSxPX,keep,me');
  expect(formatInfo(info)).toBe(':2,PSTXx,keep,me');
  expect(formatInfo(parseInfo(''))).toBe(':2,');
  expect(formatInfo(parseInfo(':1,other'))).toBe(':2,,1,other');
});

test('what base names tell', () => {
  expect(claimedSizes('1.x.host,S=12,W=14')).toEqual({ size: 12, virtual: 14 });
  expect(claimedSizes('1.S=12.host')).toEqual({ size: undefined, virtual: undefined });
  expect(deliveryTime('1700000000.M5P1.host')).toBe(1_700_000_000_000_005);
  expect(deliveryTime('1700000000.P1M7.host')).toBe(1_700_000_000_000_007);
  expect(deliveryTime('1700000000.M1234567P1.M3')).toBe(1_700_000_000_000_000);
  expect(deliveryTime('12345678.M5P1.host')).toBeUndefined();
  expect(deliveryTime('message.eml')).toBeUndefined();
  expect(parseFileName('.hidden')).toBeUndefined();
  expect(parseFileName(':2,S')).toBeUndefined();
});

test('fresh base names rise, even while the clock stands or goes back, and hold no separator of a file name', () => {
  let now = 1_700_000_000_000;
  const next = baseNames({ clock: () => now, random: (n) => new Uint8Array(n), hostName: 'a/b:c,d', processId: 7 });
  const names = [next(), next()];
  now -= 5000;
  names.push(next());
  const times = names.map(deliveryTime);
  expect(times).toEqual([...times].sort());
  expect(new Set(times).size).toBe(3);
  for (const one of names) expect(one).not.toMatch(/[/:,]/);
});
