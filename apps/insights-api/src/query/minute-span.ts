import { LONG_SPAN_MS } from '../limits.ts';
import type { Resolution } from '../rollup/resolutions.ts';
import type { MinuteSpan } from '../store/port.ts';
import type { TimeRange } from './time-range.ts';

export const MINUTE_MS = 60_000;

/**
 * The span in about that many steps. Rollups know whole minutes: it grows to those it touches. A long one grows to whole
 * hours, of which its steps are made too, so that no minute need be read for it.
 */
export function toMinuteSpan({ from, to }: TimeRange, steps: number): MinuteSpan {
  const unit: Resolution = to - from > LONG_SPAN_MS ? 60 : 1;
  const first = Math.floor(from / MINUTE_MS / unit);
  const last = Math.ceil(to / MINUTE_MS / unit);
  const step = Math.max(1, Math.round((last - first) / steps));
  return { from: first * unit, to: last * unit, stepMinutes: step * unit };
}

/** Steps of a span; the last one may reach beyond it. */
export const stepsOf = ({ from, to, stepMinutes }: MinuteSpan): number => Math.ceil((to - from) / stepMinutes);

/** What every answer about a span says of it. */
export const spanFields = ({ from, to }: Pick<MinuteSpan, 'from' | 'to'>, now: number) => ({
  from: new Date(from * MINUTE_MS).toISOString(),
  to: new Date(to * MINUTE_MS).toISOString(),
  now: new Date(now).toISOString(),
});
