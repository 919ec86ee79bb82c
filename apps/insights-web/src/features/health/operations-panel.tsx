import type { OperationHealth, PlatformHealth } from '@scorpiox/shared/contract';
import { Empty } from '../../components/states/states.tsx';
import type { Column } from '../../components/table/column.ts';
import { DataTable } from '../../components/table/data-table.tsx';
import { useAddressSort } from '../../components/table/use-address-sort.ts';
import { Panel } from '../../components/ui/panel.tsx';
import { formatCount, formatDuration, formatExact, formatMinute } from '../../lib/format.ts';

/** The calls by what they are for; one that is not here is shown by its own name. */
const NAMES: Readonly<Record<string, string>> = {
  write: 'Write events',
  summarizeApps: 'Read applications',
  health: 'Read counters and size',
  purge: 'Delete what is too old',
  linkCalls: 'Link calls between applications',
  'overview.standing': 'Judge applications',
  'overview.timeline': 'Read an application over time',
  'overview.latency': 'Read latencies',
  'overview.operations': 'Read operations',
  'overview.exceptions': 'Read exceptions',
  'overview.instances': 'Read instances',
  'overview.versions': 'Read versions',
  'overview.edges': 'Read calls between applications',
  listMetrics: 'List metrics',
  readMetric: 'Read a metric',
  'raw.page': 'Search events',
  'raw.tally': 'Count events over time',
  'raw.values': 'Complete a search',
  'raw.find': 'Read an event',
  'raw.operation': 'Read a trace',
};

const nameOf = ({ name }: { readonly name: string }): string => NAMES[name] ?? name;

const latency = (id: 'p50' | 'p95' | 'p99', when: 'recent' | 'sinceStart'): Column<OperationHealth> => ({
  id: `${when}-${id}`,
  name: when === 'recent' ? `${id}, 5 min` : id,
  hint: when === 'recent' ? 'Over the last five minutes' : 'Since the process started',
  width: '6.5rem',
  key: (operation) => operation[when][id],
  cell: (operation) => formatDuration(operation[when][id]),
});

const COLUMNS: readonly Column<OperationHealth>[] = [
  { id: 'name', name: 'Call', heading: true, ascending: true, key: nameOf, cell: nameOf },
  {
    id: 'underWay',
    name: 'Under way',
    width: '7rem',
    key: ({ underWay }) => underWay,
    cell: ({ underWay }) => formatCount(underWay),
  },
  ...(['p50', 'p95', 'p99'] as const).map((id) => latency(id, 'recent')),
  ...(['p50', 'p95', 'p99'] as const).map((id) => latency(id, 'sinceStart')),
  {
    id: 'count',
    name: 'Calls',
    hint: 'Since the process started',
    width: '6rem',
    key: ({ sinceStart }) => sinceStart.count,
    cell: ({ sinceStart }) => formatCount(sinceStart.count),
  },
  {
    id: 'failed',
    name: 'Failed',
    width: '5rem',
    key: ({ failed }) => failed,
    cell: ({ failed }) => <span className={failed > 0 ? 'font-medium text-fail' : ''}>{formatCount(failed)}</span>,
  },
];

/** How long the API's calls to the database take. */
export function OperationsPanel({ operations }: Pick<PlatformHealth, 'operations'>) {
  const [sort, setSort] = useAddressSort('sortCalls', COLUMNS, { column: 'recent-p95', descending: true });
  return (
    <Panel title="Calls to the database" note="Of this API process: over the last five minutes, and since it started.">
      {operations.length === 0 ? (
        <Empty title="Nothing was asked yet." />
      ) : (
        <DataTable
          label="Calls to the database"
          columns={COLUMNS}
          rows={operations}
          rowKey={({ name }) => name}
          sort={sort}
          onSort={setSort}
          wideFrom="72rem"
        />
      )}
    </Panel>
  );
}

/** The slowest calls of the last day. */
export function SlowestPanel({ slowest }: Pick<PlatformHealth, 'slowest'>) {
  if (slowest.length === 0) return null;
  return (
    <Panel title="Slowest calls" note="The slowest of the last day, from 10 ms on; what was asked for is not kept.">
      <ol className="overflow-clip rounded-lg border border-line bg-surface text-[0.8125rem]">
        {slowest.map((slow) => (
          <li
            key={`${slow.at} ${slow.name} ${slow.ms}`}
            className="flex flex-wrap items-baseline gap-x-3 border-line px-3 py-1.5 not-first:border-t"
          >
            <span className="w-20 text-right font-medium">{formatDuration(slow.ms)}</span>
            <span className="min-w-0 flex-1">{nameOf(slow)}</span>
            <time dateTime={slow.at} title={formatExact(Date.parse(slow.at))} className="text-muted">
              {formatMinute(Date.parse(slow.at))}
            </time>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
