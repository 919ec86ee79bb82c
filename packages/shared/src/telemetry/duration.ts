import { err, ok, type Result } from '../result.ts';
import { MAX_DURATION_MS, MAX_DURATION_US, MAX_NUMBER_TEXT } from './limits.ts';

/** A length of time as it is stored. */
export interface Duration {
  /** Whole microseconds, 0 … 2^53-1, rounded half up. */
  readonly microseconds: number;
  /** Whole milliseconds, 0 … 2^31-1 (24.8 days), rounded half up. */
  readonly milliseconds: number;
  /** What had to be changed: below zero became 0, or above a bound became the bound. */
  readonly adjusted?: 'negative' | 'saturated';
}

/** Why a value is no duration; `message` is a sentence for the sender. */
export interface DurationProblem {
  readonly code: 'bad-duration';
  readonly message: string;
}

// Sums are kept in picoseconds as BigInt and rounded once, at the end: no spelling loses a digit on the way.
const PICOS = { ns: 10n ** 3n, us: 10n ** 6n, ms: 10n ** 9n, s: 10n ** 12n } as const;
const MINUTE = 60n * PICOS.s;
const HOUR = 60n * MINUTE;
const DAY = 24n * HOUR;

const UNITS: Readonly<Record<string, bigint>> = {
  ...PICOS,
  µs: PICOS.us,
  μs: PICOS.us,
  m: MINUTE,
  min: MINUTE,
  h: HOUR,
  d: DAY,
};

/** .NET TimeSpan c, g and G, and what Node, Java, Python and browsers make of them: `[-][d(.|:)]h:mm:ss[(.|,)f…]`. */
const TIME_SPAN = /^(-?)(?:(\d{1,8})[.:])?(\d{1,8}):(\d{1,2}):(\d{1,2})(?:[.,](\d+))?$/;
/** `1.5s`, `108 ms`; without a unit milliseconds, and then an exponent is a number's too. */
const WITH_UNIT = /^(-?)(\d+)(?:[.,](\d+))? ?(ns|us|µs|μs|ms|s|min|m|h|d)$/;
const PLAIN = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?$/;
/** ISO 8601 durations of fixed length: weeks, or days and times. Years and months have none. */
const ISO = /^(-?)P(?:([\d.,]+)W)?(?:([\d.,]+)D)?(?:T(?:([\d.,]+)H)?(?:([\d.,]+)M)?(?:(-?[\d.,]+)S)?)?$/;

/**
 * A duration in any spelling that SDKs send (docs/sending.md). A number, or text of digits only, is
 * milliseconds. Seconds may read 60.0000000: one SDK rounds so.
 */
export function parseDuration(value: unknown): Result<Duration, DurationProblem> {
  if (typeof value === 'number') return Number.isFinite(value) ? ok(fromMilliseconds(value)) : notADuration();
  if (typeof value !== 'string' || value.length > MAX_NUMBER_TEXT) return notADuration();
  const text = value.trim();
  if (PLAIN.test(text)) return ok(fromMilliseconds(Number(text)));
  const picos = timeSpan(text) ?? withUnit(text) ?? iso(text);
  return picos === undefined ? notADuration() : ok(fromPicos(picos));
}

const notADuration = () =>
  err({
    code: 'bad-duration' as const,
    message: 'A duration is a number of milliseconds, or text as 00:00:01.5, 1.5s, 108ms or PT1.5S.',
  });

function timeSpan(text: string): bigint | undefined {
  const match = TIME_SPAN.exec(text);
  if (match === null) return undefined;
  const [, sign, days = '0', hours = '0', minutes = '0', seconds = '0', fraction = ''] = match;
  if (Number(minutes) > 59 || Number(seconds) > 60) return undefined;
  const whole = BigInt(days) * DAY + BigInt(hours) * HOUR + BigInt(minutes) * MINUTE;
  return signed(sign, whole + decimal(seconds, fraction, PICOS.s));
}

function withUnit(text: string): bigint | undefined {
  const match = WITH_UNIT.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '0', fraction = '', unit = ''] = match;
  return signed(sign, decimal(whole, fraction, UNITS[unit] ?? 0n));
}

function iso(text: string): bigint | undefined {
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const [, sign, ...parts] = match;
  const units = [7n * DAY, DAY, HOUR, MINUTE, PICOS.s];
  if (parts.every((part) => part === undefined) || text.endsWith('T')) return undefined;
  let sum = 0n;
  for (const [i, part] of parts.entries()) {
    if (part === undefined) continue;
    const number = /^(-?)(\d+)(?:[.,](\d+))?$/.exec(part);
    if (number === null) return undefined;
    sum += signed(number[1], decimal(number[2] ?? '0', number[3] ?? '', units[i] ?? 0n));
  }
  return signed(sign, sum);
}

const signed = (sign: string | undefined, picos: bigint): bigint => (sign === '-' ? -picos : picos);

/** `whole.fraction` units in picoseconds; what is below a picosecond is cut. */
const decimal = (whole: string, fraction: string, unit: bigint): bigint =>
  (BigInt(whole + fraction) * unit) / 10n ** BigInt(fraction.length);

/** Milliseconds that came as a binary number already, so that rounding it once is as exact as it gets. */
function fromMilliseconds(ms: number): Duration {
  if (ms < 0) return { microseconds: 0, milliseconds: 0, adjusted: 'negative' };
  return bounded(Math.round(ms * 1000) + 0, Math.round(ms) + 0); // + 0: minus zero becomes zero
}

function fromPicos(picos: bigint): Duration {
  if (picos < 0n) return { microseconds: 0, milliseconds: 0, adjusted: 'negative' };
  return bounded(Number(halfUp(picos, PICOS.us)), Number(halfUp(picos, PICOS.ms)));
}

const halfUp = (picos: bigint, unit: bigint): bigint => (picos + unit / 2n) / unit;

function bounded(microseconds: number, milliseconds: number): Duration {
  if (microseconds <= MAX_DURATION_US && milliseconds <= MAX_DURATION_MS) return { microseconds, milliseconds };
  return {
    microseconds: Math.min(microseconds, MAX_DURATION_US),
    milliseconds: Math.min(milliseconds, MAX_DURATION_MS),
    adjusted: 'saturated',
  };
}
