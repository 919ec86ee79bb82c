import type { MetricsResponse } from '@scorpiox/shared/contract';
import { Answer } from '../../components/states/answer.tsx';
import { KeptNote } from '../../components/states/kept-note.tsx';
import { Empty } from '../../components/states/states.tsx';
import { DataTable } from '../../components/table/data-table.tsx';
import { parseSort, printSort } from '../../components/table/sort.ts';
import { Button } from '../../components/ui/button.tsx';
import { FilterField } from '../../components/ui/filter-field.tsx';
import { useMetrics } from '../../lib/api/get-metrics.ts';
import { matchesWords } from '../../lib/match-words.ts';
import { refreshEvery } from '../../lib/time-range.ts';
import { useServerNow } from '../../lib/use-server-now.ts';
import { metricColumns } from './metric-columns.tsx';
import { MetricDetail } from './metric-detail.tsx';
import { useAppView } from './use-app-view.ts';

const BY_NAME = { column: 'name', descending: false };

function List({ data, updatedAt }: { readonly data: MetricsResponse; readonly updatedAt: number }) {
  const { search, change } = useAppView();
  const columns = metricColumns(useServerNow(data.now, updatedAt));
  const sortable = columns.filter(({ key }) => key !== undefined).map(({ id }) => id);
  const rows = data.metrics.filter(({ name }) => matchesWords(name, search.filter ?? ''));
  if (data.metrics.length === 0) {
    return (
      <Empty title="No metrics in this time range">
        Metrics that it sends appear here by name: counters, levels and distributions, with their dimensions.
      </Empty>
    );
  }
  if (rows.length === 0) {
    const clear = <Button onClick={() => change({ filter: undefined })}>Clear the filter</Button>;
    return <Empty title={`No metric’s name has “${search.filter}” in it.`} action={clear} />;
  }
  return (
    <DataTable
      label="Metrics"
      level={2}
      columns={columns}
      rows={rows}
      rowKey={({ name, unit }) => `${name} ${unit ?? ''}`}
      rowClass={({ name, unit }) => (name === search.chosen && unit === (search.unit ?? null) ? 'bg-tint' : '')}
      sort={parseSort(search.sort, sortable, BY_NAME)}
      onSort={(next) => change({ sort: printSort(next, BY_NAME) })}
      wideFrom="60rem"
    />
  );
}

/** What an application measures, and one of it over time. */
export function MetricsTab() {
  const { app, range, search, change } = useAppView();
  const query = useMetrics(app, range);
  return (
    <>
      {search.chosen !== undefined && <MetricDetail name={search.chosen} unit={search.unit} />}
      <div className="mb-3">
        <FilterField
          value={search.filter ?? ''}
          onChange={(filter) => change({ filter: filter === '' ? undefined : filter })}
        />
      </div>
      <Answer query={query} what="the metrics" every={refreshEvery(range)}>
        {(data) => (
          <>
            <KeptNote kept={data.kept} />
            <List data={data} updatedAt={query.dataUpdatedAt} />
          </>
        )}
      </Answer>
    </>
  );
}
