import { expect, test } from 'vitest';
import { applyRule } from '../../src/alerts/apply.ts';
import {
  type AppCondition,
  type Finding,
  judgeApp,
  judgeBacklog,
  judgeMetric,
  type MetricCondition,
} from '../../src/alerts/conditions.ts';
import { type AppTotals, NO_FIGURES } from '../../src/store/port.ts';

const NOW = Date.UTC(2026, 0, 1);
const counters = { received: 0, accepted: 0, duplicates: 0, sampled: 0, late: 0, rejected: {}, adjusted: {} };

const totals = (some: Partial<AppTotals>): AppTotals => ({
  appId: 1,
  name: 'shop',
  ...NO_FIGURES,
  counters,
  ...some,
});

const failures = { kind: 'failure-rate', abovePercent: 10, minRequests: 20, windowMinutes: 5 } as const;
const slow = { kind: 'p95', aboveMs: 500, minRequests: 10, windowMinutes: 5 } as const;
const fresh = { kind: 'new-exception', windowMinutes: 5 } as const;
const silence = { kind: 'silence', minutes: 10 } as const;
/** Bucket i holds durations up to 2^(i/32) µs: 640 is 1.048 s. */
const second = { buckets: [{ bucket: 640, count: 100 }], min: 1_040_000, max: 1_040_000 };

test.each<[AppCondition, Partial<AppTotals>, string, string]>([
  [failures, { requests: 100, failures: 11 }, 'breach', '11 % of 100 requests failed in 5 minutes (limit 10 %).'],
  [failures, { requests: 100, failures: 10 }, 'between', '10 % of 100 requests failed in 5 minutes (limit 10 %).'],
  [failures, { requests: 100, failures: 9 }, 'clear', '9 % of 100 requests failed in 5 minutes (limit 10 %).'],
  [failures, { requests: 19, failures: 19 }, 'clear', '19 requests in 5 minutes: too few to judge.'],
  [failures, { requests: 1 }, 'clear', '1 request in 5 minutes: too few to judge.'],
  [failures, { requests: 0 }, 'clear', '0 requests in 5 minutes: too few to judge.'],
  [
    slow,
    { requests: 100, ...second },
    'breach',
    '95 % of 100 requests took up to 1,040 ms in 5 minutes (limit 500 ms).',
  ],
  [slow, { requests: 9, ...second }, 'clear', '9 requests in 5 minutes: too few to judge.'],
  [slow, { requests: 100 }, 'clear', '100 requests in 5 minutes: too few to judge.'],
  [silence, { lastSeen: NOW - 601_000 }, 'breach', 'Nothing was received for 10 minutes (limit 10 minutes).'],
  [silence, { lastSeen: NOW - 570_000 }, 'between', 'Nothing was received for 9 minutes (limit 10 minutes).'],
  [silence, { lastSeen: NOW - 60_000 }, 'clear', 'Events are received.'],
  [silence, { lastSeen: NOW + 60_000 }, 'clear', 'Events are received.'],
  [fresh, { newExceptions: 2 }, 'breach', '2 kinds of exceptions in 5 minutes that were never seen before.'],
  [fresh, { newExceptions: 1 }, 'breach', '1 kind of exception in 5 minutes that were never seen before.'],
  [fresh, {}, 'clear', 'No new exceptions in 5 minutes.'],
  [silence, {}, 'clear', 'Nothing was ever received.'],
])('%j of %j is %s', (condition, some, level, message) => {
  expect(judgeApp(condition, totals(some), NOW)).toEqual({ level, message });
});

test('a backlog counts from its limit on', () => {
  const condition = { kind: 'backlog', aboveEvents: 1000 } as const;
  expect([1001, 1000, 900].map((events) => judgeBacklog(condition, events).level)).toEqual([
    'breach',
    'between',
    'clear',
  ]);
  expect(judgeBacklog(condition, 1_234_567).message).toBe('1,234,567 events wait to be written (limit 1,000).');
});

test('subjects go their own ways, and one that a rule does not concern any more is told to the history alone', () => {
  const rule = { forMinutes: 0, resolveMinutes: 1 };
  const breach: Finding = { level: 'breach', message: 'bad' };
  const well: Finding = { level: 'clear', message: 'good' };
  const all = new Map([
    ['a', breach],
    ['b', breach],
    ['c', well],
  ]);
  const first = applyRule(rule, new Map(), all, NOW);
  expect(first.happenings.map(({ subject, what }) => `${subject} ${what}`)).toEqual(['a fired', 'b fired']);
  const second = applyRule(rule, first.subjects, new Map([['a', breach]]), NOW + 60_000);
  expect(second.happenings).toEqual([{ subject: 'b', what: 'ended', since: NOW, message: 'bad' }]);
  expect([...second.subjects.keys()]).toEqual(['a']);
});

test('while nobody can tell, everything stays as it was', () => {
  const rule = { forMinutes: 5, resolveMinutes: 1 };
  const before = applyRule(
    rule,
    new Map(),
    new Map([['a', { level: 'breach', message: 'bad' } as const]]),
    NOW,
  ).subjects;
  const after = applyRule(rule, before, new Map([['a', { level: 'unknown', message: '' } as const]]), NOW + 60_000);
  expect(after).toEqual({ subjects: before, happenings: [] });
});

const metric = (more: Partial<MetricCondition>): MetricCondition => ({
  kind: 'metric',
  metric: 'queue.length',
  of: 'avg',
  direction: 'above',
  limit: 100,
  windowMinutes: 5,
  ...more,
});
const came = (avg: number | null) => {
  const rest = { sum: null, min: null, max: null, rate: null, last: null, p50: null, p95: null, p99: null };
  return { unit: '{job}', total: { points: 1, count: 1, avg, ...rest } };
};

test.each<[Partial<MetricCondition>, number | null, string]>([
  [{}, 101, 'breach'],
  [{}, 100, 'between'],
  [{}, 90, 'clear'],
  [{ direction: 'below' }, 99, 'breach'],
  [{ direction: 'below' }, 109, 'between'],
  [{ direction: 'below' }, 110, 'clear'],
  [{ limit: -100 }, -99, 'breach'],
  [{ limit: -100 }, -105, 'between'],
  [{ limit: -100 }, -110, 'clear'],
  [{ direction: 'below', limit: 0 }, -0.5, 'breach'],
  [{ direction: 'below', limit: 0 }, 0, 'clear'],
  [{}, null, 'clear'],
  [{ of: 'p95' }, 500, 'clear'],
])('a metric with %j that comes to %s is %s', (more, value, level) => {
  expect(judgeMetric(metric(more), came(value)).level).toBe(level);
});

test('a metric is told with its unit, and without points as having none', () => {
  expect(judgeMetric(metric({}), came(1234)).message).toBe(
    'avg of queue.length was 1,234 {job} in 5 minutes (limit: above 100).',
  );
  expect(judgeMetric(metric({}), undefined)).toEqual({
    level: 'clear',
    message: 'queue.length has no avg in 5 minutes.',
  });
});
