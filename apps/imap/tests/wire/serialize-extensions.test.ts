import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SeqNum } from '../../src/wire/command.ts';
import { fetchLabel } from '../../src/wire/fetch-label.ts';
import type { SerializeOptions } from '../../src/wire/options.ts';
import type { FetchDatum, Response, ResponseCode } from '../../src/wire/response.ts';
import { serialize } from '../../src/wire/serialize.ts';
import { body, UTF8 } from './parsing.ts';

const octets = (response: Response, options: Partial<SerializeOptions> = {}): Buffer =>
  Buffer.concat(
    [...serialize(response, { utf8: false, rev2: false, ...options })].map((piece) =>
      piece instanceof Uint8Array ? piece : Buffer.from(`<${piece.length} octets>`),
    ),
  );
const wire = (response: Response, options?: Partial<SerializeOptions>): string =>
  octets(response, options).toString('utf8');

const seq = (number: number): SeqNum => number as SeqNum; // the brand marks numbers of a view; here any will do
const fetched = (...data: readonly FetchDatum[]): Response => ({ type: 'fetch', seq: seq(1), data });
const coded = (code: ResponseCode): Response => ({ type: 'tagged', tag: 'a', condition: 'OK', code, text: 'done' });
const esearch = (more: object): Response => ({ type: 'esearch', tag: 'A282', uid: false, ...more });
const listed = { type: 'list', attributes: [], delimiter: '/' } as const;

describe('responses of the extensions', () => {
  it.each<[Response, string]>([
    [{ type: 'enabled', capabilities: ['CONDSTORE', 'UTF8=ACCEPT'] }, '* ENABLED CONDSTORE UTF8=ACCEPT'],
    [{ type: 'enabled', capabilities: [] }, '* ENABLED'],
    [{ type: 'namespace', delimiter: '/' }, '* NAMESPACE (("" "/")) NIL NIL'],
    [{ type: 'namespace', delimiter: '\\' }, '* NAMESPACE (("" "\\\\")) NIL NIL'],
    [
      {
        type: 'id',
        fields: [
          ['name', 'Scorpiox'],
          ['version', '1"0'],
        ],
      },
      '* ID ("name" "Scorpiox" "version" "1\\"0")',
    ],
    [{ type: 'id', fields: [] }, '* ID NIL'],
    [{ type: 'vanished', uids: [41, 43, 44, 45, 116] }, '* VANISHED 41,43:45,116'],
    [{ type: 'vanished', uids: [405] }, '* VANISHED 405'],
    [
      {
        type: 'vanished-earlier',
        ranges: [
          { from: 41, to: 41 },
          { from: 43, to: 116 },
        ],
      },
      '* VANISHED (EARLIER) 41,43:116',
    ],
    [esearch({ min: 2, count: 3 }), '* ESEARCH (TAG "A282") MIN 2 COUNT 3'],
    [esearch({ uid: true, all: [2, 10, 11] }), '* ESEARCH (TAG "A282") UID ALL 2,10:11'],
    [
      esearch({ min: 1, max: 9, count: 4, all: [1, 2, 3, 9], modSeq: 1236 }),
      '* ESEARCH (TAG "A282") MIN 1 MAX 9 COUNT 4 ALL 1:3,9 MODSEQ 1236',
    ],
    [esearch({}), '* ESEARCH (TAG "A282")'],
    [esearch({ all: [], count: 0 }), '* ESEARCH (TAG "A282") COUNT 0'],
    [esearch({ uid: true, all: [] }), '* ESEARCH (TAG "A282") UID'],
    [{ type: 'search', numbers: [2, 5], modSeq: 917_162_500 }, '* SEARCH 2 5 (MODSEQ 917162500)'],
    [{ type: 'search', numbers: [], modSeq: 917_162_500 }, '* SEARCH'],
    [
      {
        type: 'status',
        mailbox: 'a b',
        items: [
          { item: 'MAILBOXID', value: 'F2212ea87' },
          { item: 'APPENDLIMIT', value: null },
          { item: 'HIGHESTMODSEQ', value: 0 },
        ],
      },
      '* STATUS "a b" (MAILBOXID (F2212ea87) APPENDLIMIT NIL HIGHESTMODSEQ 0)',
    ],
    [{ type: 'status', mailbox: 'a', items: [] }, '* STATUS a ()'],
    [{ ...listed, mailbox: 'foo', childInfo: ['SUBSCRIBED'] }, '* LIST () "/" foo ("CHILDINFO" ("SUBSCRIBED"))'],
    [{ ...listed, mailbox: 'foo', childInfo: [] }, '* LIST () "/" foo'],
    [{ ...listed, mailbox: 'Ü', oldName: 'a b' }, '* LIST () "/" &ANw- ("OLDNAME" ("a b"))'],
    [
      { ...listed, mailbox: 'x', childInfo: ['SUBSCRIBED', 'SPECIAL-USE'], oldName: 'ü' },
      '* LIST () "/" x ("CHILDINFO" ("SUBSCRIBED" "SPECIAL-USE") "OLDNAME" (&APw-))',
    ],
  ])('%o', (response, expected) => expect(wire(response)).toBe(`${expected}\r\n`));

  it('a VANISHED without UIDs is nothing, for the grammar has no empty set', () => {
    expect(wire({ type: 'vanished', uids: [] })).toBe('');
  });
});

