import type { MetricSeriesPart, MetricSummary } from '@scorpiox/shared/contract';
import { Link } from '@tanstack/react-router';
import type { Column } from '../../components/table/column.ts';
import type { Sort } from '../../components/table/sort.ts';
import { Count, MomentAgo } from '../../components/ui/figures.tsx';
import { formatMeasure } from '../../lib/format-measure.ts';

const KINDS: Record<MetricSummary['kind'], string> = { gauge: 'level', sum: 'amount', histogram: 'distribution' };

/** The columns of the list of metrics. */
export const metricColumns = (now: number): Column<MetricSummary>[] => [
  {
    id: 'name',
    name: 'Metric',
    heading: true,
    ascending: true,
    key: (row) => row.name,
    cell: (row) => (
      <Link
        to="."
        search={(current) => ({ ...current, chosen: row.name, unit: row.unit ?? undefined, by: undefined })}
        title={row.name}
        className="block truncate rounded hover:text-accent hover:underline"
      >
        {row.name}
      </Link>
    ),
  },
  {
    id: 'kind',
    name: 'Kind',
    hint: 'A level is read now and then, an amount adds up, a distribution has percentiles',
    width: '8rem',
    align: 'left',
    ascending: true,
    key: (row) => row.kind,
    cell: (row) => KINDS[row.kind],
  },
  {
    id: 'unit',
    name: 'Unit',
    width: '7rem',
    align: 'left',
    cell: (row) => row.unit ?? <span className="text-muted">–</span>,
  },
  {
    id: 'last',
    name: 'Latest',
    width: '8rem',
    key: (row) => row.last,
    cell: (row) => formatMeasure(row.last, row.unit),
  },
  {
    id: 'points',
    name: 'Points',
    width: '7rem',
    key: (row) => row.points,
    cell: (row) => <Count value={row.points} />,
  },
  {
    id: 'lastAt',
    name: 'Newest',
    width: '7rem',
    key: (row) => Date.parse(row.lastAt),
    cell: (row) => <MomentAgo at={row.lastAt} now={now} />,
  },
];

/** What a part is called. */
export function partName({ what, value }: Pick<MetricSeriesPart, 'what' | 'value'>): string {
  if (what === 'value') return value === '' ? '(empty)' : (value ?? '');
  return { all: 'All', none: '(without)', other: 'All others' }[what];
}

type Figure = 'avg' | 'sum' | 'last' | 'p50' | 'p95' | 'p99' | 'max' | 'count';

const FIGURES: Record<MetricSummary['kind'], readonly (readonly [Figure, string])[]> = {
  gauge: [
    ['last', 'Latest'],
    ['avg', 'Mean'],
    ['p95', 'p95'],
    ['max', 'Greatest'],
  ],
  sum: [['sum', 'Sum']],
  histogram: [
    ['count', 'Count'],
    ['avg', 'Mean'],
    ['p50', 'p50'],
    ['p95', 'p95'],
    ['p99', 'p99'],
    ['max', 'Greatest'],
  ],
};

/** The order of a metric's parts at first: the largest first. */
export const largestFirst = (kind: MetricSummary['kind']): Sort => ({
  column: { gauge: 'last', sum: 'sum', histogram: 'count' }[kind],
  descending: true,
});

/** The columns of a metric's parts: what it comes to over the range. */
export const partColumns = (
  kind: MetricSummary['kind'],
  unit: string | null,
  by: string,
): Column<MetricSeriesPart>[] => [
  {
    id: 'name',
    name: by,
    heading: true,
    ascending: true,
    key: partName,
    cell: (part) => (
      <span className="block truncate" title={partName(part)}>
        {partName(part)}
      </span>
    ),
  },
  ...FIGURES[kind].map(
    ([id, name]): Column<MetricSeriesPart> => ({
      id,
      name,
      width: '7rem',
      key: (part) => part.total[id],
      cell: ({ total }) => formatMeasure(total[id], id === 'count' ? null : unit),
    }),
  ),
];
