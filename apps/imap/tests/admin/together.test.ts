import { expect, test } from 'vitest';
import type { LogsResponse, MetricsSnapshot, TraceReport } from '../../src/admin/operator.ts';
import { logsTogether, together, tracesTogether } from '../../src/admin/together.ts';

const snapshot = (n: number, labels: Record<string, string> = { a: '1', b: '2' }): MetricsSnapshot => [
  { type: 'counter', name: 'c_total', help: 'c', together: 'sum', series: [{ labels, value: n }] },
  { type: 'gauge', name: 'g', help: 'g', together: 'max', series: [{ labels: {}, value: n }] },
  {
    type: 'histogram',
    name: 'h',
    help: 'h',
    bounds: [1],
    series: [{ labels: {}, counts: [n, 1], sum: n + 10 }],
  },
];

test('counters and buckets are added up, the worst of others counts', () => {
  const [counter, gauge, histogram] = together([snapshot(2), snapshot(5, { b: '2', a: '1' }), snapshot(3)]);
  expect(counter?.series).toEqual([{ labels: { a: '1', b: '2' }, value: 10 }]);
  expect(gauge?.series).toEqual([{ labels: {}, value: 5 }]);
  expect(histogram?.series).toEqual([{ labels: {}, counts: [10, 3], sum: 40 }]);
});

test('series of other labels stay apart, and a process that has none adds nothing', () => {
  const [counter] = together([snapshot(2), [], snapshot(5, { a: '1' })]);
  expect(counter?.series).toEqual([
    { labels: { a: '1', b: '2' }, value: 2 },
    { labels: { a: '1' }, value: 5 },
  ]);
  expect(together([])).toEqual([]);
});

test('a trace of several processes has a file of each, and runs while it runs in one', () => {
  const report = (id: string, path: string, ended: TraceReport['ended']): TraceReport => ({
    id,
    subject: { user: 'ann' },
    startedAt: 'a',
    endsAt: 'b',
    ended,
    files: [{ path, octets: 1, lines: 1, dropped: 0 }],
  });
  const traces = tracesTogether([
    [report('one', '1', 'size'), report('two', '3', 'time')],
    [report('one', '2', null), report('two', '4', 'time')],
  ]);
  expect(traces).toMatchObject([
    { id: 'one', ended: null, files: [{ path: '1' }, { path: '2' }] },
    { id: 'two', ended: 'time', files: [{ path: '3' }, { path: '4' }] },
  ]);
});

test('lines of several logs are one log in the order of their time, and each has its place in the cursor', () => {
  const page = (name: string, missed: number, ...times: readonly number[]): LogsResponse => ({
    lines: times.map((time) => ({ time, level: 30, msg: name })),
    next: `${name}.${times.length}`,
    missed,
    missing: [],
    level: 'info',
  });
  const whole = logsTogether([page('a', 1, 1, 4, 4), page('b', 2, 2, 4)]);
  expect(whole.lines.map(({ time, msg }) => `${time}${msg}`)).toEqual(['1a', '2b', '4a', '4a', '4b']);
  expect(whole).toMatchObject({ next: 'a.3-b.2', missed: 3, level: 'info' });
});
