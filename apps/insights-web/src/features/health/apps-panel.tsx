import { Empty } from '../../components/states/states.tsx';
import type { Column } from '../../components/table/column.ts';
import { DataTable } from '../../components/table/data-table.tsx';
import { useAddressSort } from '../../components/table/use-address-sort.ts';
import { Panel } from '../../components/ui/panel.tsx';
import type { AppHealth, Health } from '../../lib/api/get-health.ts';
import { formatCount, formatShortCount } from '../../lib/format.ts';

const sum = (tally: Readonly<Record<string, number>>): number =>
  Object.values(tally).reduce((all, one) => all + one, 0);

const reasons = (tally: Readonly<Record<string, number>>): string =>
  Object.entries(tally)
    .toSorted(([, a], [, b]) => b - a)
    .map(([reason, count]) => `${reason} ${formatCount(count)}`)
    .join(', ');

const figure = (id: string, name: string, hint: string, of: (app: AppHealth) => number): Column<AppHealth> => ({
  id,
  name,
  hint,
  width: '7rem',
  key: of,
  cell: (app) => <span title={formatCount(of(app))}>{formatShortCount(of(app))}</span>,
});

const COLUMNS: readonly Column<AppHealth>[] = [
  {
    id: 'name',
    name: 'Application',
    heading: true,
    ascending: true,
    width: '16rem',
    key: ({ name }) => name,
    cell: ({ name }) => <span className="wrap-anywhere">{name}</span>,
  },
  figure('received', 'Received', 'Events since the application was added', ({ received }) => received),
  figure('duplicates', 'Duplicates', 'Events that were there already', ({ duplicates }) => duplicates),
  figure('late', 'Late', 'Stored more than an hour after they happened', ({ late }) => late),
  figure('sampled', 'Sampled', 'Stored events that stand for others', ({ sampled }) => sampled),
  figure('rejected', 'Rejected', 'Events that were dropped', ({ rejected }) => sum(rejected)),
  {
    id: 'reasons',
    name: 'Why',
    align: 'left',
    card: 'whole',
    cell: ({ rejected }) => <span title={reasons(rejected)}>{reasons(rejected)}</span>,
  },
];

/** What became of what each application sent. */
export function AppsPanel({ apps, ownerless }: Pick<Health, 'apps' | 'ownerless'>) {
  const [sort, setSort] = useAddressSort('sortApps', COLUMNS, { column: 'rejected', descending: true });
  const strangers = sum(ownerless);
  return (
    <Panel
      title="Events by application"
      note={
        strangers === 0
          ? 'Since each application was added.'
          : `Since each application was added. Beside these, ${formatCount(strangers)} items belonged to none since the process started: ${reasons(ownerless)}.`
      }
    >
      {apps.length === 0 ? (
        <Empty title="No applications yet." />
      ) : (
        <DataTable
          label="Events by application"
          columns={COLUMNS}
          rows={apps}
          rowKey={({ name }) => name}
          sort={sort}
          onSort={setSort}
          wideFrom="64rem"
        />
      )}
    </Panel>
  );
}
