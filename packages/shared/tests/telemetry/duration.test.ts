import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDuration } from '../../src/telemetry/index.ts';

const INT_MAX = 2_147_483_647;

function parsed(value: unknown) {
  const result = parseDuration(value);
  if (!result.ok) throw new Error(`${String(value)}: ${result.error.message}`);
  return result.value;
}

describe('spellings', () => {
  test.each([
    // .NET
    ['00:00:00.1083441', 108_344, 108],
    ['1.02:03:04', 93_784_000_000, 93_784_000],
    ['00:00:00', 0, 0],
    ['1:2:03:04,5', 93_784_500_000, 93_784_500],
    ['0:00:01.5', 1_500_000, 1500],
    ['0:00:00:00.0000004', 0, 0],
    ['00:00:00.0000005', 1, 0],
    // Node, browser, Python, Java
    ['00:00:00.108', 108_000, 108],
    ['0.00:00:00.108', 108_000, 108],
    ['00.00:00:00.108000', 108_000, 108],
    // a rounding slip
    ['00:00:60.0000000', 60_000_000, 60_000],
    ['00:59:60', 3_600_000_000, 3_600_000],
    // numbers and numbers in text
    [108.3441, 108_344, 108],
    [0, 0, 0],
    ['108', 108_000, 108],
    ['1e3', 1_000_000, 1000],
    // units and ISO 8601
    ['108ms', 108_000, 108],
    ['1.5s', 1_500_000, 1500],
    ['250us', 250, 0],
    ['250µs', 250, 0],
    ['1500 ns', 2, 0],
    ['2min', 120_000_000, 120_000],
    ['1h', 3_600_000_000, 3_600_000],
    ['PT0.108S', 108_000, 108],
    ['PT1M1,5S', 61_500_000, 61_500],
    ['P1DT2H3M4.5S', 93_784_500_000, 93_784_500],
    ['P2W', 1_209_600_000_000, 1_209_600_000],
    // halves go up
    ['0.4995ms', 500, 0],
    ['00:00:00.0005', 500, 1],
  ])('%s', (text, microseconds, milliseconds) => {
    expect(parsed(text)).toEqual({ microseconds, milliseconds });
  });

  test.each([
    '',
    ' ',
    'abc',
    '1:2',
    '00:60:00',
    '00:00:61',
    '00:00',
    'PT',
    'P',
    'P1Y',
    'P1M',
    'P1DT',
    'PT1.2.3S',
    'PTS',
    '1.5',
    '1.5x',
    '--1s',
    '1,5',
    'NaN',
    '9'.repeat(65),
    `00:00:00.${'0'.repeat(99)}`,
  ])('%j is none, except as milliseconds', (text) => {
    expect(parseDuration(text).ok).toBe(text === '1.5');
  });

  test.each([NaN, Infinity, -Infinity, undefined, null, true, {}, [], 5n])('%s is none', (value) => {
    expect(parseDuration(value)).toMatchObject({ ok: false, error: { code: 'bad-duration' } });
  });
});

describe('bounds', () => {
  test.each([
    '-00:00:01',
    '-1.02:03:04',
    -0.001,
    '-1ms',
    '-PT1S',
    'PT-1S',
  ])('below zero %s becomes 0, and says so', (value) => {
    expect(parsed(value)).toEqual({ microseconds: 0, milliseconds: 0, adjusted: 'negative' });
  });

  test('zero with a sign is zero', () => {
    for (const value of ['-00:00:00', -0, '-0']) expect(parsed(value)).toEqual({ microseconds: 0, milliseconds: 0 });
    expect(Object.is(parsed(-0).microseconds, 0)).toBe(true);
  });

  test('the last milliseconds that fit 32 bits fit; the next saturates and keeps its microseconds', () => {
    expect(parsed(INT_MAX)).toEqual({ microseconds: INT_MAX * 1000, milliseconds: INT_MAX });
    expect(parsed(INT_MAX + 1)).toEqual({
      microseconds: (INT_MAX + 1) * 1000,
      milliseconds: INT_MAX,
      adjusted: 'saturated',
    });
    // 1,000 days, which the specification of Application Insights allows
    expect(parsed('1000.00:00:00')).toEqual({
      microseconds: 86_400_000_000_000,
      milliseconds: INT_MAX,
      adjusted: 'saturated',
    });
  });

  test('TimeSpan.MaxValue and larger stop at what a number holds exactly', () => {
    for (const value of ['10675199.02:48:05.4775807', Number.MAX_VALUE, '99999999.99999999:00:00', '9'.repeat(60)]) {
      expect(parsed(value)).toEqual({
        microseconds: Number.MAX_SAFE_INTEGER,
        milliseconds: INT_MAX,
        adjusted: 'saturated',
      });
    }
  });
});