describe('response codes', () => {
  it.each<[ResponseCode, string]>([
    [{ code: 'HIGHESTMODSEQ', value: 715_194_045_007 }, '[HIGHESTMODSEQ 715194045007] '],
    [{ code: 'NOMODSEQ' }, '[NOMODSEQ] '],
    [{ code: 'CLOSED' }, '[CLOSED] '],
    [{ code: 'UNKNOWN-CTE' }, '[UNKNOWN-CTE] '],
    [{ code: 'APPENDLIMIT', value: 35_651_584 }, '[APPENDLIMIT 35651584] '],
    [{ code: 'MODIFIED', numbers: [7, 9, 10, 11] }, '[MODIFIED 7,9:11] '],
    [{ code: 'MODIFIED', numbers: [] }, ''],
    [{ code: 'MAILBOXID', id: 'F2212ea87' }, '[MAILBOXID (F2212ea87)] '],
    [{ code: 'APPENDUID', uidValidity: 1, uids: [3, 4, 5] }, '[APPENDUID 1 3:5] '],
    [{ code: 'COPYUID', uidValidity: 1, source: [], destination: [] }, ''],
  ])('%o', (code, expected) => expect(wire(coded(code))).toBe(`a OK ${expected}done\r\n`));

  it('always have text after them', () => {
    const said: Response = { type: 'untagged', condition: 'OK', code: { code: 'HIGHESTMODSEQ', value: 1 }, text: '' };
    expect(wire(said)).toMatch(/^\* OK \[HIGHESTMODSEQ 1\] \S+\r\n$/);
  });
});

describe('FETCH data', () => {
  it('has modification sequences, ids and decoded parts', () => {
    const response = fetched(
      { item: 'MODSEQ', value: 624_140_003 },
      { item: 'EMAILID', id: 'M6d99' },
      { item: 'THREADID', id: 'T64b' },
      { item: 'THREADID', id: null },
      { item: 'BINARY.SIZE[]', label: 'BINARY.SIZE[1.2]', value: 12 },
      { item: 'literal', label: 'BINARY[1]', content: Buffer.from('a\0b'), binary: true },
      { item: 'literal', label: 'BINARY[2]<0>', content: Buffer.from('abc'), binary: false },
      { item: 'literal', label: 'BINARY[3]', content: null, binary: true },
    );
    expect(wire(response)).toBe(
      '* 1 FETCH (MODSEQ (624140003) EMAILID (M6d99) THREADID (T64b) THREADID NIL BINARY.SIZE[1.2] 12 ' +
        'BINARY[1] ~{3}\r\na\0b BINARY[2]<0> {3}\r\nabc BINARY[3] NIL)\r\n',
    );
  });

  it('streams a literal8', () => {
    const content = { length: 5, chunks: (async function* () {})() };
    expect(wire(fetched({ item: 'literal', label: 'BINARY[]', content, binary: true }))).toBe(
      '* 1 FETCH (BINARY[] ~{5}\r\n<5 octets>)\r\n',
    );
  });

  it.each([
    [{ item: 'BINARY[]', peek: true, part: [1, 2], partial: { start: 7, length: 1 } }, 'BINARY[1.2]<7>'],
    [{ item: 'BINARY[]', peek: false, part: [] }, 'BINARY[]'],
    [{ item: 'BINARY.SIZE[]', part: [3] }, 'BINARY.SIZE[3]'],
    [{ item: 'MODSEQ' }, 'MODSEQ'],
  ] as const)('%o is called %s', (item, label) => expect(fetchLabel(item)).toBe(label));
});

