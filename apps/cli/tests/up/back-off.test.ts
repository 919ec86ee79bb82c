import { expect, it } from 'vitest';
import { RESTART_FIRST_MS, RESTART_FORGET_MS, RESTART_LONGEST_MS } from '../../src/ops/limits.ts';
import { pauseBeforeRestart } from '../../src/ops/up/back-off.ts';

it('doubles from death to death up to the longest pause', () => {
  let pause = pauseBeforeRestart(undefined, 0);
  const pauses = [pause];
  for (let i = 0; i < 8; i++) {
    pause = pauseBeforeRestart(pause, 100);
    pauses.push(pause);
  }
  expect(pauses).toEqual([500, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
  expect(pauses.at(-1)).toBe(RESTART_LONGEST_MS);
});

it('begins again after a healthy run, and only then', () => {
  expect(pauseBeforeRestart(16_000, RESTART_FORGET_MS)).toBe(RESTART_FIRST_MS);
  expect(pauseBeforeRestart(16_000, RESTART_FORGET_MS - 1)).toBe(RESTART_LONGEST_MS);
});
