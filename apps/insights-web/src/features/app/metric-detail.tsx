import type { MetricSeriesResponse, MetricSummary } from '@scorpiox/shared/contract';
import { useMemo } from 'react';
import { TimeChart } from '../../components/charts/time-chart.tsx';
import { Answer } from '../../components/states/answer.tsx';
import { Empty } from '../../components/states/states.tsx';
import { DataTable } from '../../components/table/data-table.tsx';
import { useAddressSort } from '../../components/table/use-address-sort.ts';
import { Button } from '../../components/ui/button.tsx';
import { useMetricSeries } from '../../lib/api/get-metrics.ts';
import { formatMeasure } from '../../lib/format-measure.ts';
import { refreshEvery } from '../../lib/time-range.ts';
import { largestFirst, partColumns, partName } from './metric-columns.tsx';
import { chartsOf, type MetricChart, SHOWN_PARTS, stepsOf } from './metric-series.ts';
import { useAppView } from './use-app-view.ts';

interface DimensionProps {
  readonly dimensions: readonly string[];
  readonly by: string | undefined;
  readonly onChange: (by: string | undefined) => void;
}

const Dimension = ({ dimensions, by, onChange }: DimensionProps) => (
  <label className="flex items-center gap-2 text-[0.8125rem] text-muted">
    Split by
    <select
      value={by ?? ''}
      onChange={({ target }) => onChange(target.value === '' ? undefined : target.value)}
      className="h-8 max-w-60 rounded-md border border-edge bg-surface px-2 text-ink pointer-coarse:h-10"
    >
      <option value="">nothing</option>
      {dimensions.map((dimension) => (
        <option key={dimension}>{dimension}</option>
      ))}
    </select>
  </label>
);

function Charts({ answer }: { readonly answer: MetricSeriesResponse }) {
  const [charts, steps] = useMemo(() => [chartsOf(answer), stepsOf(answer)], [answer]);
  const format =
    ({ isRate }: MetricChart) =>
    (value: number | null): string =>
      isRate && value !== null
        ? `${formatMeasure(value, answer.kind === 'sum' ? answer.unit : null)}/s`
        : formatMeasure(value, answer.unit);
  return (
    <div className={`grid items-start gap-3 ${charts.length > 1 ? 'lg:grid-cols-2' : ''}`}>
      {charts.map((chart) => (
        <TimeChart
          key={chart.title}
          title={chart.title}
          steps={steps}
          series={chart.series}
          format={format(chart)}
          group="metric"
        />
      ))}
    </div>
  );
}

function Parts({ answer }: { readonly answer: MetricSeriesResponse }) {
  const { kind, by } = answer;
  if (kind === null || by === null) return null;
  return <PartsTable answer={answer} kind={kind} by={by} />;
}

interface PartsTableProps {
  readonly answer: MetricSeriesResponse;
  readonly kind: MetricSummary['kind'];
  readonly by: string;
}

function PartsTable({ answer, kind, by }: PartsTableProps) {
  const columns = partColumns(kind, answer.unit, by);
  const [sort, setSort] = useAddressSort('sortParts', columns, largestFirst(kind));
  return (
    <>
      {answer.parts.length > SHOWN_PARTS && (
        <p className="text-[0.8125rem] text-soft">
          The charts show the {SHOWN_PARTS} largest of {answer.parts.length}; the table has all.
        </p>
      )}
      <DataTable
        label={`By ${by}`}
        columns={columns}
        rows={answer.parts}
        rowKey={(part) => `${part.what} ${partName(part)}`}
        sort={sort}
        onSort={setSort}
        wideFrom="56rem"
      />
    </>
  );
}

interface MetricDetailProps {
  readonly name: string;
  readonly unit: string | undefined;
}

/** One metric of an application over time, whole or by a dimension. */
export function MetricDetail({ name, unit }: MetricDetailProps) {
  const { app, range, search, change } = useAppView();
  const query = useMetricSeries(app, range, { name, unit: unit ?? null }, search.by);
  const dimensions = query.data?.dimensions ?? [];
  return (
    <section aria-label={name} className="mb-5 flex flex-col gap-3 border-b border-line pb-5">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 className="min-w-0 text-sm font-semibold wrap-anywhere">
          {name} {unit !== undefined && <span className="font-normal text-muted">{unit}</span>}
        </h2>
        <div className="flex items-center gap-3">
          {(dimensions.length > 0 || search.by !== undefined) && (
            <Dimension dimensions={dimensions} by={search.by} onChange={(by) => change({ by })} />
          )}
          <Button onClick={() => change({ chosen: undefined, unit: undefined, by: undefined })}>Close</Button>
        </div>
      </div>
      <Answer query={query} what={name} every={refreshEvery(range)}>
        {(answer) =>
          answer.parts.length === 0 ? (
            <Empty title="No points in this time range" />
          ) : (
            <div className="flex flex-col gap-3">
              <Charts answer={answer} />
              <Parts answer={answer} />
            </div>
          )
        }
      </Answer>
    </section>
  );
}
