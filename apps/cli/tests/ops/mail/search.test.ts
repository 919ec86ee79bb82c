import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Known, match } from '../../../src/ops/mail/search/match.ts';
import { parseQuery } from '../../../src/ops/mail/search/parse.ts';
import type { Term } from '../../../src/ops/mail/search/term.ts';

const NOW = Date.parse('2026-11-28T12:00:00Z');
const DAY = Date.parse('2026-11-28T00:00:00Z');

function termOf(...words: string[]): Term {
  const query = parseQuery(words, NOW);
  if (!query.ok) throw new Error(query.error);
  const { term } = query.value;
  return term.is === 'all' && term.of.length === 1 && term.of[0] !== undefined ? term.of[0] : term;
}

describe('words', () => {
  it.each<[string, Term]>([
    ['hello', { is: 'text', text: 'hello', scope: 'text' }],
    ['text:seen', { is: 'text', text: 'seen', scope: 'text' }],
    ['body:a b', { is: 'text', text: 'a b', scope: 'body' }],
    ['From:Ada', { is: 'text', text: 'Ada', scope: { header: 'from' } }],
    ['header:List-Id=x=y', { is: 'text', text: 'x=y', scope: { header: 'list-id' } }],
    ['header:List-Id', { is: 'text', text: '', scope: { header: 'list-id' } }],
    ['UNSEEN', { is: 'flag', flag: '\\Seen', set: false }],
    ['unkeyword:work', { is: 'flag', flag: 'work', set: false }],
    ['larger:2m', { is: 'size', above: 2 * 1024 ** 2 }],
    ['smaller:10', { is: 'size', below: 10 }],
    ['on:2026-11-28', { is: 'date', from: DAY, before: DAY + 86_400_000 }],
    ['younger:2h', { is: 'date', from: NOW - 7_200_000 }],
    ['senton:2026-11-30', { is: 'sent', from: '2026-11-30', before: '2026-12-01' }],
    [
      'uid:9:7,12:*',
      {
        is: 'uid',
        spans: [
          { first: 7, last: 9 },
          { first: 12, last: Number.POSITIVE_INFINITY },
        ],
      },
    ],
  ])('reads %s', (word, term) => {
    expect(termOf(word)).toEqual(term);
  });

  it('binds `not` before `or`, and `or` before all', () => {
    const text = (word: string): Term => ({ is: 'text', text: word, scope: 'text' });
    expect(termOf('a', 'or', 'not', 'b', 'or', 'c', 'd')).toEqual({
      is: 'all',
      of: [{ is: 'any', of: [text('a'), { is: 'not', of: text('b') }, text('c')] }, text('d')],
    });
    const query = parseQuery(['in:INBOX', 'a', 'IN:Sent'], NOW);
    expect(query).toMatchObject({ ok: true, value: { mailboxes: ['INBOX', 'Sent'] } });
  });

  it.each([
    ...[
      'subject:',
      'since:yesterday',
      'since:2026-02-30',
      'larger:big',
      'uid:0',
      'uid:a',
      'older:5',
      'http://x',
      '',
    ].map((word) => [word]),
    ...[
      ['or'],
      ['a', 'or'],
      ['or', 'a'],
      ['not'],
      ['not', 'or'],
      ['a', 'or', 'or', 'b'],
      ['a', 'or', 'in:x'],
      ['in:x', 'or', 'a'],
    ],
  ])('refuses %j', (...words) => {
    expect(parseQuery(words, NOW)).toMatchObject({ ok: false, error: expect.stringMatching(/\S/) });
  });

  it('never throws', () => {
    const word = fc.oneof(
      fc.constantFrom('or', 'not', 'seen', 'unseen', 'in:x', 'uid:1:2', 'since:2026-01-01', 'a:b'),
      fc.string(),
      fc
        .tuple(fc.constantFrom('uid', 'since', 'larger', 'header', 'older', '__proto__', 'constructor'), fc.string())
        .map((all) => all.join(':')),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), (words) => {
        const query = parseQuery(words, NOW);
        return query.ok || query.error !== '';
      }),
    );
  });
});

describe('matching', () => {
  const leaf = fc.constantFrom<Term>(
    { is: 'flag', flag: '\\Seen', set: true },
    { is: 'uid', spans: [{ first: 2, last: 3 }] },
    { is: 'size', above: 10 },
    { is: 'date', before: 5 },
    { is: 'sent', from: '2026-01-01' },
    { is: 'text', text: 'x', scope: 'text' },
  );
  const { term } = fc.letrec<{ term: Term }>((tie) => ({
    term: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.record({ is: fc.constantFrom('all' as const, 'any' as const), of: fc.array(tie('term'), { maxLength: 3 }) }),
      fc.record({ is: fc.constant('not' as const), of: tie('term') }),
    ),
  }));
  const whole = fc.record({
    uid: fc.integer({ min: 1, max: 4 }),
    flags: fc.constantFrom<ReadonlySet<string>>(new Set(), new Set(['\\SEEN'])),
    facts: fc.record({ size: fc.integer({ min: 9, max: 12 }), internalDate: fc.integer({ min: 4, max: 6 }) }),
    holds: fc.boolean().map((answer) => () => answer),
    sentOn: fc.constantFrom('2025-12-31', '2026-01-01', null),
  });

  it('answers with all that is known, and no otherwise with less', () => {
    const less = fc.record({ facts: fc.boolean(), holds: fc.boolean(), sentOn: fc.boolean() });
    fc.assert(
      fc.property(term, whole, less, (asked, known, has) => {
        const partly: Known = {
          uid: known.uid,
          flags: known.flags,
          holds: has.holds ? known.holds : () => undefined,
          ...(has.facts && { facts: known.facts }),
          ...(has.sentOn && { sentOn: known.sentOn }),
        };
        const [answer, early] = [match(asked, known), match(asked, partly)];
        return answer !== undefined && (early === undefined || early === answer);
      }),
    );
  });

  it.each<[string, boolean]>([
    ['larger:10', false],
    ['larger:9', true],
    ['smaller:10', false],
    ['smaller:11', true],
    ['uid:7', true],
    ['uid:8:*', false],
    ['keyword:WORK', true],
    ['on:2026-11-28', true],
    ['before:2026-11-28', false],
    ['since:2026-11-28', true],
    ['older:12h', false],
    ['younger:12h', true],
  ])('takes bounds as IMAP does: %s is %s', (word, answer) => {
    const facts = { size: 10, internalDate: DAY };
    expect(match(termOf(word), { uid: 7, flags: new Set(['work']), facts, holds: () => undefined })).toBe(answer);
  });
});
