import { MAX_NUMBER_TEXT } from './limits.ts';

/** A point in time, cut below the nanosecond. */
export interface Instant {
  /** Whole milliseconds since 1970-01-01T00:00:00Z. */
  readonly ms: number;
  /** Microseconds past `ms`, 0 … 999. */
  readonly us: number;
  /** Nanoseconds past `us`, 0 … 999. */
  readonly ns: number;
}

const ISO_TIME = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:[Zz]|[+-]\d\d:?\d\d)?$/;
/** Where things stand in it: everything before the fraction has its place. */
const PLACE = { year: 0, month: 5, day: 8, hour: 11, minute: 14, second: 17, fraction: 20 } as const;
const MINUTE_MS = 60_000;
/** After so many years the calendar repeats itself. */
const CYCLE = { years: 400, ms: 146_097 * 24 * 60 * MINUTE_MS } as const;

/**
 * ISO 8601 with any number of fraction digits; UTC unless an offset stands there. Undefined where it is no time.
 * Every event's time comes by here: one look at the form, then numbers by their places, without making texts.
 */
export function parseIsoTime(text: string): Instant | undefined {
  if (text.length > MAX_NUMBER_TEXT || !ISO_TIME.test(text)) return undefined;
  const two = (place: number): number => digits(text, place, place + 2);
  const [year, month, day] = [digits(text, PLACE.year, PLACE.year + 4), two(PLACE.month), two(PLACE.day)];
  const [hour, minute, second] = [two(PLACE.hour), two(PLACE.minute), two(PLACE.second)];
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  // A leap second is counted as the second after, as POSIX time does.
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  const end = endOfFraction(text);
  const offset = offsetMinutes(text, end);
  if (offset === undefined) return undefined;
  // Date.UTC takes the years 0 to 99 for those of 1900.
  const whole = Date.UTC(year + CYCLE.years, month - 1, day, hour, minute, second) - CYCLE.ms;
  const fraction = (skipped: number): number => thousandths(text, PLACE.fraction + skipped, end);
  return { ms: whole - offset * MINUTE_MS + fraction(0), us: fraction(3), ns: fraction(6) };
}

/** The number that the digits from one place to another are. */
function digits(text: string, from: number, to: number): number {
  let number = 0;
  for (let at = from; at < to; at += 1) number = number * 10 + text.charCodeAt(at) - ZERO;
  return number;
}

const ZERO = '0'.charCodeAt(0);
const isDigit = (code: number): boolean => code >= ZERO && code < ZERO + 10;

/** Three digits of the fraction; those behind its end are zeros. */
const thousandths = (text: string, from: number, end: number): number =>
  end >= from + 3 ? digits(text, from, from + 3) : end > from ? digits(text, from, end) * 10 ** (from + 3 - end) : 0;

/** Where the fraction ends, or would begin with its separator. */
function endOfFraction(text: string): number {
  const separator = text[PLACE.fraction - 1];
  if (separator !== '.' && separator !== ',') return PLACE.fraction - 1;
  let end: number = PLACE.fraction;
  while (isDigit(text.charCodeAt(end))) end += 1;
  return end;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function offsetMinutes(text: string, from: number): number | undefined {
  const sign = text[from];
  if (sign === undefined || sign === 'Z' || sign === 'z') return 0;
  const [hours, minutes] = [digits(text, from + 1, from + 3), digits(text, text.length - 2, text.length)];
  if (hours > 23 || minutes > 59) return undefined;
  return (sign === '-' ? -1 : 1) * (hours * 60 + minutes);
}

/** Nanoseconds since the epoch, as OTLP counts. Undefined before the epoch and past the year 9999. */
export function fromUnixNanos(nanos: bigint): Instant | undefined {
  const ms = nanos / 1_000_000n;
  if (nanos < 0n || ms >= 253_402_300_800_000n) return undefined;
  return { ms: Number(ms), us: Number((nanos / 1000n) % 1000n), ns: Number(nanos % 1000n) };
}
