import type { CountingPoint, MetricSeries, SeriesState } from '@scorpiox/shared/telemetry';

/** What is remembered of a stream, as text: its newest point but for what names it. */
export function toStateText({ series, time, start, ...said }: SeriesState): string {
  return JSON.stringify({ ...said, time: String(time), start: String(start) });
}

/** The point of a text that `toStateText` made. */
export function fromStateText(text: string, series: MetricSeries): SeriesState {
  // Only toStateText writes such texts, from this type: what else it holds is as it was.
  const { time, start, ...said } = JSON.parse(text) as Omit<CountingPoint, 'series' | 'time' | 'start'> & {
    readonly time: string;
    readonly start: string;
  };
  return { ...said, series, time: BigInt(time), start: BigInt(start) } as SeriesState;
}
