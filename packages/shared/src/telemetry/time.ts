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

const ISO_TIME = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:[.,](\d+))?([Zz]|[+-]\d\d:?\d\d)?$/;
const MINUTE_MS = 60_000;

/** ISO 8601 with any number of fraction digits; UTC unless an offset stands there. Undefined where it is no time. */
export function parseIsoTime(text: string): Instant | undefined {
  const match = text.length > MAX_NUMBER_TEXT ? null : ISO_TIME.exec(text);
  if (match === null) return undefined;
  const [, date = '', hour = '', minute = '', second = '', fraction = '', zone = 'Z'] = match;
  // A leap second is counted as the second after, as POSIX time does.
  const leap = second === '60';
  const wholeSecond = Date.parse(`${date}T${hour}:${minute}:${leap ? '59' : second}Z`);
  const offset = offsetMinutes(zone);
  // Date.parse turns 30 February into 1 March and takes 24:00.
  if (Number.isNaN(wholeSecond) || hour === '24' || offset === undefined) return undefined;
  if (new Date(wholeSecond).toISOString().slice(0, 10) !== date) return undefined;
  const digits = fraction.padEnd(9, '0');
  return {
    ms: wholeSecond + (leap ? 1000 : 0) - offset * MINUTE_MS + Number(digits.slice(0, 3)),
    us: Number(digits.slice(3, 6)),
    ns: Number(digits.slice(6, 9)),
  };
}

function offsetMinutes(zone: string): number | undefined {
  if (zone === 'Z' || zone === 'z') return 0;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(-2))];
  if (hours > 23 || minutes > 59) return undefined;
  return (zone[0] === '-' ? -1 : 1) * (hours * 60 + minutes);
}

/** Nanoseconds since the epoch, as OTLP counts. Undefined before the epoch and past the year 9999. */
export function fromUnixNanos(nanos: bigint): Instant | undefined {
  const ms = nanos / 1_000_000n;
  if (nanos < 0n || ms >= 253_402_300_800_000n) return undefined;
  return { ms: Number(ms), us: Number((nanos / 1000n) % 1000n), ns: Number(nanos % 1000n) };
}
