import type { OperationRow } from '@scorpiox/shared/contract';
import { Link } from '@tanstack/react-router';
import type { Column } from '../../components/table/column.ts';
import { Count, Duration, FailureRate } from '../../components/ui/figures.tsx';
import { ShareBar } from '../../components/ui/share-bar.tsx';

/** A row of which a closer look can be taken. */
function Name({ row }: { readonly row: OperationRow }) {
  if (row.isOther) return <span className="text-soft italic">All others</span>;
  return (
    <Link
      to="."
      search={(current) => ({ ...current, chosen: row.name })}
      title={row.name}
      className="block truncate rounded hover:text-accent hover:underline"
    >
      {row.name}
    </Link>
  );
}

const nameColumn = (name: string): Column<OperationRow> => ({
  id: 'name',
  name,
  heading: true,
  ascending: true,
  key: (row) => row.name,
  cell: (row) => <Name row={row} />,
});

const target: Column<OperationRow> = {
  id: 'target',
  name: 'Target',
  width: '14rem',
  align: 'left',
  card: 'half',
  cell: ({ type, target }) => {
    const said = [type, target].filter((part) => part !== null && part !== undefined && part !== '').join(' · ');
    return <span title={said}>{said === '' ? '–' : said}</span>;
  },
};

const count: Column<OperationRow> = {
  id: 'count',
  name: 'Count',
  width: '5.5rem',
  key: (row) => row.count,
  cell: (row) => <Count value={row.count} />,
};

const timed: Column<OperationRow>[] = [
  count,
  {
    id: 'failureRate',
    name: 'Failures',
    hint: 'The share that failed; how many on hover',
    width: '5.75rem',
    key: (row) => row.failureRate,
    cell: (row) => <FailureRate rate={row.failureRate} failures={row.failures} />,
  },
  ...(['p50', 'p95', 'p99'] as const).map(
    (id): Column<OperationRow> => ({
      id,
      name: id,
      width: '5rem',
      key: (row) => row[id],
      cell: (row) => <Duration ms={row[id]} />,
    }),
  ),
  { id: 'max', name: 'Longest', width: '5.5rem', cell: (row) => <Duration ms={row.max} /> },
  {
    id: 'time',
    name: 'Share of time',
    hint: 'Its part of all durations together: where making it faster would help most',
    width: '9.5rem',
    card: 'half',
    key: (row) => row.share,
    cell: (row) => <ShareBar share={row.share} />,
  },
];

/** The columns of each list; those that have a key are what the API sorts by. */
export const OPERATION_COLUMNS = {
  operations: [nameColumn('Operation'), ...timed],
  dependencies: [nameColumn('Dependency'), target, ...timed],
  views: [nameColumn('Page'), ...timed],
  events: [nameColumn('Event'), count],
} as const;
