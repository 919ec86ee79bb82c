import { expect, test } from 'vitest';
import { afterBatch, afterLock, FIRST_PACE, logReason, type Pace } from '../../../src/ops/db/backfill/pace.ts';

/** The sizes of batches on a database that takes so long for a row, milliseconds. */
function sizes(perRow: number, batches: number): number[] {
  let pace: Pace = FIRST_PACE;
  return Array.from({ length: batches }, () => {
    pace = afterBatch(pace, { rows: pace.size, ms: pace.size * perRow, blocked: 0 }).pace;
    return pace.size;
  });
}

test('batches grow and shrink until they take between 250 and 500 milliseconds, and stay below 5,000 rows', () => {
  for (const perRow of [0.2, 1, 7]) {
    const last = sizes(perRow, 20).at(-1) ?? 0;
    expect(last * perRow).toBeGreaterThanOrEqual(perRow === 7 ? 245 : 250);
    expect(last * perRow).toBeLessThanOrEqual(500);
  }
  expect(Math.max(...sizes(0.001, 20))).toBe(4_000);
  expect(Math.min(...sizes(10_000, 20))).toBe(10);
});

test('the end of a table does not make them smaller or larger', () => {
  expect(afterBatch({ size: 400, usualMs: 1 }, { rows: 3, ms: 2, blocked: 0 }).pace.size).toBe(400);
});

test('it halves them and waits where somebody waits for one, or could not get at the rows itself', () => {
  const pace = { size: 400, usualMs: 1 };
  expect(afterBatch(pace, { rows: 400, ms: 300, blocked: 2 })).toMatchObject({
    ...{ pace: { size: 200 }, reason: 'blocking' },
    waitMs: 1_000,
  });
  expect(afterLock(pace)).toMatchObject({ pace: { size: 200 }, reason: 'locked', waitMs: 1_000 });
});

test('it halves them where a row takes twice as long as usual, and gets used to it', () => {
  let next = afterBatch({ size: 400, usualMs: 1 }, { rows: 400, ms: 1_200, blocked: 0 });
  expect(next).toMatchObject({ pace: { size: 200 }, reason: 'slow' });
  let slow = 0;
  for (let batch = 0; batch < 20; batch += 1) {
    next = afterBatch(next.pace, { rows: next.pace.size, ms: next.pace.size * 3, blocked: 0 });
    if (next.reason === 'slow') slow += 1;
  }
  expect(slow).toBeGreaterThan(0);
  expect(next.reason).toBeUndefined();
});

test('what is quick is not called slow', () => {
  expect(afterBatch({ size: 10, usualMs: 0.1 }, { rows: 10, ms: 50, blocked: 0 }).reason).toBeUndefined();
});

test.each([
  [{}, undefined],
  [{ percent: 70 }, undefined],
  [{ percent: 70.1 }, 'log'],
  [{ pages: 16_384 }, undefined],
  [{ pages: 16_385 }, 'wal'],
])('a log of %j is a reason to wait: %s', (state, reason) => {
  expect(logReason(state)).toBe(reason);
});
