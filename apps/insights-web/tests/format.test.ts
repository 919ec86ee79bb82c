import { describe, expect, it } from 'vitest';
import {
  formatDuration,
  formatExact,
  formatRange,
  formatRate,
  formatRelative,
  formatShortCount,
  formatStep,
} from '../src/lib/format.ts';

describe('durations', () => {
  it.each([
    [null, '–'],
    [0, '0 ms'],
    [0.004, '<0.01 ms'],
    [0.42, '0.42 ms'],
    [0.996, '1.0 ms'],
    [4.24, '4.2 ms'],
    [9.96, '10 ms'],
    [432.4, '432 ms'],
    [999.4, '999 ms'],
    [999.6, '1.00 s'],
    [3210, '3.21 s'],
    [9994, '9.99 s'],
    [9996, '10.0 s'],
    [59_940, '59.9 s'],
    [59_960, '1 m 00 s'],
    [125_000, '2 m 05 s'],
    [3_599_700, '1 h 00 m'],
    [3_720_000, '1 h 02 m'],
  ])('%s ms reads %s', (ms, text) => expect(formatDuration(ms)).toBe(text));
});

describe('rates', () => {
  it.each([
    [null, '–'],
    [0, '0%'],
    [0.0002, '<0.1%'],
    [0.032, '3.2%'],
    [0.0996, '10%'],
    [0.45, '45%'],
    [0.994, '99.4%'],
    [0.9999, '>99.9%'],
    [1, '100%'],
  ])('%s reads %s', (rate, text) => expect(formatRate(rate)).toBe(text));
});

describe('counts', () => {
  it.each([
    [0, '0'],
    [1234.4, '1,234'],
    [999_999, '999,999'],
    [999_999.7, '1M'],
    [1_234_567, '1.23M'],
    [45_600_000_000, '45.6B'],
  ])('%s reads %s', (count, text) => expect(formatShortCount(count)).toBe(text));
});

describe('moments', () => {
  const now = Date.parse('2026-03-21T12:00:00Z');
  it.each([
    [0, 'just now'],
    [4_999, 'just now'],
    [59_999, '59 s ago'],
    [60_000, '1 min ago'],
    [3_599_999, '59 min ago'],
    [86_399_999, '23 h ago'],
    [3 * 86_400_000, '3 d ago'],
    [-3_000, 'just now'],
    [-120_000, 'in 2 min'],
  ])('%s ms before now reads %s', (ago, text) => expect(formatRelative(now - ago, now)).toBe(text));

  it('are exact to the second, with an offset that leads back to the same moment', () => {
    const text = formatExact(now);
    expect(text).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d$/);
    expect(Date.parse(text.replace(' ', 'T').replace(' ', ''))).toBe(now);
  });

  it('names the length of a step', () => {
    expect([15, 300, 1800, 21_600].map(formatStep)).toEqual(['15 s', '5 min', '30 min', '6 h']);
  });

  it.each([
    ['2026-03-21T10:04', '2026-03-21T10:30', '03-21 10:04 – 10:30'],
    ['2026-03-21T10:04', '2026-03-22T10:30', '03-21 10:04 – 03-22 10:30'],
    ['2020-03-21T10:04', '2020-03-21T10:30', '2020-03-21 10:04 – 10:30'],
    ['2025-12-31T10:04', '2026-01-01T10:30', '2025-12-31 10:04 – 2026-01-01 10:30'],
  ])('from %s to %s reads %s in 2026', (from, to, text) =>
    expect(formatRange(Date.parse(from), Date.parse(to), Date.parse('2026-05-01T12:00'))).toBe(text));
});
