import { expect, test } from 'vitest';
import { exposition } from '../../src/admin/exposition.ts';

test('help, type and labels are escaped', () => {
  const text = exposition([
    {
      type: 'gauge',
      name: 'g',
      help: 'a\\b\nc "d"',
      together: 'sum',
      series: [
        { labels: { one: 'a"b\\c\nd', two: 'x' }, value: 1.5 },
        { labels: {}, value: Number.POSITIVE_INFINITY },
      ],
    },
  ]);
  expect(text).toBe('# HELP g a\\\\b\\nc "d"\n# TYPE g gauge\ng{one="a\\"b\\\\c\\nd",two="x"} 1.5\ng +Inf\n');
});

test('buckets are cumulative and end at infinity', () => {
  const text = exposition([
    {
      type: 'histogram',
      name: 'h',
      help: 'h',
      bounds: [0.1, 1],
      series: [{ labels: { c: 'FETCH' }, counts: [2, 3, 1], sum: 9.5 }],
    },
  ]);
  expect(text.split('\n').slice(2, -1)).toEqual([
    'h_bucket{c="FETCH",le="0.1"} 2',
    'h_bucket{c="FETCH",le="1"} 5',
    'h_bucket{c="FETCH",le="+Inf"} 6',
    'h_sum{c="FETCH"} 9.5',
    'h_count{c="FETCH"} 6',
  ]);
});
