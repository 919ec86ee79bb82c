import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SeqNum } from '../../src/wire/command.ts';
import { fetchLabel } from '../../src/wire/fetch-label.ts';
import type { SerializeOptions } from '../../src/wire/options.ts';
import type { Response } from '../../src/wire/response.ts';
import { serialize } from '../../src/wire/serialize.ts';

const wire = (response: Response, options: Partial<SerializeOptions> = {}): string =>
  [...serialize(response, { utf8: false, rev2: false, ...options })]
    .map((piece) => (piece instanceof Uint8Array ? Buffer.from(piece).toString('latin1') : `<${piece.length} octets>`))
    .join('');

const seq = (number: number): SeqNum => number as SeqNum; // the brand marks numbers of a view; here any will do

describe('serialize', () => {
  it.each<[Response, string]>([
    [
      {
        type: 'greeting',
        condition: 'OK',
        code: { code: 'CAPABILITY', capabilities: ['IMAP4rev1', 'IDLE'] },
        text: 'ready',
      },
      '* OK [CAPABILITY IMAP4rev1 IDLE] ready\r\n',
    ],
    [
      { type: 'tagged', tag: 'a1', condition: 'NO', code: { code: 'TRYCREATE' }, text: 'no such mailbox' },
      'a1 NO [TRYCREATE] no such mailbox\r\n',
    ],
    [
      {
        type: 'tagged',
        tag: 'a1',
        condition: 'OK',
        code: { code: 'APPENDUID', uidValidity: 38505, uids: [3955] },
        text: 'done',
      },
      'a1 OK [APPENDUID 38505 3955] done\r\n',
    ],
    [
      {
        type: 'tagged',
        tag: 'a1',
        condition: 'OK',
        text: 'done',
        code: { code: 'COPYUID', uidValidity: 38505, source: [304, 319, 320], destination: [3956, 3957, 3958] },
      },
      'a1 OK [COPYUID 38505 304,319:320 3956:3958] done\r\n',
    ],
    [
      {
        type: 'untagged',
        condition: 'OK',
        text: 'ok',
        code: { code: 'PERMANENTFLAGS', flags: ['\\Deleted', '$Junk'], anyKeyword: true },
      },
      '* OK [PERMANENTFLAGS (\\Deleted $Junk \\*)] ok\r\n',
    ],
    [
      { type: 'untagged', condition: 'NO', code: { code: 'BADCHARSET', charsets: ['UTF-8'] }, text: 'no' },
      '* NO [BADCHARSET (UTF-8)] no\r\n',
    ],
    [
      { type: 'untagged', condition: 'OK', code: { code: 'UNSEEN', value: 17 }, text: 'first' },
      '* OK [UNSEEN 17] first\r\n',
    ],
    [{ type: 'bye', text: 'until later' }, '* BYE until later\r\n'],
    [{ type: 'continue', text: '' }, '+ \r\n'],
    [{ type: 'continue', text: 'idling' }, '+ idling\r\n'],
    [{ type: 'capability', capabilities: ['IMAP4rev1'] }, '* CAPABILITY IMAP4rev1\r\n'],
    [{ type: 'flags', flags: [] }, '* FLAGS ()\r\n'],
    [{ type: 'flags', flags: ['\\Seen', 'ju(n)k'] }, '* FLAGS (\\Seen ju_n_k)\r\n'],
    [
      { type: 'list', attributes: ['\\HasNoChildren'], delimiter: '.', mailbox: 'Entwürfe' },
      '* LIST (\\HasNoChildren) "." Entw&APw-rfe\r\n',
    ],
    [{ type: 'lsub', attributes: [], delimiter: null, mailbox: 'a "b" \\c' }, '* LSUB () NIL "a \\"b\\" \\\\c"\r\n'],
    [{ type: 'list', attributes: [], delimiter: '.', mailbox: 'nil' }, '* LIST () "." "nil"\r\n'],
    [{ type: 'list', attributes: ['\\Noselect'], delimiter: '.', mailbox: '' }, '* LIST (\\Noselect) "." ""\r\n'],
    [
      {
        type: 'status',
        mailbox: 'INBOX',
        items: [
          { item: 'MESSAGES', value: 231 },
          { item: 'UIDNEXT', value: 44292 },
        ],
      },
      '* STATUS INBOX (MESSAGES 231 UIDNEXT 44292)\r\n',
    ],
    [{ type: 'search', numbers: [] }, '* SEARCH\r\n'],
    [{ type: 'search', numbers: [2, 84, 882] }, '* SEARCH 2 84 882\r\n'],
    [{ type: 'exists', count: 23 }, '* 23 EXISTS\r\n'],
    [{ type: 'recent', count: 5 }, '* 5 RECENT\r\n'],
    [{ type: 'expunge', seq: seq(44) }, '* 44 EXPUNGE\r\n'],
    [
      {
        type: 'fetch',
        seq: seq(12),
        data: [
          { item: 'UID', value: 7 },
          { item: 'FLAGS', flags: ['\\Seen'] },
          { item: 'INTERNALDATE', value: Date.UTC(1996, 6, 7, 9, 44, 25) },
          { item: 'RFC822.SIZE', value: 4286 },
          { item: 'literal', label: 'BODY[TEXT]', content: Buffer.from('hello') },
          { item: 'literal', label: 'BODY[9]', content: null },
          { item: 'literal', label: 'BODY[]<9>', content: new Uint8Array(0) },
        ],
      },
      '* 12 FETCH (UID 7 FLAGS (\\Seen) INTERNALDATE " 7-Jul-1996 09:44:25 +0000" RFC822.SIZE 4286 ' +
        'BODY[TEXT] {5}\r\nhello BODY[9] NIL BODY[]<9> {0}\r\n)\r\n',
    ],
  ])('%o', (response, expected) => {
    expect(wire(response)).toBe(expected);
  });

  it('leaves a streamed body to the connection, in its place', () => {
    const content = { length: 100_000_000, chunks: (async function* () {})() };
    const pieces = [
      ...serialize({ type: 'fetch', seq: seq(1), data: [{ item: 'literal', label: 'BODY[]', content }] }),
    ];
    expect(pieces[1]).toBe(content);
    expect(pieces.map((piece) => (piece instanceof Uint8Array ? Buffer.from(piece).toString() : ''))).toEqual([
      '* 1 FETCH (BODY[] {100000000}\r\n',
      '',
      ')\r\n',
    ]);
  });

  it('lets no text break a line or pass for a response code', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const line = wire({ type: 'untagged', condition: 'NO', text });
        expect(line).toMatch(/^\* NO [\x20-\x5a\x5c-\x7e][\x20-\x7e]*\r\n$/);
      }),
    );
    const smuggled = wire({ type: 'tagged', tag: 'a', condition: 'NO', text: '[ALERT] no\r\n* 1 EXISTS' });
    expect(smuggled).toBe('a NO (ALERT] no * 1 EXISTS\r\n');
  });

  it('sends a million numbers in pieces', () => {
    const numbers = Array.from({ length: 100_000 }, (_, i) => i + 1);
    const pieces = [...serialize({ type: 'search', numbers })];
    expect(pieces.length).toBeGreaterThan(10);
    expect(wire({ type: 'search', numbers })).toBe(`* SEARCH ${numbers.join(' ')}\r\n`);
  });
});

describe('fetchLabel', () => {
  it.each([
    [{ part: [], text: '', fields: [] }, undefined, 'BODY[]'],
    [{ part: [4, 2], text: 'MIME', fields: [] }, undefined, 'BODY[4.2.MIME]'],
    [
      { part: [], text: 'HEADER.FIELDS', fields: ['Date', 'From'] },
      { start: 7, length: 1 },
      'BODY[HEADER.FIELDS (Date From)]<7>',
    ],
    [
      { part: [1], text: 'HEADER.FIELDS.NOT', fields: ['a b', '\xfc', ''] },
      undefined,
      'BODY[1.HEADER.FIELDS.NOT ("a b" {1}\r\n\xfc "")]',
    ],
  ] as const)('%o', (section, partial, expected) => {
    const item = { item: 'BODY[]', peek: true, section, ...(partial && { partial }) } as const;
    expect(fetchLabel(item)).toBe(expected);
  });

  it('names other items as they are', () => {
    expect(fetchLabel({ item: 'RFC822.HEADER' })).toBe('RFC822.HEADER');
  });
});
