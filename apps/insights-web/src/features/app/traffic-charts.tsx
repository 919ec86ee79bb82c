import type { Timeline } from '@scorpiox/shared/contract';
import { useMemo } from 'react';
import type { Mark, Series } from '../../components/charts/series.ts';
import { TimeChart } from '../../components/charts/time-chart.tsx';
import { formatDuration, formatPerMinute } from '../../lib/format.ts';
import { perMinute } from './rates.ts';

const rate = (value: number | null): string => (value === null ? '–' : formatPerMinute(value));

interface TrafficChartsProps {
  /** What is counted, as a heading: `Requests`. */
  readonly what: string;
  readonly timeline: Timeline;
  /** Exceptions in the same steps, where there are such. */
  readonly exceptions?: readonly number[];
  readonly marks?: readonly Mark[];
  /** The API's clock at the answer, ISO 8601. */
  readonly now: string;
}

/** The data of the three charts; made anew only with a new answer, so that nothing is drawn twice. */
function useSeries({ timeline, exceptions, now }: TrafficChartsProps) {
  return useMemo(() => {
    const steps = { start: Date.parse(timeline.start), seconds: timeline.stepSeconds, count: timeline.count.length };
    const rates = (counts: readonly number[]) => perMinute(counts, steps, Date.parse(now));
    const failed = rates(timeline.failures);
    const traffic: Series[] = [
      { name: 'All', colour: 'accent', shape: 'bars', values: rates(timeline.count) },
      { name: 'Failed', colour: 'fail', shape: 'bars', values: failed },
    ];
    const errors: Series[] = [
      { name: 'Failed', colour: 'fail', values: failed },
      ...(exceptions === undefined
        ? []
        : [{ name: 'Exceptions', colour: 'violet', stroke: 'dashed', values: rates(exceptions) } as const]),
    ];
    const durations: Series[] = [
      { name: 'p50', colour: 'teal', stroke: 'dotted', values: timeline.p50 },
      { name: 'p95', colour: 'accent', stroke: 'dashed', values: timeline.p95 },
      { name: 'p99', colour: 'violet', values: timeline.p99 },
    ];
    return { steps, traffic, errors, durations };
  }, [timeline, exceptions, now]);
}

/** Rate, errors and duration over time, under one crosshair. */
export function TrafficCharts(props: TrafficChartsProps) {
  const { what, marks, exceptions } = props;
  const { steps, traffic, errors, durations } = useSeries(props);
  const shared = { steps, group: what, ...(marks === undefined ? {} : { marks }) };
  const errorsTitle = exceptions === undefined ? 'Failures a minute' : 'Failures and exceptions a minute';
  return (
    <div className="grid items-start gap-3 lg:grid-cols-3">
      <TimeChart {...shared} title={`${what} a minute`} series={traffic} format={rate} />
      <TimeChart {...shared} title={errorsTitle} series={errors} format={rate} />
      <TimeChart {...shared} title="Duration" series={durations} format={formatDuration} />
    </div>
  );
}
