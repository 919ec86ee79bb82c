import type { Kept } from '@scorpiox/shared/contract';
import type { Static } from 'typebox';
import { DAY, KEPT_DAYS, LONG_SPAN_MS, SUMS_KEPT_DAYS } from '../../limits.ts';
import type { Resolution } from '../../rollup/resolutions.ts';
import type { Span } from '../../store/questions/overview.ts';
import type { TimeRange } from '../time-range.ts';

const MINUTE_MS = 60_000;

/** A span as it is answered: whole minutes, hours or days. */
export interface AnsweredSpan extends Span {
  /** Minutes of the sums that it is made of. */
  readonly unit: Resolution;
  readonly kept: Static<typeof Kept>;
}

/**
 * Sums know whole minutes: a span grows to those that it touches. One that is long grows to whole hours, as does one that
 * begins where minutes are no longer kept, or whose span before does; where hours are no longer kept, to whole days. What
 * is missing even so is said. `retentionDays`: of the application, where it is one.
 */
export function answerSpan({ from, to }: TimeRange, now: number, retentionDays = KEPT_DAYS): AnsweredSpan {
  const since = (days: number) => now - Math.max(days, retentionDays) * DAY;
  const sinceOf = {
    1: since(SUMS_KEPT_DAYS.minutes),
    60: since(SUMS_KEPT_DAYS.hours),
    1440: since(SUMS_KEPT_DAYS.days),
  };
  const unit = unitFor(from, to, sinceOf);
  return {
    from: Math.floor(from / MINUTE_MS / unit) * unit,
    to: Math.ceil(to / MINUTE_MS / unit) * unit,
    unit,
    kept: { unitSeconds: unit * 60, since: new Date(sinceOf[unit]).toISOString(), complete: from >= sinceOf[unit] },
  };
}

/**
 * The same of what the answer names one by one, where names go sooner than sums: `namedDays` after they were last seen.
 * What was last seen before that is missing from the list, and the answer says so.
 */
export function answerNamed(
  range: TimeRange,
  now: number,
  { namedDays, retentionDays = KEPT_DAYS }: { readonly namedDays: number; readonly retentionDays: number | undefined },
): AnsweredSpan {
  const answered = answerSpan(range, now, retentionDays);
  const since = now - Math.max(namedDays, retentionDays) * DAY;
  if (since <= Date.parse(answered.kept.since)) return answered;
  const kept = { since: new Date(since).toISOString(), complete: range.from >= since };
  return { ...answered, kept: { ...answered.kept, ...kept } };
}

function unitFor(from: number, to: number, since: { readonly [R in Resolution]: number }): Resolution {
  // The span before is shown beside it, and is made of the same sums.
  const first = from - (to - from);
  if (first < since[60]) return 1440;
  return first < since[1] || to - from > LONG_SPAN_MS ? 60 : 1;
}

/** What every answer says of its span. */
export function describeSpan({ from, to, kept }: AnsweredSpan, now: number) {
  return { from: toIso(from), to: toIso(to), now: new Date(now).toISOString(), kept };
}

/** Of whole minutes since 1970. */
export const toIso = (minute: number): string => new Date(minute * MINUTE_MS).toISOString();

/** Minutes of the span that have passed, at least one: what is counted is counted over them. */
export const passed = ({ from, to }: Span, now: number): number => Math.max(1, Math.min(to, now / MINUTE_MS) - from);

const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 7 * 1440] as const;

/** A span cut into steps. */
export interface SteppedSpan {
  readonly span: Span;
  readonly stepMinutes: number;
}

/**
 * Cuts a span into at most about `points` steps that lie on round times, none shorter than its sums: the first and the last
 * may reach over it.
 */
export function cutIntoSteps({ from, to, unit }: AnsweredSpan, points: number): SteppedSpan {
  const wanted = Math.max(unit, (to - from) / points);
  const stepMinutes = STEPS.find((step) => step >= wanted && step % unit === 0) ?? 7 * 1440;
  const first = Math.floor(from / stepMinutes) * stepMinutes;
  const last = Math.ceil(to / stepMinutes) * stepMinutes;
  return { span: { from: first, to: last }, stepMinutes };
}
