import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseIsoTime } from '../../src/telemetry/time.ts';

test.each([
  ['2026-03-21T10:00:00.1083441Z', '2026-03-21T10:00:00.108Z', 344, 100],
  ['2026-03-21 10:00:00,5', '2026-03-21T10:00:00.500Z', 0, 0],
  ['2026-03-21t10:00:00.123456789123z', '2026-03-21T10:00:00.123Z', 456, 789],
  ['2026-03-21T10:00:00.12+05:30', '2026-03-21T04:30:00.120Z', 0, 0],
  ['2026-03-21T10:00:00-0100', '2026-03-21T11:00:00.000Z', 0, 0],
  ['2026-12-31T23:59:60.25Z', '2027-01-01T00:00:00.250Z', 0, 0],
  ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z', 0, 0],
  ['0001-02-03T04:05:06Z', '0001-02-03T04:05:06.000Z', 0, 0],
])('%s', (text, iso, us, ns) => {
  expect(parseIsoTime(text)).toEqual({ ms: Date.parse(iso), us, ns });
});

test.each([
  '2025-02-29T00:00:00Z',
  '1900-02-29T00:00:00Z',
  '2026-04-31T00:00:00Z',
  '2026-00-10T00:00:00Z',
  '2026-13-10T00:00:00Z',
  '2026-03-00T00:00:00Z',
  '2026-03-21T24:00:00Z',
  '2026-03-21T10:60:00Z',
  '2026-03-21T10:00:61Z',
  '2026-03-21T10:00:00.Z',
  '2026-03-21T10:00:00+24:00',
  '2026-03-21T10:00:00+01:60',
  '2026-03-21T10:00:00Z ',
  '٢٠٢٦-03-21T10:00:00Z',
])('%s is no time', (text) => {
  expect(parseIsoTime(text)).toBeUndefined();
});

test('any moment is read as Date writes it, with whatever fraction follows', () => {
  const moment = fc.date({
    min: new Date('0000-01-01T00:00:00Z'),
    max: new Date('9999-12-31T23:59:59Z'),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(moment, fc.nat(999), fc.nat(999), (date, us, ns) => {
      const digits = (number: number) => String(number).padStart(3, '0');
      const text = `${date.toISOString().slice(0, -1)}${digits(us)}${digits(ns)}`;
      expect(parseIsoTime(`${text}Z`)).toEqual({ ms: date.getTime(), us, ns });
    }),
  );
});
