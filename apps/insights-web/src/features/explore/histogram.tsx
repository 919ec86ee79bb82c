import type { HistogramResponse } from '@scorpiox/shared/contract';
import { useMemo } from 'react';
import type { Series, Steps } from '../../components/charts/series.ts';
import { TimeChart } from '../../components/charts/time-chart.tsx';
import { formatCount } from '../../lib/format.ts';

const HEIGHT = 96;

/** Counts by step as the chart draws them; nothing where the search did not come. */
function toSeries({ steps }: HistogramResponse): Series[] {
  const values = (of: 'count' | 'failures') => steps.map((step) => step?.[of] ?? null);
  return [
    { name: 'Events', colour: 'accent', shape: 'bars', values: values('count') },
    { name: 'of them failures', colour: 'fail', shape: 'bars', values: values('failures') },
  ];
}

/** How many events match, by time. Dragging over a part makes it the time range. */
export function Histogram({ data }: { readonly data: HistogramResponse }) {
  const series = useMemo(() => toSeries(data), [data]);
  const steps = useMemo(
    (): Steps => ({ start: Date.parse(data.from), seconds: data.stepSeconds, count: data.steps.length }),
    [data],
  );
  return (
    <TimeChart
      title="Events over time"
      steps={steps}
      series={series}
      format={(value) => (value === null ? '–' : formatCount(value))}
      height={HEIGHT}
    />
  );
}
