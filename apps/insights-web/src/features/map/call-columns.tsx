import { Link } from '@tanstack/react-router';
import type { Column } from '../../components/table/column.ts';
import { Count, Duration, FailureRate } from '../../components/ui/figures.tsx';
import type { MapEdge } from '../../lib/api/get-map.ts';
import { formatPerMinute } from '../../lib/format.ts';

const AppLink = ({ app }: { readonly app: string }) => (
  <Link to="/apps/$app" params={{ app }} title={app} className="rounded hover:text-accent hover:underline">
    {app}
  </Link>
);

const percentile = (id: 'p50' | 'p95'): Column<MapEdge> => ({
  id,
  name: id,
  width: '6rem',
  card: 'third',
  key: (edge) => edge[id],
  cell: (edge) => <Duration ms={edge[id]} />,
});

/** The columns of the table behind the map. */
export const CALL_COLUMNS: readonly Column<MapEdge>[] = [
  {
    id: 'name',
    name: 'From and to',
    heading: true,
    ascending: true,
    key: ({ from, to }) => `${from} ${to}`,
    cell: ({ from, to }) => (
      <span className="block truncate">
        <AppLink app={from} /> <span className="text-muted">→</span> <AppLink app={to} />
      </span>
    ),
  },
  {
    id: 'count',
    name: 'Calls',
    width: '6rem',
    card: 'third',
    key: (edge) => edge.count,
    cell: (edge) => <Count value={edge.count} />,
  },
  {
    id: 'rate',
    name: 'A minute',
    width: '6rem',
    card: 'third',
    key: (edge) => edge.perMinute,
    cell: (edge) => formatPerMinute(edge.perMinute),
  },
  {
    id: 'failures',
    name: 'Failures',
    width: '6rem',
    card: 'third',
    key: (edge) => edge.failureRate,
    cell: (edge) => <FailureRate rate={edge.failureRate} failures={edge.failures} />,
  },
  percentile('p50'),
  percentile('p95'),
];

/** Its columns that one can sort by. */
export const SORTABLE = CALL_COLUMNS.map(({ id }) => id);
