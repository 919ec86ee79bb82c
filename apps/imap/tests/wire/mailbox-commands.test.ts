// What the extensions add to the commands about sessions and mailboxes.

import { describe, expect, it } from 'vitest';
import type { ListReturn } from '../../src/wire/command.ts';
import { body, one, reads } from './parsing.ts';

describe('ENABLE, COMPRESS (RFC 5161, RFC 4978)', () => {
  reads([
    ['ENABLE condstore', { name: 'ENABLE', capabilities: ['CONDSTORE'] }],
    [
      'ENABLE CONDSTORE QRESYNC utf8=accept X-GOOD-IDEA condstore ',
      { name: 'ENABLE', capabilities: ['CONDSTORE', 'QRESYNC', 'UTF8=ACCEPT', 'X-GOOD-IDEA'] },
    ],
    ['ENABLE', 'syntax'],
    ['ENABLE "CONDSTORE"', 'syntax'],
    ['COMPRESS deflate', { name: 'COMPRESS', mechanism: 'DEFLATE' }],
    ['COMPRESS', 'syntax'],
    ['COMPRESS DEFLATE now', 'syntax'],
  ]);
});

describe('ID (RFC 2971)', () => {
  const fields = (...all: readonly (readonly [string, string | null])[]) => ({ name: 'ID', fields: all });
  const many = (count: number) => Array.from({ length: count }, (_, i) => `"k${i}" NIL`).join(' ');
  reads([
    ['ID NIL', { name: 'ID', fields: null }],
    ['id nil', { name: 'ID', fields: null }],
    ['ID ()', fields()],
    [
      'ID ("name" "sodr" "Version" "19.34" "vendor" NIL)',
      fields(['name', 'sodr'], ['Version', '19.34'], ['vendor', null]),
    ],
    ['ID ({4+}\r\nname {2+}\r\n"\\ "os" "M\xc3\xbc")', fields(['name', '"\\'], ['os', 'Mü'])],
    ['ID', 'syntax'],
    ['ID ("name")', 'syntax'],
    ['ID ("name" "a" "b")', 'syntax'],
    ['ID ("name" bare)', 'syntax'],
    ['ID (NIL "a")', 'syntax'],
    ['ID ("name" "a"', 'syntax'],
    [`ID (${many(31)})`, 'syntax'],
    [`ID ("${'k'.repeat(31)}" NIL)`, 'syntax'],
    [`ID ("k" "${'v'.repeat(1025)}")`, 'syntax'],
  ]);
  it('reads as many as there may be', () => {
    expect(body(`ID (${many(30)})`)).toMatchObject({ fields: { length: 30 } });
  });
});

describe('SELECT and EXAMINE with parameters (RFC 7162)', () => {
  const selected = (more: object = {}) => ({ name: 'SELECT', mailbox: 'INBOX', condstore: false, ...more });
  const known = { uidValidity: 67_890_007, modSeq: 20_050_715_194_045_000 };
  const clamped = { ...known, modSeq: Number.MAX_SAFE_INTEGER };
  reads(
    [
      ['(CONDSTORE)', selected({ condstore: true })],
      ['(condstore)', selected({ condstore: true })],
      [
        '(QRESYNC (67890007 20050715194045000 41,43:211,214:541))',
        selected({ qresync: { ...clamped, knownUids: [...one(41), ...one(43, 211), ...one(214, 541)] } }),
      ],
      ['(QRESYNC (1 9223372036854775807))', selected({ qresync: { uidValidity: 1, modSeq: Number.MAX_SAFE_INTEGER } })],
      ['(CONDSTORE QRESYNC (1 2))', selected({ condstore: true, qresync: { uidValidity: 1, modSeq: 2 } })],
      [
        '(QRESYNC (67890007 90060115194045000 41:211,214:541 (1,9:11 41,50:52)))',
        selected({
          qresync: {
            ...clamped,
            knownUids: [...one(41, 211), ...one(214, 541)],
            match: { numbers: [...one(1), ...one(9, 11)], uids: [...one(41), ...one(50, 52)] },
          },
        }),
      ],
      [
        '(QRESYNC (1 2 (1:2 5,9)))',
        selected({
          qresync: { uidValidity: 1, modSeq: 2, match: { numbers: one(1, 2), uids: [...one(5), ...one(9)] } },
        }),
      ],
      ['()', 'syntax'],
      ['CONDSTORE', 'syntax'],
      ['(CONDSTORE', 'syntax'],
      ['(NOSUCH)', 'syntax'],
      ['(QRESYNC)', 'syntax'],
      ['(QRESYNC (0 1))', 'syntax'],
      ['(QRESYNC (1 0))', 'syntax'],
      ['(QRESYNC (1))', 'syntax'],
      ['(QRESYNC (4294967296 1))', 'syntax'],
      ['(QRESYNC (1 9223372036854775808))', 'syntax'],
      ['(QRESYNC (1 2 1:*))', 'syntax'],
      ['(QRESYNC (1 2 $))', 'syntax'],
      ['(QRESYNC (1 2 1 (1:2 5)))', 'syntax'],
      ['(QRESYNC (1 2 1 (2,1 5,6)))', 'syntax'],
      ['(QRESYNC (1 2 1 (1:* 5)))', 'syntax'],
      ['(QRESYNC (1 2 ))', 'syntax'],
    ],
    'SELECT INBOX ',
  );
  it('reads known UIDs of 60 KB', () => {
    const uids = Array.from({ length: 8_000 }, (_, i) => 100_000 + 2 * i);
    expect(body(`EXAMINE a (QRESYNC (1 2 ${uids.join(',')}))`)).toMatchObject({
      qresync: { knownUids: { length: 8_000 } },
    });
  });
});