describe('once UTF-8 is enabled', () => {
  const named = (mailbox: string): Response => ({ ...listed, mailbox });
  it.each([{ utf8: true }, { rev2: true }, { utf8: true, rev2: true }])('names are UTF-8 (%o)', (options) => {
    expect(wire(named('Entwürfe'), options)).toBe('* LIST () "/" "Entwürfe"\r\n');
    expect(wire(named('R&D'), options)).toBe('* LIST () "/" R&D\r\n');
    expect(wire(named('ü"\\'), options)).toBe('* LIST () "/" "ü\\"\\\\"\r\n');
    expect(wire({ ...listed, mailbox: 'a', oldName: 'ü' }, options)).toBe('* LIST () "/" a ("OLDNAME" ("ü"))\r\n');
    expect(wire({ type: 'status', mailbox: 'ü', items: [] }, options)).toBe('* STATUS "ü" ()\r\n');
    expect(wire(named('ü\r\n'), options)).toBe('* LIST () "/" {4}\r\nü\r\n\r\n');
    expect(wire(named('\ud800'), options)).toBe('* LIST () "/" "\ufffd"\r\n');
  });

  it('text for people is UTF-8 with IMAP4rev2 alone', () => {
    const said: Response = { type: 'untagged', condition: 'NO', text: 'Kein „ü“\r\n* 1 EXISTS' };
    expect(wire(said, { rev2: true })).toBe('* NO Kein „ü“ * 1 EXISTS\r\n');
    expect(wire(said, { utf8: true })).toBe('* NO Kein ??? * 1 EXISTS\r\n');
  });

  it('a name that goes out comes in as the same', () => {
    const names = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .filter((name) => name.isWellFormed() && !/[\p{Cc}\u2028\u2029]/u.test(name) && !/^inbox$/i.test(name));
    fc.assert(
      fc.property(names, fc.boolean(), (mailbox, utf8) => {
        const line = octets(named(mailbox), { utf8 }).toString('latin1');
        const name = line.slice('* LIST () "/" '.length, -2).replace(/^\{(\d+)\}/, '{$1+}');
        expect(body(`DELETE ${name}`, utf8 ? UTF8 : undefined)).toEqual({ name: 'DELETE', mailbox });
      }),
    );
  });
});

describe('sets', () => {
  const numbers = fc
    .uniqueArray(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 200 })
    .map((all) => all.sort((a, b) => a - b));
  const members = (written: string): readonly number[] =>
    written.split(',').flatMap((range) => {
      const [from = 0, to = from] = range.split(':').map(Number);
      return Array.from({ length: to - from + 1 }, (_, i) => from + i);
    });

  it('say what they are made of, in ranges that do not touch', () => {
    fc.assert(
      fc.property(numbers, (all) => {
        const written = wire({ type: 'vanished', uids: all }).slice('* VANISHED '.length, -2);
        expect(members(written)).toEqual(all);
        const ends = written.split(',').map((range) => range.split(':').map(Number));
        for (const [i, [from = 0]] of ends.entries())
          if (i > 0) expect(from).toBeGreaterThan((ends[i - 1]?.at(-1) ?? 0) + 1);
      }),
    );
  });

  it('of a large mailbox go out in pieces', () => {
    const uids = Array.from({ length: 50_000 }, (_, i) => 2 * i + 1);
    for (const response of [{ type: 'vanished', uids }, esearch({ all: uids, modSeq: 7 })] as const) {
      expect([...serialize(response)].length).toBeGreaterThan(5);
      expect(wire(response)).toMatch(/^\* \S+ (\([^)]*\) ALL )?1,3,5,.*,99999( MODSEQ 7)?\r\n$/);
      expect(
        members(
          wire(response)
            .replace(/^.* (?=1,3)/, '')
            .replace(/ .*|\r\n/g, ''),
        ),
      ).toEqual(uids);
    }
    const exactly = Array.from({ length: 8_192 }, (_, i) => 2 * i + 1);
    expect(wire({ type: 'search', numbers: exactly, modSeq: 1 })).toBe(`* SEARCH ${exactly.join(' ')} (MODSEQ 1)\r\n`);
  });
});
