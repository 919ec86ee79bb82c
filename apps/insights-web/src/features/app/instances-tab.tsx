import type { InstancesResponse } from '@scorpiox/shared/contract';
import { Answer } from '../../components/states/answer.tsx';
import { KeptNote } from '../../components/states/kept-note.tsx';
import { Empty } from '../../components/states/states.tsx';
import type { Column } from '../../components/table/column.ts';
import { DataTable } from '../../components/table/data-table.tsx';
import { useAddressSort } from '../../components/table/use-address-sort.ts';
import { Count, FailureRate, MomentAgo } from '../../components/ui/figures.tsx';
import { type Instance, useInstances, type Version } from '../../lib/api/get-instances.ts';
import { refreshEvery } from '../../lib/time-range.ts';
import { useServerNow } from '../../lib/use-server-now.ts';
import { useAppView } from './use-app-view.ts';

const Named = ({ name, missing }: { readonly name: string | null; readonly missing: string }) =>
  name === null || name === '' ? (
    <span className="font-normal text-muted italic">{missing}</span>
  ) : (
    <span className="block truncate" title={name}>
      {name}
    </span>
  );

/** What versions and instances have in common. */
const counted = <Row extends Version | Instance>(now: number): Column<Row>[] => [
  {
    id: 'events',
    name: 'Events',
    width: '6rem',
    key: (row) => row.events,
    cell: (row) => <Count value={row.events} />,
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
    width: '6rem',
    key: (row) => row.failureRate,
    cell: (row) => <FailureRate rate={row.failureRate} failures={row.failures} />,
  },
  {
    id: 'firstSeen',
    name: 'First seen',
    width: '7rem',
    key: (row) => Date.parse(row.firstSeen),
    cell: (row) => <MomentAgo at={row.firstSeen} now={now} />,
  },
  {
    id: 'lastSeen',
    name: 'Last seen',
    width: '7rem',
    key: (row) => Date.parse(row.lastSeen),
    cell: (row) => <MomentAgo at={row.lastSeen} now={now} />,
  },
];

const versionColumns = (now: number): Column<Version>[] => [
  {
    id: 'version',
    name: 'Version',
    heading: true,
    ascending: true,
    key: (row) => row.version,
    cell: (row) => <Named name={row.version} missing="not told" />,
  },
  { id: 'instances', name: 'Instances', width: '6rem', key: (row) => row.instances, cell: (row) => row.instances },
  ...counted<Version>(now),
];

const instanceColumns = (now: number): Column<Instance>[] => [
  {
    id: 'instance',
    name: 'Instance',
    heading: true,
    ascending: true,
    key: (row) => row.instance,
    cell: (row) => <Named name={row.isOther ? 'All others' : row.instance} missing="not told" />,
  },
  {
    id: 'version',
    name: 'Version',
    width: '10rem',
    align: 'left',
    ascending: true,
    key: (row) => row.version,
    cell: (row) => <Named name={row.version} missing="not told" />,
  },
  ...counted<Instance>(now),
];

function Tables({ data, updatedAt }: { readonly data: InstancesResponse; readonly updatedAt: number }) {
  const now = useServerNow(data.now, updatedAt);
  const versions = versionColumns(now);
  const instances = instanceColumns(now);
  const [versionSort, setVersionSort] = useAddressSort('sortVersions', versions, {
    column: 'firstSeen',
    descending: true,
  });
  const [instanceSort, setInstanceSort] = useAddressSort('sort', instances, { column: 'lastSeen', descending: true });
  if (data.instances.length === 0) return <Empty title="Nothing was sent in this time range" />;
  return (
    <div className="flex flex-col gap-5">
      <KeptNote kept={data.kept} />
      <section>
        <h2 className="mb-2 text-sm font-semibold">Versions</h2>
        <DataTable
          label="Versions"
          columns={versions}
          rows={data.versions}
          rowKey={(row) => row.version ?? ''}
          sort={versionSort}
          onSort={setVersionSort}
          wideFrom="56rem"
        />
      </section>
      <section>
        <h2 className="mb-2 text-sm font-semibold">Instances</h2>
        <DataTable
          label="Instances"
          columns={instances}
          rows={data.instances}
          rowKey={(row) => JSON.stringify([row.isOther, row.instance, row.version])}
          sort={instanceSort}
          onSort={setInstanceSort}
          wideFrom="64rem"
        />
      </section>
    </div>
  );
}

/** Which instances and versions of an application there are, the newest first. */
export function InstancesTab() {
  const { app, range } = useAppView();
  const query = useInstances(app, range);
  return (
    <Answer query={query} what="the instances" every={refreshEvery(range)}>
      {(data) => <Tables data={data} updatedAt={query.dataUpdatedAt} />}
    </Answer>
  );
}