describe('CREATE for a special use (RFC 6154)', () => {
  const created = (...specialUse: readonly string[]) => ({ name: 'CREATE', mailbox: 'MySpecial', specialUse });
  reads(
    [
      ['(USE (\\Drafts \\Sent))', created('\\Drafts', '\\Sent')],
      ['(use (\\drafts))', created('\\drafts')],
      ['(USE ())', created()],
      ['()', 'syntax'],
      ['(USE (Drafts))', 'syntax'],
      ['(USE \\Drafts)', 'syntax'],
      ['(USES (\\Drafts))', 'syntax'],
      ['\\Drafts', 'syntax'],
    ],
    'CREATE MySpecial ',
  );
});

describe('LIST extended (RFC 9051 §6.3.9, RFC 5258, RFC 5819, RFC 6154)', () => {
  const nothing: ListReturn = { subscribed: false, children: false, specialUse: false };
  const listed = (more: object) => ({
    name: 'LIST',
    reference: '',
    patterns: ['*'],
    selection: [],
    returns: nothing,
    extended: true,
    ...more,
  });
  reads(
    [
      ['(SUBSCRIBED) "" "*"', listed({ selection: ['SUBSCRIBED'] })],
      ['() "" "*"', listed({})],
      ['"" (*)', listed({})],
      ['"" "*" RETURN ()', listed({})],
      ['"" "*"', listed({ extended: false })],
      ['"" "%" RETURN (CHILDREN)', listed({ patterns: ['%'], returns: { ...nothing, children: true } })],
      [
        '(REMOTE) "" "%" return (children)',
        listed({ selection: ['REMOTE'], patterns: ['%'], returns: { ...nothing, children: true } }),
      ],
      ['(REMOTE SUBSCRIBED) "" "*"', listed({ selection: ['REMOTE', 'SUBSCRIBED'] })],
      ['(RECURSIVEMATCH SUBSCRIBED) "" *', listed({ selection: ['RECURSIVEMATCH', 'SUBSCRIBED'] })],
      ['(special-use RECURSIVEMATCH) "" *', listed({ selection: ['SPECIAL-USE', 'RECURSIVEMATCH'] })],
      ['"" ("INBOX" "Drafts" "Sent/%")', listed({ patterns: ['INBOX', 'Drafts', 'Sent/%'] })],
      ['(SUBSCRIBED) "" ("%" Entw&APw-rfe)', listed({ selection: ['SUBSCRIBED'], patterns: ['%', 'Entwürfe'] })],
      [
        '"" % RETURN (SUBSCRIBED CHILDREN SPECIAL-USE STATUS (MESSAGES UNSEEN))',
        listed({
          patterns: ['%'],
          returns: { subscribed: true, children: true, specialUse: true, status: ['MESSAGES', 'UNSEEN'] },
        }),
      ],
      ['"" "" RETURN (SPECIAL-USE)', listed({ patterns: [''], returns: { ...nothing, specialUse: true } })],
      ['(RECURSIVEMATCH) "" *', 'syntax'],
      ['(REMOTE RECURSIVEMATCH) "" *', 'syntax'],
      ['(NOSUCH) "" *', 'syntax'],
      ['"" * RETURN (NOSUCH)', 'syntax'],
      ['"" * RETURN (CHILDREN (1))', 'syntax'],
      ['"" * RETURN (STATUS)', 'syntax'],
      ['"" * RETURN (STATUS ())', 'syntax'],
      ['"" * RETURN CHILDREN', 'syntax'],
      ['"" * RETURN', 'syntax'],
      ['"" * CHILDREN', 'syntax'],
      ['"" ()', 'syntax'],
      ['(SUBSCRIBED)', 'syntax'],
      ['"" (a b', 'syntax'],
      ['"" (a &AEE-)', 'bad-mailbox-name'],
      [`"" (${'a '.repeat(100)}a)`, 'syntax'],
    ],
    'LIST ',
  );
});

describe('STATUS', () => {
  reads([
    [
      'STATUS a (messages RECENT UIDNEXT UIDVALIDITY UNSEEN DELETED SIZE HIGHESTMODSEQ APPENDLIMIT MAILBOXID SIZE)',
      {
        name: 'STATUS',
        mailbox: 'a',
        items: [
          ...['MESSAGES', 'RECENT', 'UIDNEXT', 'UIDVALIDITY', 'UNSEEN'],
          ...['DELETED', 'SIZE', 'HIGHESTMODSEQ', 'APPENDLIMIT', 'MAILBOXID'],
        ],
      },
    ],
    ['STATUS a (DELETED-STORAGE)', 'syntax'],
    ['STATUS a MESSAGES', 'syntax'],
  ]);
});
