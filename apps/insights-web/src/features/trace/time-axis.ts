import { formatDuration } from '../../lib/format.ts';

export interface Tick {
  /** 0 … 1 of the axis. */
  readonly at: number;
  readonly label: string;
}

const MINUTE = 60_000;
const MINUTES = [1, 2, 5, 10, 15, 30, 60, 120, 360, 720, 1440];

/** The smallest round time that is at least `value`: 1, 2 or 5 of a decade, from a minute on what clocks show. */
function roundStep(value: number): number {
  const minutes = value > MINUTE / 2 ? MINUTES.find((one) => one * MINUTE >= value * (1 - 1e-9)) : undefined;
  if (minutes !== undefined) return minutes * MINUTE;
  const decade = 10 ** Math.floor(Math.log10(value));
  return decade * ([1, 2, 5].find((one) => one * decade >= value * (1 - 1e-9)) ?? 10);
}

/** Marks at round times from 0 to `durationMs`, `most` at most. The end of the axis is no mark unless it is a round time. */
export function timeTicks(durationMs: number, most: number): Tick[] {
  if (!(durationMs > 0)) return [{ at: 0, label: formatDuration(0) }];
  const step = roundStep(durationMs / Math.max(1, most - 1));
  const count = Math.floor(durationMs / step + 1e-9);
  return Array.from({ length: count + 1 }, (_, place) => ({
    at: (place * step) / durationMs,
    label: formatDuration(place * step),
  }));
}

/** A stretch as the share of the axis before it and that it takes. Never wider than what is left; it may be 0 wide. */
export function onAxis(
  from: number,
  to: number,
  durationMs: number,
): { readonly left: number; readonly width: number } {
  if (!(durationMs > 0)) return { left: 0, width: 1 };
  const left = Math.min(Math.max(from / durationMs, 0), 1);
  return { left, width: Math.min(Math.max((to - from) / durationMs, 0), 1 - left) };
}
