import { expect, test } from 'vitest';
import { sortInSlices } from '../src/sort.ts';
import { below, randomFrom } from './faults/random.ts';

test.each([
  ['few', 40, 1_700_000_000_000_000],
  ['many, most of them alike', 9_000, 3],
  ['many, hardly any alike', 9_000, 1_700_000_000_000_000],
])('what is sorted in slices is sorted: %s', async (_, count, limit) => {
  const random = randomFrom(count);
  const keys = Float64Array.from({ length: count }, (_, at) => (at % 50 === 7 ? Infinity : below(random, limit)));
  const second = Float64Array.from({ length: count }, () => below(random, count / 2));
  const compare = (a: number, b: number): number => (second[a] ?? 0) - (second[b] ?? 0) || a - b;
  const key = (at: number): number => keys[at] ?? 0;
  const expected = [...keys.keys()].sort((a, b) => (key(a) === key(b) ? compare(a, b) : key(a) - key(b)));
  expect([...(await sortInSlices(keys, compare))]).toEqual(expected);
});
