import type { MinuteSpan } from '../store/port.ts';
import { type AnsweredSpan, answerSpan } from './overview/span.ts';
import type { TimeRange } from './time-range.ts';

export const MINUTE_MS = 60_000;

/**
 * The span in about that many steps, each of whole sums of those that it is made of: so that no minute need be read for a
 * long one, and one whose minutes are no longer kept is answered from its hours or days.
 */
export function toMinuteSpan(
  range: TimeRange,
  steps: number,
  now: number,
  retentionDays: number | undefined,
): AnsweredSpan & MinuteSpan {
  const answered = answerSpan(range, now, retentionDays);
  const { from, to, unit } = answered;
  const step = Math.max(1, Math.round((to - from) / unit / steps));
  return { ...answered, stepMinutes: step * unit };
}

/** Steps of a span; the last one may reach beyond it. */
export const stepsOf = ({ from, to, stepMinutes }: MinuteSpan): number => Math.ceil((to - from) / stepMinutes);
