import { Histogram } from '../../components/charts/histogram.tsx';
import { Answer } from '../../components/states/answer.tsx';
import { Empty } from '../../components/states/states.tsx';
import { type Kind, useLatency } from '../../lib/api/get-overview.ts';
import { refreshEvery } from '../../lib/time-range.ts';
import { useAppView } from './use-app-view.ts';

interface LatencyProps {
  readonly title: string;
  readonly kind?: Kind;
  readonly operation?: string;
}

/** How long requests took, or one operation. */
export function Latency({ title, kind, operation }: LatencyProps) {
  const { app, range } = useAppView();
  const query = useLatency(app, range, kind, operation);
  return (
    <Answer query={query} what="the distribution of durations" every={refreshEvery(range)} secondary>
      {({ bars, p50, p95, p99, apdexMs }) =>
        bars.length === 0 ? (
          <Empty title="Nothing with a duration in this time range" />
        ) : (
          <Histogram
            title={title}
            bars={bars}
            places={[
              { name: 'p50', at: p50 },
              { name: 'p95', at: p95 },
              { name: 'p99', at: p99 },
              ...(operation === undefined ? [{ name: 'satisfied', at: apdexMs }] : []),
            ]}
          />
        )
      }
    </Answer>
  );
}
