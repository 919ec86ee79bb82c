import { expect, test } from 'vitest';
import { judge } from '../../src/query/overview/state.ts';
import { NOON } from '../helpers/events.ts';

const NOW = NOON / 60_000;
const DAY = 24 * 60;

/** Minutes from one to another, every so many. */
const every = (step: number, from: number, to: number): number[] =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);

/** Judges an application that spoke in these minutes. */
const of = (active: readonly number[], more: { requests?: number; failures?: number } = {}) => {
  const last = active.at(-1);
  const lastSeen = last === undefined ? undefined : last * 60_000;
  return judge({ lastSeen, active, requests: 0, failures: 0, ...more }, NOON);
};

/** Days of work from 9 to 17 o'clock, up to some minutes before now. */
const workdays = (until: number): number[] =>
  [6, 5, 4, 3, 2, 1, 0].flatMap((ago) => {
    const midnight = NOW - 12 * 60 - ago * DAY;
    return every(1, midnight + 9 * 60, Math.min(midnight + 17 * 60, NOW - until));
  });

test('one that talks every minute is silent after some, not at once', () => {
  const talks = (until: number) => every(1, NOW - 3 * DAY, NOW - until);
  expect(of(talks(0))).toMatchObject({ state: 'healthy', usualIntervalSeconds: 60 });
  expect(of(talks(5))).toMatchObject({ state: 'healthy' });
  const silent = of(talks(6));
  expect(silent).toMatchObject({ state: 'silent', stateReason: { code: 'quiet' } });
  expect(silent.stateReason.message).toBe(
    'It usually says something every minute at this time of day; nothing has come for 6 minutes.',
  );
});

test('one that talks every quarter of an hour has longer', () => {
  const talks = (until: number) => every(15, NOW - 3 * DAY - until, NOW - until);
  expect(of(talks(45))).toMatchObject({ state: 'healthy', usualIntervalSeconds: 900 });
  expect(of(talks(46))).toMatchObject({ state: 'silent' });
});

test('one that sleeps at night is not silent at night, and is when it does not get up', () => {
  const night = workdays(0).filter((minute) => minute <= NOW - DAY + 5 * 60);
  const judged = (hour: number) =>
    judge(
      { lastSeen: (night.at(-1) ?? 0) * 60_000, active: night, requests: 0, failures: 0 },
      NOON + (hour - 12) * 3_600_000,
    );
  expect(judged(3)).toMatchObject({ state: 'healthy' });
  expect(judged(8)).toMatchObject({ state: 'healthy' });
  expect(judged(9.5)).toMatchObject({ state: 'silent', stateReason: { code: 'quiet' } });
});

test('one that never spoke is waited for; of a new one too little is known; of one that is gone nothing', () => {
  expect(of([])).toMatchObject({ state: 'waiting', stateReason: { code: 'never' }, usualIntervalSeconds: null });
  expect(of(every(1, NOW - 120, NOW - 115))).toMatchObject({ state: 'healthy', usualIntervalSeconds: null });
  expect(of(every(1, NOW - 600, NOW - 500))).toMatchObject({ state: 'silent', stateReason: { code: 'quiet' } });
  const gone = judge({ lastSeen: NOON - 8 * 86_400_000, active: [], requests: 0, failures: 0 }, NOON);
  expect(gone).toMatchObject({
    state: 'silent',
    stateReason: { code: 'gone', message: 'Nothing has come for 8 days.' },
  });
});

test('one fails when enough of its requests do, in number and in part', () => {
  const active = every(1, NOW - DAY, NOW);
  expect(of(active, { requests: 100, failures: 4 })).toMatchObject({ state: 'healthy' });
  expect(of(active, { requests: 101, failures: 5 })).toMatchObject({ state: 'healthy' });
  expect(of(active, { requests: 4, failures: 4 })).toMatchObject({ state: 'healthy' });
  expect(of(active, { requests: 100, failures: 5 })).toMatchObject({
    state: 'failing',
    stateReason: { code: 'failures', message: '5 of 100 requests (5 %) failed in the last 15 minutes.' },
  });
});
