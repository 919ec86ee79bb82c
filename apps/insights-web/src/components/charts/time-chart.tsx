import { lazy, Suspense, useMemo, useState } from 'react';
import { formatMinute } from '../../lib/format.ts';
import { between } from '../../lib/time-range.ts';
import { useTimeRange } from '../../lib/use-time-range.ts';
import { ChartTable } from './chart-table.tsx';
import { describe, type Format, lastIndex, type Mark, type Series, type Steps, stepStart } from './series.ts';
import { Swatch } from './swatch.tsx';

const Plot = lazy(async () => ({ default: (await import('./plot.tsx')).Plot }));

const HEIGHT = 168;

interface LegendProps {
  readonly series: readonly Series[];
  readonly format: Format;
  /** The step whose values it tells. */
  readonly index: number;
}

/** Each series' sample, name and value at the crosshair, or the newest. */
const Legend = ({ series, format, index }: LegendProps) => (
  <ul className="flex flex-wrap gap-x-3 text-xs text-soft">
    {series.map((one) => (
      <li key={one.name} className="flex min-w-0 items-center gap-1.5">
        <Swatch series={one} />
        <span className="truncate">{one.name}</span>
        <span className="min-w-10 font-medium text-ink">{format(one.values[index] ?? null)}</span>
      </li>
    ))}
  </ul>
);

/** Where a drag ends up: whole steps. */
function snap(from: number, to: number, steps: Steps) {
  const size = steps.seconds * 1000;
  const floor = (at: number): number => steps.start + Math.floor((at - steps.start) / size) * size;
  return between(floor(from), Math.min(floor(to) + size, steps.start + steps.count * size));
}

interface TimeChartProps {
  readonly title: string;
  readonly steps: Steps;
  /** At least one. */
  readonly series: readonly Series[];
  readonly format: Format;
  readonly marks?: readonly Mark[];
  /** Charts of a group share their crosshair. */
  readonly group?: string;
  /** Pixels. */
  readonly height?: number;
}

const NO_MARKS: readonly Mark[] = [];

/**
 * Values over time. The legend tells those under the pointer; dragging over a part makes it the page's time range; the
 * same figures stand in a table below.
 */
export function TimeChart({ title, steps, series, format, marks = NO_MARKS, group, height = HEIGHT }: TimeChartProps) {
  const [cursor, setCursor] = useState<number | null>(null);
  const { setRange } = useTimeRange();
  // The pointer's way over the chart renders it at every step; what goes through all values does not belong there.
  const newest = useMemo(() => lastIndex(series), [series]);
  const said = useMemo(
    () => series.map((one) => describe(one, steps, format, formatMinute)).join('. '),
    [series, steps, format],
  );
  const index = cursor ?? newest;
  const zoom = (from: number, to: number): void => {
    const range = snap(from, to, steps);
    if (range !== null) setRange(range);
  };
  return (
    <figure className="min-w-0 rounded-lg border border-line bg-surface p-3">
      <figcaption className="mb-1 flex flex-wrap items-baseline justify-between gap-x-4">
        <h3 className="text-[0.8125rem] font-semibold">{title}</h3>
        <span className="text-xs text-muted" aria-hidden="true">
          {index >= 0 ? formatMinute(stepStart(steps, index)) : ''}
        </span>
      </figcaption>
      <Legend series={series} format={format} index={index} />
      <div role="img" aria-label={`${title}. ${said}.`} className="mt-1">
        <Suspense fallback={<div style={{ height }} />}>
          <Plot
            steps={steps}
            series={series}
            format={format}
            marks={marks}
            group={group}
            height={height}
            onCursor={setCursor}
            onZoom={zoom}
          />
        </Suspense>
      </div>
      <ChartTable title={title} steps={steps} series={series} format={format} marks={marks} />
    </figure>
  );
}
