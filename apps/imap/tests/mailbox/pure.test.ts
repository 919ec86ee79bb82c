import { describe, expect, test } from 'vitest';
import { type Candidate, matchAtHand, matchesSearch } from '../../src/mailbox/match.ts';
import { resolveSequence, resolveUids } from '../../src/mailbox/resolve-set.ts';
import { type Resolving, searchProgram, type TextQuery, textQueries } from '../../src/mailbox/search-program.ts';
import { UidList } from '../../src/mailbox/uid-list.ts';
import type { SearchKey, SequenceSet } from '../../src/wire/command.ts';

const set = (text: string): SequenceSet =>
  text.split(',').map((range) => {
    const [from = '', to = from] = range.split(':');
    const number = (end: string) => (end === '*' ? '*' : Number(end));
    return { from: number(from), to: number(to) };
  });

describe('sequence sets', () => {
  test.each([
    ['1', 3, [1]],
    ['3:1', 3, [1, 2, 3]],
    ['*', 3, [3]],
    ['2:*', 3, [2, 3]],
    ['*:2', 3, [2, 3]],
    ['1,1,2:3,2', 3, [1, 2, 3]],
    ['4', 3, undefined],
    ['2:4', 3, undefined],
    ['4:*', 3, undefined],
    ['*', 0, undefined],
    ['1:*', 0, undefined],
  ])('%s of %i messages', (text, count, expected) => {
    expect(resolveSequence(set(text), count)).toEqual(expected);
  });
});

describe('UID sets over 10, 20, 30', () => {
  test.each([
    ['10', [1]],
    ['11', []],
    ['11:29', [2]],
    ['25:*', [3]],
    ['99:*', [3]],
    ['*:15', [2, 3]],
    ['30,10', [1, 3]],
    ['1:4294967295', [1, 2, 3]],
    ['99', []],
  ])('%s', (text, expected) => {
    expect(resolveUids(set(text), new UidList(Uint32Array.of(10, 20, 30)))).toEqual(expected);
  });

  test('of an empty mailbox name nothing', () => {
    expect(resolveUids(set('1:*,*'), new UidList(new Uint32Array()))).toEqual([]);
  });
});

