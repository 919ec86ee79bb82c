import { packHistogram, unpackHistogram } from '@scorpiox/shared/database';
import type { ParsedEvent } from '@scorpiox/shared/telemetry';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { apdexOf } from '../../src/query/overview/apdex.ts';
import { answerSpan, cutIntoSteps } from '../../src/query/overview/span.ts';
import { bucketOf } from '../../src/rollup/buckets.ts';
import { callEndOf, packCallEnds, unpackCallEnds } from '../../src/rollup/overview/call-ends.ts';
import { countUsers, mergeUsers, packUsers, USERS_EXACT } from '../../src/rollup/overview/users.ts';
import { NOON } from '../helpers/events.ts';

test('a histogram comes out of its column as it went in, whole counts and others', () => {
  const bucket = fc.integer({ min: -1, max: 1696 });
  const count = fc.oneof(fc.integer({ min: 1, max: 2 ** 53 - 1 }), fc.double({ min: 1e-9, max: 1e15, noNaN: true }));
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(bucket, count), { selector: ([one]) => one }), (entries) => {
      const found: [number, number][] = [];
      unpackHistogram(packHistogram(new Map(entries)), (one, weight) => found.push([one, weight]));
      expect(found).toEqual(entries.toSorted(([a], [b]) => a - b));
    }),
  );
});

test('users merge as sets do, in any order, and nobody counts twice', () => {
  const users = fc.array(
    fc.integer({ min: 0, max: 400 }).map((number) => `user ${number}`),
    { maxLength: 300 },
  );
  fc.assert(
    fc.property(users, users, (a, b) => {
      const merged = mergeUsers(packUsers(a), packUsers(b));
      expect(Buffer.from(merged)).toEqual(Buffer.from(mergeUsers(packUsers(b), packUsers(a))));
      const exact = new Set([...a, ...b]).size;
      const { count, isExact } = countUsers(merged);
      expect(isExact).toBe(exact < USERS_EXACT);
      if (isExact) expect(count).toBe(exact);
    }),
  );
});

test('many users are about right', () => {
  for (const exact of [300, 1000, 10_000]) {
    const { count } = countUsers(packUsers(Array.from({ length: exact }, (_, index) => `user ${index}`)));
    expect(Math.abs(count - exact) / exact).toBeLessThan(0.25);
  }
});

test('ends of calls come out of their column as they went in', () => {
  const callers = [{ key: 2 ** 53 - 1, appId: 7 }];
  const callee = { key: 0, appId: 1, minute: 29_000_000, weight: 2.5, failed: true };
  const ends = {
    callers,
    callees: [
      { ...callee, durationUs: 0 },
      { ...callee, durationUs: undefined },
    ],
  };
  expect(unpackCallEnds(packCallEnds(ends))).toEqual(ends);
});

test('the two ends of a call have one key, however their SDKs spell the span', () => {
  const event = { timeMs: NOON, name: 'GET /', weight: 1, adjustments: [], operationId: 'aa'.repeat(16) };
  const keyOf = (more: Partial<ParsedEvent>) => {
    const { caller, callee } = callEndOf(1, { ...event, kind: 'request', ...more });
    return (caller ?? callee)?.key;
  };
  const called = keyOf({ kind: 'dependency', id: 'bb'.repeat(8) });
  expect(called).toBeGreaterThan(0);
  expect(keyOf({ kind: 'dependency', id: 'other', spanId: 'bb'.repeat(8) })).toBe(called);
  expect(keyOf({ parentId: 'bb'.repeat(8) })).toBe(called);
  expect(keyOf({ parentId: `|${'aa'.repeat(16)}.${'bb'.repeat(8)}.` })).toBe(called);
  expect(keyOf({ parentId: 'bb'.repeat(8), operationId: 'another' })).not.toBe(called);
  expect(keyOf({ parentId: event.operationId })).toBeUndefined();
  expect(keyOf({ kind: 'dependency', id: 'x', properties: { 'dependency.type': 'SQL' } })).toBeUndefined();
});

test('steps lie on round times, cover the span, and are as many as asked for or fewer', () => {
  const moment = fc.integer({ min: NOON - 30 * 86_400_000, max: NOON });
  fc.assert(
    fc.property(moment, moment, fc.integer({ min: 1, max: 2000 }), (a, b, points) => {
      if (a === b) return;
      const answered = answerSpan({ from: Math.min(a, b), to: Math.max(a, b) }, NOON);
      const { span, stepMinutes } = cutIntoSteps(answered, points);
      expect(span.from % stepMinutes).toBe(0);
      expect(stepMinutes % answered.unit).toBe(0);
      expect(span.from <= answered.from && span.to >= answered.to).toBe(true);
      if (points >= 10) expect((span.to - span.from) / stepMinutes).toBeLessThanOrEqual(points + 2);
    }),
  );
});

test('Apdex counts what satisfies whole, what is tolerated half, and what failed not at all', () => {
  const buckets = [100, 500, 501 * 1.03, 1999, 2100].map((milliseconds) => ({
    bucket: bucketOf(milliseconds * 1000),
    count: 1,
  }));
  expect(apdexOf({ buckets, failedBuckets: [] }, 500)).toBeCloseTo((2 + 2 / 2) / 5);
  expect(apdexOf({ buckets: [], failedBuckets: [] }, 500)).toBeNull();
  expect(apdexOf({ buckets, failedBuckets: [0, 3, 4].flatMap((index) => buckets[index] ?? []) }, 500)).toBeCloseTo(
    (1 + 1 / 2) / 5,
  );
  expect(apdexOf({ buckets, failedBuckets: buckets }, 500)).toBe(0);
});
