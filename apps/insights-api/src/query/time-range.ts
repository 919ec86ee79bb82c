import { err, ok, type Result } from '@scorpiox/shared/result';
import { DEFAULT_SPAN, LAST_MOMENT, LONGEST_SPAN_MS } from '../limits.ts';

/** A span of time, milliseconds since 1970; `from` is before `to`. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** Which parameter is wrong, and a sentence about it. */
export interface RangeProblem {
  readonly code: 'bad-time' | 'empty-range' | 'range-too-long';
  readonly field: 'from' | 'to';
  readonly message: string;
}

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const RELATIVE = /^now(?:-(\d{1,9})([smhd]))?$/;
const ISO = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})?)?$/;

/** The span that `from` and `to` name; the last 24 hours where they are absent. */
export function parseRange(
  from: string | undefined,
  to: string | undefined,
  now: number,
): Result<TimeRange, RangeProblem> {
  const start = parseMoment('from', from ?? DEFAULT_SPAN, now);
  if (!start.ok) return start;
  const end = parseMoment('to', to ?? 'now', now);
  if (!end.ok) return end;
  if (start.value >= end.value) {
    return err({ code: 'empty-range', field: 'from', message: 'from must be before to.' });
  }
  if (end.value - start.value > LONGEST_SPAN_MS) {
    const days = LONGEST_SPAN_MS / 86_400_000;
    return err({ code: 'range-too-long', field: 'from', message: `from and to may be ${days} days apart at most.` });
  }
  return ok({ from: start.value, to: end.value });
}

/** A time without an offset is UTC, so that a query means the same wherever it is answered. */
export function parseMoment<F extends string>(
  field: F,
  text: string,
  now: number,
): Result<number, { readonly code: 'bad-time'; readonly field: F; readonly message: string }> {
  const moment = readMoment(text, now);
  if (moment >= 0 && moment < LAST_MOMENT) return ok(moment);
  const message = `${field} must be ISO 8601, now, or now-24h (units s, m, h, d), from 1970 on.`;
  return err({ code: 'bad-time', field, message });
}

/** NaN where it is none. */
function readMoment(text: string, now: number): number {
  const relative = RELATIVE.exec(text);
  if (relative) return now - Number(relative[1] ?? 0) * (UNITS[relative[2] ?? 's'] ?? 0);
  const offsetMissing = text.includes('T') && !/(?:Z|[+-]\d{2}:\d{2})$/.test(text);
  return ISO.test(text) ? Date.parse(offsetMissing ? `${text}Z` : text) : Number.NaN;
}
