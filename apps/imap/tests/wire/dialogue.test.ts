// What clients say in a day, read as commands, wherever the network cuts it. The lines are those of the RFCs' examples.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Framer } from '../../src/wire/framer.ts';
import { AFTER_SIGN_IN } from '../../src/wire/limits.ts';
import { parseCommand } from '../../src/wire/parse.ts';
import { asks, bytes, cut } from './transcript.ts';

const MAIL = 'From: a\r\n\r\nz9 DELETE INBOX\r\n';
const SAY = [
  't0 CAPABILITY',
  't1 LOGIN {11}\r\nFRED FOOBAR {7+}\r\nfat man',
  't2 ENABLE QRESYNC UTF8=ACCEPT IMAP4rev2',
  't3 ID ("name" "sodr" "os" NIL)',
  't4 NAMESPACE',
  't5 LIST (SUBSCRIBED RECURSIVEMATCH) "" ("INBOX" "Sent/%") RETURN (CHILDREN SPECIAL-USE STATUS (MESSAGES UNSEEN))',
  't6 CREATE {9+}\r\nMySpecial (USE (\\Drafts \\Sent))',
  't7 STATUS "Entw\xc3\xbcrfe" (UIDNEXT SIZE DELETED HIGHESTMODSEQ MAILBOXID APPENDLIMIT)',
  't8 SELECT INBOX (QRESYNC (67890007 20050715194045000 41,43:211,214:541 (1,9:11 41,50:52)))',
  't9 SEARCH RETURN (MIN COUNT SAVE) CHARSET UTF-8 (OR $ TEXT {6+}\r\n\xd0\xbc\xd0\xb0\xd0\xb9 NOT MODSEQ "/flags/\\\\draft" all 620162338)',
  'u0 UID FETCH 300:500 (FLAGS BODY.PEEK[1.HEADER.FIELDS ({4}\r\nFrom To)]<0.100> BINARY.SIZE[2]) (CHANGEDSINCE 12345 VANISHED)',
  'u1 UID STORE $ (UNCHANGEDSINCE 320162338) +FLAGS.SILENT (\\Deleted $Processed)',
  'u2 UID MOVE 42:69,* foo',
  `u3 APPEND saved (\\Seen) {${MAIL.length}}\r\n${MAIL} " 7-Feb-1994 22:43:04 -0800" ~{${MAIL.length}+}\r\n${MAIL} UTF8 (~{3}\r\n\xc3\xbc\0)`,
  'u4 UID EXPUNGE 3000:3002',
  'u5 FETCH 1 BODY[',
  'u6 SELECT ~{5+}\r\nINBOX',
  `u7 APPEND saved {1+}\r\nx (\\Recent) {${MAIL.length}+}\r\n${MAIL}`,
  'u8 COMPRESS DEFLATE',
  'u9 UNSELECT',
];
const ALL = bytes(SAY.map((line) => `${line}\r\n`).join(''));
const UTF8 = { utf8: true };

/** What the session would see, with each message's octets together. */
function heard(chunks: readonly Uint8Array[]): readonly unknown[] {
  const framer = new Framer(AFTER_SIGN_IN);
  framer.setOptions(UTF8);
  const all: unknown[] = [];
  let message = '';
  for (const chunk of chunks) {
    framer.push(chunk);
    for (let frame = framer.next(); frame !== undefined; frame = framer.next()) {
      if (asks(frame)) framer.accept();
      if (frame.kind === 'append-data') {
        message += Buffer.from(frame.chunk).toString('latin1');
        continue;
      }
      if (message !== '') all.push(message);
      message = '';
      all.push(frame.kind === 'command' ? parseCommand(frame.raw, UTF8) : frame);
    }
  }
  return all;
}

const whole = heard([ALL]);

it('is understood when it comes at once', () => {
  const names = whole.map((one) => JSON.stringify(one).match(/"name":"([^"]*)"/)?.[1]);
  expect(names.filter((name) => name !== undefined)).toEqual([
    ...['CAPABILITY', 'LOGIN', 'ENABLE', 'ID', 'NAMESPACE', 'LIST', 'CREATE', 'STATUS', 'SELECT', 'SEARCH', 'FETCH'],
    ...['STORE', 'MOVE', 'APPEND', 'UID EXPUNGE', 'APPEND', 'COMPRESS', 'UNSELECT'],
  ]);
  const bad = whole.filter((one) => JSON.stringify(one).includes('"kind":"syntax"'));
  expect(bad).toMatchObject([
    { error: { tag: 'u5' } },
    { error: { tag: 'u6' } },
    { kind: 'append-end', failure: { tag: 'u7' }, skipping: MAIL.length },
  ]);
});

it('is understood all the same when it is cut at any octet', () => {
  for (let at = 1; at < ALL.length; at++) expect(heard([ALL.subarray(0, at), ALL.subarray(at)])).toEqual(whole);
});

it('is understood all the same in pieces of any size', () => {
  const text = Buffer.from(ALL).toString('latin1');
  for (const size of [1, 2, 3, 5, 7, 64, 1_000]) expect(heard(cut(text, size))).toEqual(whole);
});

it('is understood all the same when it is cut at random', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: ALL.length - 1 }), { maxLength: 80 }), (places) => {
      const ends = [...places.sort((a, b) => a - b), ALL.length];
      expect(heard(ends.map((end, i) => ALL.subarray(ends[i - 1] ?? 0, end)))).toEqual(whole);
    }),
  );
});