describe('SEARCH', () => {
  const header = Buffer.from(
    'From: Ann <ann@example.org>\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nDate: Thu, 02 May 2024 23:30:00 -0800\r\n\r\n',
  );
  let opened = 0;
  const by: Resolving = { last: { seq: 3, uid: 30 }, saved: [20, 21], now: Date.UTC(2024, 4, 3, 12, 0, 30, 999) };
  const message: Candidate = {
    seq: 2,
    uid: 20,
    state: { flags: new Set(['\\Seen', 'Work']), recent: true, modSeq: 7 },
    details: { internalDate: Date.UTC(2024, 4, 3, 12), size: 100, emailId: 'e20' },
    header: async () => {
      opened += 1;
      return header;
    },
    dateHeader: async () => {
      opened += 1;
      return header;
    },
    text: async function* () {
      opened += 1;
      yield 'Hello ';
      yield 'World';
    },
  };

  const cases: readonly [SearchKey, boolean][] = [
    [{ key: 'ALL' }, true],
    [{ key: 'NEW' }, false],
    [{ key: 'OLD' }, false],
    [{ key: 'RECENT' }, true],
    [{ key: 'SEEN' }, true],
    [{ key: 'UNDELETED' }, true],
    [{ key: 'KEYWORD', keyword: 'work' }, true],
    [{ key: 'UNKEYWORD', keyword: 'WORK' }, false],
    [{ key: 'LARGER', size: 100 }, false],
    [{ key: 'SMALLER', size: 101 }, true],
    [{ key: 'ON', date: '2024-05-03' }, true],
    [{ key: 'BEFORE', date: '2024-05-03' }, false],
    [{ key: 'SINCE', date: '2024-05-03' }, true],
    [{ key: 'OLDER', seconds: 30 }, true],
    [{ key: 'OLDER', seconds: 31 }, false],
    [{ key: 'YOUNGER', seconds: 30 }, true],
    [{ key: 'YOUNGER', seconds: 29 }, false],
    [{ key: 'MODSEQ', modSeq: 7 }, true],
    [{ key: 'MODSEQ', modSeq: 8 }, false],
    [{ key: 'EMAILID', id: 'e20' }, true],
    [{ key: 'EMAILID', id: 'E20' }, false],
    [{ key: 'THREADID', id: 'e20' }, false],
    [{ key: 'SEQUENCE', set: 'saved' }, true],
    [{ key: 'UID', set: 'saved' }, true],
    [{ key: 'NOT', operand: { key: 'SEQUENCE', set: 'saved' } }, false],
    [{ key: 'SENTON', date: '2024-05-02' }, true],
    [{ key: 'SENTBEFORE', date: '2024-05-02' }, false],
    [{ key: 'SENTSINCE', date: '2024-05-02' }, true],
    [{ key: 'SEQUENCE', set: set('2:*') }, true],
    [{ key: 'UID', set: set('*') }, false],
    [{ key: 'FROM', text: 'ANN@' }, true],
    [{ key: 'SUBJECT', text: 'grüße' }, true],
    [{ key: 'TO', text: 'ann' }, false],
    [{ key: 'HEADER', field: 'Subject', text: '' }, true],
    [{ key: 'HEADER', field: 'X-None', text: '' }, false],
    [{ key: 'BODY', text: 'o wor' }, true],
    [{ key: 'TEXT', text: 'nowhere' }, false],
    [{ key: 'NOT', operand: { key: 'BODY', text: 'hello' } }, false],
    [{ key: 'OR', operands: [{ key: 'DELETED' }, { key: 'FROM', text: 'ann' }] }, true],
    [{ key: 'AND', operands: [{ key: 'SEEN' }, { key: 'FROM', text: 'bob' }] }, false],
  ];
  test.each(cases)('%j', async (key, expected) => {
    expect(await matchesSearch(searchProgram(key, by), message)).toBe(expected);
  });

  test('a set is read once, however many messages are asked about, and found in from either end', () => {
    let read = 0;
    const ranges = Array.from({ length: 1000 }, (_, n) => ({ from: 3 * n + 2, to: 3 * n + 1 })).reverse();
    const counted = ranges.map(({ from, to }) => ({
      get from() {
        read += 1;
        return from;
      },
      to,
    }));
    const all = { ...by, last: { seq: 3000, uid: 3000 } };
    const program = searchProgram({ key: 'NOT', operand: { key: 'UID', set: counted } }, all);
    const found = Array.from({ length: 3001 }, (_, uid) => uid).filter((uid) =>
      matchAtHand(program, { ...message, uid }),
    );
    expect(found).toEqual(Array.from({ length: 1001 }, (_, n) => 3 * n));
    expect(read).toBe(1000);
  });

  test('texts are asked for once each, those of headers first, and an answer spares the reading', async () => {
    const text = { key: 'BODY', text: 'x' } as const;
    const subject = { key: 'SUBJECT', text: 'x' } as const;
    const program = searchProgram(
      {
        key: 'OR',
        operands: [
          { key: 'AND', operands: [text, subject] },
          { key: 'NOT', operand: text },
        ],
      },
      by,
    );
    const queries = textQueries(program);
    expect(queries).toEqual([
      { scope: { header: 'subject' }, text: 'x' },
      { scope: 'body', text: 'x' },
    ]);
    const answers = (of: Record<string, boolean>) => (query: TextQuery) =>
      of[typeof query.scope === 'string' ? query.scope : query.scope.header];
    opened = 0;
    expect(matchAtHand(program, message, answers({ subject: true }))).toBe(undefined);
    expect(matchAtHand(program, message, answers({ subject: true, body: true }))).toBe(true);
    expect(matchAtHand(program, message, answers({ subject: false, body: true }))).toBe(false);
    expect(await matchesSearch(program, message, answers({ body: false }))).toBe(true);
    expect(opened).toBe(0);
  });

  test('what takes no reading comes first', async () => {
    opened = 0;
    const date = { key: 'SENTSINCE', date: '2030-01-01' } as const;
    const program = searchProgram({ key: 'AND', operands: [{ key: 'BODY', text: 'hello' }, date] }, by);
    expect(await matchesSearch(program, message)).toBe(false);
    expect(opened).toBe(1);
  });

  test('opens no file where the flags decide', async () => {
    opened = 0;
    const key = searchProgram({ key: 'AND', operands: [{ key: 'BODY', text: 'x' }, { key: 'UNSEEN' }] }, by);
    expect(matchAtHand(key, message)).toBe(false);
    expect(await matchesSearch(key, message)).toBe(false);
    expect(opened).toBe(0);
  });
});
