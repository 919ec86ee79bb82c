import { Sparkline } from '../../components/charts/sparkline.tsx';
import type { Column } from '../../components/table/column.ts';
import { Count, Duration, FailureRate, MomentAgo } from '../../components/ui/figures.tsx';
import { StandingMark } from '../../components/ui/standing.tsx';
import { formatApdex, formatDuration, formatPerMinute } from '../../lib/format.ts';
import type { AppRow } from './app-row.ts';
import { AppName, Exceptions, sparklineLabel } from './cells.tsx';

const SEVERITY: Record<AppRow['state'], number> = { failing: 3, silent: 2, healthy: 1, waiting: 0 };

/** Per mille: finer differences would make rows of equal standing change places at every refresh. */
const roughRate = (row: AppRow): number => Math.round((row.failureRate ?? 0) * 1000);

/** Among equals the worse rate is first. */
export const byFailureRate = (a: AppRow, b: AppRow): number => roughRate(b) - roughRate(a);

const percentile = (id: 'p50' | 'p95' | 'p99'): Column<AppRow> => ({
  id,
  name: id,
  hint: `${id === 'p50' ? 'Half' : `${id.slice(1)} of 100`} of the requests took at most this long`,
  width: '4.5rem',
  key: (row) => row[id],
  cell: (row) => <Duration ms={row[id]} />,
});

const identity = (stepSeconds: number): Column<AppRow>[] => [
  {
    id: 'state',
    name: 'State',
    width: '5.5rem',
    align: 'left',
    key: (row) => SEVERITY[row.state],
    card: 'aside',
    cell: (row) => <StandingMark standing={row.state} />,
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
    id: 'traffic',
    name: 'Traffic',
    width: '6.25rem',
    align: 'left',
    card: 'whole',
    cell: (row) => (
      <Sparkline values={row.sparkline} label={sparklineLabel(row, stepSeconds)} className="block h-6 w-full" />
    ),
  },
];

const figures: Column<AppRow>[] = [
  {
    id: 'requests',
    name: 'Req/min',
    hint: 'Requests a minute over the part of the range that has passed',
    width: '4.5rem',
    card: 'third',
    key: (row) => row.requestsPerMinute,
    cell: (row) => (
      <span className={row.requests === 0 ? 'text-muted' : ''}>{formatPerMinute(row.requestsPerMinute)}</span>
    ),
  },
  {
    id: 'failures',
    name: 'Failures',
    hint: 'The share of requests that failed, and its change against the range before, as long as this one',
    width: '7rem',
    card: 'third',
    key: (row) => row.failureRate,
    cell: (row) => (
      <FailureRate
        rate={row.failureRate}
        before={row.failureRateBefore}
        failures={row.failures}
        bad={row.state === 'failing'}
      />
    ),
  },
  {
    id: 'exceptions',
    name: 'Exceptions',
    hint: 'Exceptions in the range; sorted by kinds that were never seen before it',
    width: '6.25rem',
    card: 'third',
    key: (row) => row.newExceptions + row.exceptions / (row.exceptions + 1),
    cell: (row) => <Exceptions row={row} />,
  },
  percentile('p50'),
  percentile('p95'),
  percentile('p99'),
  {
    id: 'apdex',
    name: 'Apdex',
    hint: '1: every request was as fast as it should be; 0: none was',
    width: '4.25rem',
    ascending: true,
    key: (row) => row.apdex,
    cell: (row) => (
      <span
        className={row.apdex === null ? 'text-muted' : ''}
        title={`Satisfied up to ${formatDuration(row.apdexMs)}, tolerated up to four times as much, unless it failed`}
      >
        {formatApdex(row.apdex)}
      </span>
    ),
  },
];

const arrivals = (now: number): Column<AppRow>[] => [
  {
    id: 'lastSeen',
    name: 'Last seen',
    width: '5.5rem',
    card: 'third',
    key: (row) => (row.lastSeen === null ? null : Date.parse(row.lastSeen)),
    cell: (row) => (
      <span className={row.state === 'silent' ? 'font-semibold text-silent' : 'text-soft'}>
        <MomentAgo at={row.lastSeen} now={now} />
      </span>
    ),
  },
  {
    id: 'received',
    name: 'Received',
    hint: 'Events of every kind since the application was added',
    width: '5rem',
    card: 'third',
    key: (row) => row.received,
    cell: (row) => <Count value={row.received} />,
  },
  {
    id: 'duplicates',
    name: 'Duplicates',
    hint: 'Events that had been received before and were dropped',
    width: '5.5rem',
    card: 'third',
    key: (row) => row.duplicates,
    cell: (row) => <Count value={row.duplicates} />,
  },
];

/** The list's columns; `now` by the API's clock, milliseconds since 1970. */
export const appColumns = (stepSeconds: number, now: number): Column<AppRow>[] => [
  ...identity(stepSeconds),
  ...figures,
  ...arrivals(now),
];

/** What does not do well stands out. */
export const rowTint = ({ state }: AppRow): string =>
  state === 'failing' ? 'bg-fail-tint' : state === 'silent' ? 'bg-silent-tint' : '';
