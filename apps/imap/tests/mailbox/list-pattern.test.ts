import fc from 'fast-check';
import { expect, test } from 'vitest';
import { listPattern, parentsOf } from '../../src/mailbox/list-pattern.ts';

test.each([
  ['', '*', 'a.b', true],
  ['', '%', 'a.b', false],
  ['', '%', 'a', true],
  ['', '%', '', true],
  ['', '', 'a', false],
  ['', 'a.%', 'a.b', true],
  ['', 'a.%', 'a.b.c', false],
  ['', 'a.%', 'a', false],
  ['', 'a*c', 'a.b.c', true],
  ['', 'a%c', 'a.b.c', false],
  ['', 'a%%c', 'abc', true],
  ['', 'a%*c', 'a.b.c', true],
  ['', 'a*%c', 'a.b.c', true],
  ['', '%.%', 'a.b', true],
  ['', '%.%', 'a.b.c', false],
  ['', '*.%', 'a.b.c', true],
  ['a.', '%', 'a.b', true],
  ['a', '.%', 'a.b', true],
  ['', 'work', 'Work', false],
  ['', 'grüße*', 'grüße.2026', true],
  ['', '*', 'a*%', true],
  ['', 'a', 'a*', false],
  ['', 'a.b', 'a.b', true],
])('%j and %j match %j: %s', (reference, pattern, name, expected) => {
  expect(listPattern(reference, pattern).matches(name)).toBe(expected);
});

test.each([
  ['inbox', 'INBOX', true],
  ['InB%', 'INBOX', true],
  ['inbox.%', 'INBOX.x', true],
  ['*ox', 'INBOX', true],
  ['inbox.x', 'INBOX.X', false],
  ['inboxes', 'INBOXes', false],
  ['ınbox', 'INBOX', false],
])('INBOX is matched in any case: %j and %j, %s', (pattern, name, expected) => {
  expect(listPattern('', pattern).matches(name)).toBe(expected);
});

test('a pattern says whether levels of hierarchy match', () => {
  expect(['%', 'a.%', '*', 'a', '%a', '*%'].map((text) => listPattern('', text).levels)).toEqual([
    ...[true, true, false, false, false, true],
  ]);
});

/** What the wildcards mean, one way after the other: right, and slow. */
function slowly(pattern: string, name: string): boolean {
  const [first] = pattern;
  if (first === undefined) return name === '';
  const rest = pattern.slice(1);
  if (first !== '*' && first !== '%') return name[0] === first && slowly(rest, name.slice(1));
  if (slowly(rest, name)) return true;
  return name !== '' && (first === '*' || name[0] !== '.') && slowly(pattern, name.slice(1));
}

test('matches as a matcher does that tries every way', () => {
  const text = (letters: string[], maxLength: number) =>
    fc.array(fc.constantFrom(...letters), { maxLength }).map((all) => all.join(''));
  fc.assert(
    fc.property(text(['a', 'b', '.', '*', '%'], 8), text(['a', 'b', '.'], 8), (pattern, name) => {
      expect(listPattern('', pattern).matches(name)).toBe(slowly(pattern, name));
    }),
    { numRuns: 2000 },
  );
});

test.each(['*a', '%a', '*%', '*.%a', '%.*'])('a pattern of many %j is answered at all', (part) => {
  expect(listPattern('', `${part.repeat(340)}c`).matches('a.aa'.repeat(60).concat('b'))).toBe(false);
});

test('parents', () => {
  expect(parentsOf('a.b.c')).toEqual(['a', 'a.b']);
  expect(parentsOf('a')).toEqual([]);
});
