import { expect, test, vi } from 'vitest';
import { splitBatch } from '../../src/ingest/formats/split.ts';
import { BATCH_ITEMS, BATCH_VALUES } from '../../src/limits.ts';

const values = (text: string) => {
  const split = splitBatch(text);
  return split.ok ? split.value.map((item) => (item.ok ? item.value : 'bad')) : split.error.code;
};

test.each([
  ['an array', '[1,2]', [1, 2]],
  ['an array after blanks', ' \r\n\t[1]', [1]],
  ['an empty array', '[]', []],
  ['lines', '1\n2', [1, 2]],
  ['lines with CRLF and empty ones', '1\r\n\r\n2\r\n', [1, 2]],
  ['a bad line among good ones', '1\n{"a":\n3', [1, 'bad', 3]],
  ['one object over several lines', '{\n  "a": 1\n}', [{ a: 1 }]],
  ['a bad array', '[1,', 'malformed'],
  ['nothing', ' \n ', 'empty'],
])('%s', (_what, text, expected) => {
  expect(values(text)).toEqual(expected);
});

test('a batch of too many items is refused whole, in both forms', () => {
  const many = Array.from({ length: BATCH_ITEMS + 1 }, () => '0');
  expect(values(many.join('\n'))).toBe('too-many-items');
  expect(values(`[${many.join(',')}]`)).toBe('too-many-items');
});

const repeat = (part: string, times: number) => Array.from({ length: times }, () => part).join(',');

test.each([
  ['lines', '1\n'.repeat(BATCH_ITEMS + 1)],
  ['elements', `[${repeat('{}', BATCH_ITEMS + 1)}]`],
  ['nested values', `[[${repeat('{}', BATCH_VALUES)}]]`],
  ['values of a line', `{"a":[${repeat('{}', BATCH_VALUES)}]}`],
  ['values of all lines', `[${repeat('0', BATCH_ITEMS)}]\n`.repeat(51).slice(1).replace(/^/, '{}\n')],
])('too many %s are refused before any is made', (_what, text) => {
  const parse = vi.spyOn(JSON, 'parse');
  expect(values(text)).toBe('too-many-items');
  expect(parse).not.toHaveBeenCalled();
  parse.mockRestore();
});

test('what stands in strings is not counted', () => {
  const text = '[",[{\\\\", "\\",\\"", {"a,":1}]';
  expect(values(text)).toEqual(JSON.parse(text));
  expect(values(JSON.stringify([','.repeat(BATCH_VALUES + 1)]))).toEqual([','.repeat(BATCH_VALUES + 1)]);
});
