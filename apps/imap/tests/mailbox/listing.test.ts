/** Which names a LIST tells of: the table of RFC 9051 §6.3.9.6, and what the criteria mean together. */
import { describe, expect, test } from 'vitest';
import { listPattern } from '../../src/mailbox/list-pattern.ts';
import { allNames, type ListCriterion, selectNames } from '../../src/mailbox/listing.ts';
import { type MailboxInfo, parseMailboxName, type SpecialUse } from '../../src/mailbox/store.ts';

interface Folders {
  readonly mailboxes: readonly string[];
  readonly subscribed?: readonly string[];
  readonly uses?: Readonly<Record<string, SpecialUse>>;
}

/** What a store lists: mailboxes and the levels above them. */
function infos({ mailboxes, subscribed = [], uses = {} }: Folders): MailboxInfo[] {
  const levels = mailboxes.flatMap((name) => name.split('.').map((_, at, all) => all.slice(0, at + 1).join('.')));
  return [...new Set(levels)].map((text) => {
    const name = parseMailboxName(text);
    if (!name.ok) throw new Error(name.error.message);
    const use = uses[text];
    return {
      name: name.value,
      selectable: mailboxes.includes(text),
      hasChildren: levels.some((other) => other.startsWith(`${text}.`)),
      subscribed: subscribed.includes(text),
      specialUse: use === undefined ? [] : [use],
    };
  });
}

/** The names told of; `+` marks one that something below it is told by (CHILDINFO), `-` one that is no mailbox. */
function told(folders: Folders, patterns: readonly string[], criteria: readonly ListCriterion[], recursive = false) {
  const names = allNames(infos(folders), folders.subscribed ?? []);
  const compiled = patterns.map((pattern) => listPattern('', pattern));
  const matched = new Set([...names.keys()].filter((name) => compiled.some((pattern) => pattern.matches(name))));
  return selectNames(names, { patterns: compiled, matched, criteria, recursive }).map(
    ({ name, exists, childInfo }) => `${exists ? '' : '-'}${name}${childInfo ? '+' : ''}`,
  );
}

describe('a name that matches "%", by what it is', () => {
  const cases: readonly [exists: boolean, meets: boolean, childMeets: boolean, string[]][] = [
    [false, false, false, []],
    [true, false, false, []],
    [false, true, false, ['-a']],
    [true, true, false, ['a']],
    [false, false, true, ['-a+']],
    [true, false, true, ['a+']],
    [false, true, true, ['-a+']],
    [true, true, true, ['a+']],
  ];
  test.each(cases)('exists %s, subscribed %s, with a subscribed child %s', (exists, meets, childMeets, expected) => {
    const folders = {
      mailboxes: ['a.b', ...(exists ? ['a'] : [])],
      subscribed: [...(meets ? ['a'] : []), ...(childMeets ? ['a.b'] : [])],
    };
    expect(told(folders, ['%'], ['SUBSCRIBED'], true)).toEqual(expected);
    expect(told(folders, ['%'], ['SUBSCRIBED'])).toEqual(meets ? expected.map((name) => name.replace('+', '')) : []);
  });
});

test('without criteria: mailboxes, and levels where a pattern ends with %', () => {
  const folders = { mailboxes: ['INBOX', 'a.b.c', 'B'], subscribed: ['x.y'] };
  expect(told(folders, ['*'], [])).toEqual(['INBOX', 'B', 'a.b.c']);
  expect(told(folders, ['%'], [])).toEqual(['INBOX', 'B', '-a']);
  expect(told(folders, ['a.%'], [])).toEqual(['-a.b']);
  expect(told(folders, ['*', 'a%'], [])).toEqual(['INBOX', 'B', '-a', 'a.b.c']);
  expect(told(folders, ['a'], [])).toEqual([]);
  expect(told(folders, [], [])).toEqual([]);
});

test('criteria add up', () => {
  const folders = {
    mailboxes: ['a', 'b', 'c.d'],
    subscribed: ['a', 'c.d'],
    uses: { b: '\\Sent', 'c.d': '\\Trash' } as const,
  };
  expect(told(folders, ['*'], ['SUBSCRIBED'])).toEqual(['a', 'c.d']);
  expect(told(folders, ['*'], ['SPECIAL-USE'])).toEqual(['b', 'c.d']);
  expect(told(folders, ['*'], ['SUBSCRIBED', 'SPECIAL-USE'])).toEqual(['c.d']);
  expect(told(folders, ['%'], ['SUBSCRIBED', 'SPECIAL-USE'], true)).toEqual(['-c+']);
});

test('a level above names that are told of anyhow is not told of, however deep they are', () => {
  const folders = { mailboxes: ['a', 'a.b', 'a.b.c'], subscribed: ['a.b.c'] };
  expect(told(folders, ['*'], ['SUBSCRIBED'], true)).toEqual(['a.b.c']);
  expect(told(folders, ['%', 'a.%'], ['SUBSCRIBED'], true)).toEqual(['a+', 'a.b+']);
  expect(told(folders, ['*c', '%'], ['SUBSCRIBED'], true)).toEqual(['a.b.c']);
});

test('names below one that is subscribed to but gone have no mailbox above them either', () => {
  expect(told({ mailboxes: ['INBOX'], subscribed: ['a.b.c'] }, ['%'], ['SUBSCRIBED'], true)).toEqual(['-a+']);
});
