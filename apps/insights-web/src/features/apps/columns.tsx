import { Sparkline } from '../../components/charts/sparkline.tsx';
import type { Column } from '../../components/table/column.ts';
import type { AppRow, AppState } from './app-row.ts';
import { AppName, Count, Duration, Failures, LastSeen, StateMark, sparklineLabel } from './cells.tsx';

const SEVERITY: Record<AppState, number> = { failing: 3, silent: 2, healthy: 1, waiting: 0 };

/** Per mille: finer differences would make rows of equal standing change places at every refresh. */
const roughRate = (row: AppRow): number => Math.round((row.failureRate ?? 0) * 1000);

/** Among equals the worse rate is first. */
export const byFailureRate = (a: AppRow, b: AppRow): number => roughRate(b) - roughRate(a);

/** The list's columns; `now` by the API's clock, milliseconds since 1970. */
export const appColumns = (stepSeconds: number, now: number): Column<AppRow>[] => [
  {
    id: 'state',
    name: 'State',
    width: '6rem',
    align: 'left',
    key: (row) => SEVERITY[row.state],
    card: 'aside',
    cell: (row) => <StateMark state={row.state} />,
  },
  {
    id: 'name',
    name: 'Application',
    heading: true,
    ascending: true,
    key: (row) => row.name,
    cell: (row) => <AppName row={row} />,
  },
  {
    id: 'requests',
    name: 'Requests',
    width: '6rem',
    key: (row) => row.requests,
    cell: (row) => <Count value={row.requests} />,
  },
  {
    id: 'failures',
    name: 'Failures',
    hint: 'Failed requests and their share; sorted by the share',
    width: '8rem',
    card: 'wide',
    key: (row) => row.failureRate,
    cell: (row) => <Failures row={row} />,
  },
  ...(['p50', 'p95', 'p99'] as const).map(
    (id): Column<AppRow> => ({
      id,
      name: id,
      hint: `${id === 'p50' ? 'Half' : `${id.slice(1)} of 100`} of the requests took at most this long`,
      width: '5.5rem',
      key: (row) => row[id],
      cell: (row) => <Duration ms={row[id]} />,
    }),
  ),
  {
    id: 'traffic',
    name: 'Traffic',
    width: '9rem',
    align: 'left',
    card: 'whole',
    cell: (row) => (
      <Sparkline values={row.sparkline} label={sparklineLabel(row, stepSeconds)} className="block h-6 w-full" />
    ),
  },
  {
    id: 'lastSeen',
    name: 'Last seen',
    width: '6.5rem',
    key: (row) => (row.lastSeen === null ? null : Date.parse(row.lastSeen)),
    cell: (row) => <LastSeen lastSeen={row.lastSeen} now={now} />,
  },
  {
    id: 'received',
    name: 'Received',
    hint: 'Events of every kind since the application was added',
    width: '6rem',
    key: (row) => row.received,
    cell: (row) => <Count value={row.received} />,
  },
  {
    id: 'duplicates',
    name: 'Duplicates',
    hint: 'Events that had been received before and were dropped',
    width: '6.5rem',
    key: (row) => row.duplicates,
    cell: (row) => <Count value={row.duplicates} />,
  },
];