describe('every TimeSpan below 285 years, in each of .NET’s formats', () => {
  const TICKS_PER_DAY = 864_000_000_000n;
  const ticks = fc.oneof(
    fc.bigInt({ min: 0n, max: 20_000_000n }),
    fc.bigInt({ min: 0n, max: 90_000_000_000_000_000n }),
    fc.bigInt({ min: 0n, max: 9n }).map((n) => n * TICKS_PER_DAY),
  );
  const pad = (value: bigint, width: number) => String(value).padStart(width, '0');

  const parts = (t: bigint) => ({
    d: t / TICKS_PER_DAY,
    h: (t / 36_000_000_000n) % 24n,
    m: (t / 600_000_000n) % 60n,
    s: (t / 10_000_000n) % 60n,
    f: pad(t % 10_000_000n, 7),
  });

  const formats: Record<string, (t: bigint) => string> = {
    c: (t) => {
      const { d, h, m, s, f } = parts(t);
      return `${d > 0n ? `${d}.` : ''}${pad(h, 2)}:${pad(m, 2)}:${pad(s, 2)}${f === '0000000' ? '' : `.${f}`}`;
    },
    g: (t) => {
      const { d, h, m, s, f } = parts(t);
      const fraction = f.replace(/0+$/, '');
      return `${d > 0n ? `${d}:` : ''}${h}:${pad(m, 2)}:${pad(s, 2)}${fraction && `,${fraction}`}`;
    },
    G: (t) => {
      const { d, h, m, s, f } = parts(t);
      return `${d}:${pad(h, 2)}:${pad(m, 2)}:${pad(s, 2)}.${f}`;
    },
    'g with a point': (t) => formats.g?.(t).replace(',', '.') ?? '',
    'G with a comma': (t) => formats.G?.(t).replace('.', ',') ?? '',
    'c as Python writes it, with days always': (t) => {
      const { d, h, m, s, f } = parts(t);
      return `${d}.${pad(h, 2)}:${pad(m, 2)}:${pad(s, 2)}.${f}`;
    },
    'c with 60 seconds for the next minute': (t) => {
      const { d, h, m, s, f } = parts(t);
      if (m === 0n || s > 0n) return formats.c?.(t) ?? '';
      return `${d}.${pad(h, 2)}:${pad(m - 1n, 2)}:60.${f}`;
    },
    'ISO 8601': (t) => {
      const { d, h, m, s, f } = parts(t);
      return `P${d}DT${h}H${m}M${s}.${f}S`;
    },
    seconds: (t) => `${t / 10_000_000n}.${pad(t % 10_000_000n, 7)}s`,
    milliseconds: (t) => `${t / 10_000n}.${pad(t % 10_000n, 4)}ms`,
    nanoseconds: (t) => `${t * 100n}ns`,
  };

  test.each(Object.entries(formats))('%s', (_, format) => {
    fc.assert(
      fc.property(ticks, (t) => {
        // 100 ns to 1 µs and to 1 ms, half up, in exact arithmetic
        const milliseconds = (t + 5000n) / 10_000n;
        const { adjusted, ...duration } = parsed(format(t));
        expect(duration).toEqual({
          microseconds: Number((t + 5n) / 10n),
          milliseconds: milliseconds > BigInt(INT_MAX) ? INT_MAX : Number(milliseconds),
        });
        expect(adjusted).toBe(milliseconds > BigInt(INT_MAX) ? 'saturated' : undefined);
        if (t > 0n) expect(parsed(`-${format(t)}`).adjusted).toBe('negative');
      }),
    );
  });

  test('no text whatever makes it throw or give a number that is not whole and within bounds', () => {
    const rubbish = fc.oneof(fc.string(), fc.stringMatching(/^[-0-9:.,PTDHMSmsun ]{0,30}$/), fc.double());
    fc.assert(
      fc.property(rubbish, (value) => {
        const result = parseDuration(value);
        if (!result.ok) return;
        const { microseconds, milliseconds } = result.value;
        expect(Number.isSafeInteger(microseconds) && microseconds >= 0).toBe(true);
        expect(Number.isInteger(milliseconds) && milliseconds >= 0 && milliseconds <= INT_MAX).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
