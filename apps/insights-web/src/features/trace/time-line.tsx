import type { CSSProperties } from 'react';
import type { Stretch } from './summary.ts';
import { onAxis, type Tick } from './time-axis.ts';

const percent = (share: number): string => `${(share * 100).toFixed(3)}%`;

/** Where a stretch stands on the axis. */
function placed({ fromMs, toMs }: Stretch, durationMs: number): CSSProperties {
  const { left, width } = onAxis(fromMs, toMs, durationMs);
  return { left: percent(left), width: percent(width) };
}

interface TimeLineProps {
  readonly startMs: number;
  readonly durationMs: number;
  /** Of the whole axis. */
  readonly axisMs: number;
  readonly colour: string;
  /** Parts that the end of the trace waited for. */
  readonly path: readonly Stretch[];
  /** Parts in which nothing measured happened. */
  readonly gaps: readonly Stretch[];
}

/** Stretches below this share of the axis are no wider than a dot, and tell nothing. */
const LEAST_SHARE = 0.002;

const tells =
  (axisMs: number) =>
  ({ fromMs, toMs }: Stretch): boolean =>
    toMs - fromMs >= axisMs * LEAST_SHARE;

/** A span as a bar, its gaps hatched, its part of the critical path underlined. What it says stands in the row as text. */
export function TimeLine({ startMs, durationMs, axisMs, colour, path, gaps }: TimeLineProps) {
  return (
    <span aria-hidden="true" className="absolute inset-0">
      <span
        className="absolute top-1/2 h-2.5 min-w-0.5 -translate-y-1/2 rounded-xs"
        style={{ ...placed({ fromMs: startMs, toMs: startMs + durationMs }, axisMs), background: colour }}
      />
      {gaps.filter(tells(axisMs)).map((gap) => (
        <span
          key={gap.fromMs}
          className="trace-gap absolute top-1/2 h-2.5 -translate-y-1/2"
          style={placed(gap, axisMs)}
        />
      ))}
      {path.filter(tells(axisMs)).map((stretch) => (
        <span
          key={stretch.fromMs}
          className="absolute top-[calc(50%+0.4375rem)] h-0.75 rounded-xs bg-ink"
          style={placed(stretch, axisMs)}
        />
      ))}
    </span>
  );
}

/** A moment: what has no length. */
export function TimePoint({
  atMs,
  axisMs,
  colour,
}: {
  readonly atMs: number;
  readonly axisMs: number;
  readonly colour: string;
}) {
  const { left } = onAxis(atMs, atMs, axisMs);
  return (
    <span
      aria-hidden="true"
      className="absolute top-1/2 size-2 -translate-1/2 rotate-45 rounded-xs"
      style={{ left: percent(left), background: colour }}
    />
  );
}

/** Upright lines at the marks of the axis, behind the rows. */
export const GridLines = ({ ticks }: { readonly ticks: readonly Tick[] }) => (
  <span aria-hidden="true" className="absolute inset-0">
    {ticks.map(({ at }) => (
      <span key={at} className="absolute inset-y-0 w-px bg-line" style={{ left: percent(at) }} />
    ))}
  </span>
);

/** The marks' times. The last stands before its mark where it would leave the axis. */
export const AxisLabels = ({ ticks }: { readonly ticks: readonly Tick[] }) => (
  <div className="relative h-7 text-xs text-muted">
    {ticks.map(({ at, label }) => (
      <span
        key={at}
        className={`absolute top-1.5 whitespace-nowrap ${at > 0.9 ? '-translate-x-full pr-1' : 'pl-1'}`}
        style={{ left: percent(at) }}
      >
        {label}
      </span>
    ))}
  </div>
);
