import type { OperationRow, OperationsResponse } from '@scorpiox/shared/contract';
import { Answer } from '../../components/states/answer.tsx';
import { KeptNote } from '../../components/states/kept-note.tsx';
import { ShowMore } from '../../components/states/show-more.tsx';
import { Empty } from '../../components/states/states.tsx';
import type { Column } from '../../components/table/column.ts';
import { DataTable } from '../../components/table/data-table.tsx';
import { parseSort, printSort, type Sort } from '../../components/table/sort.ts';
import { Button } from '../../components/ui/button.tsx';
import { FilterField } from '../../components/ui/filter-field.tsx';
import { type OperationList, useOperations } from '../../lib/api/get-operations.ts';
import type { Kind } from '../../lib/api/get-overview.ts';
import { formatCount } from '../../lib/format.ts';
import { refreshEvery } from '../../lib/time-range.ts';
import { OPERATION_COLUMNS } from './operation-columns.tsx';
import { OperationDetail } from './operation-detail.tsx';
import { useAppView } from './use-app-view.ts';

interface ListProps {
  readonly list: OperationList;
  readonly kind: Kind;
  /** What the rows are, in the middle of a sentence: `operations`. */
  readonly what: string;
  /** What would fill an empty list. */
  readonly hint: string;
}

const FIRST = { time: { column: 'time', descending: true }, count: { column: 'count', descending: true } };

interface RowsProps extends Pick<ListProps, 'list' | 'what' | 'hint'> {
  readonly pages: readonly OperationsResponse[];
  readonly columns: readonly Column<OperationRow>[];
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
}

/** What was found, or why there is nothing. */
function Rows({ pages, list, what, hint, columns, sort, onSort }: RowsProps) {
  const { search, change } = useAppView();
  const rows = pages.flatMap(({ operations }) => operations);
  const [page] = pages;
  if (page === undefined || rows.length === 0) {
    if (search.filter === undefined) return <Empty title={`No ${what} in this time range`}>{hint}</Empty>;
    const clear = <Button onClick={() => change({ filter: undefined })}>Clear the filter</Button>;
    return <Empty title={`No ${what} with “${search.filter}” in their names`} action={clear} />;
  }
  return (
    <>
      <KeptNote kept={page.kept} />
      <p role="status" className="sr-only">
        {formatCount(page.total.names)} {what}
      </p>
      <DataTable
        label={what.charAt(0).toUpperCase() + what.slice(1)}
        level={2}
        columns={columns}
        rows={rows}
        rowKey={(row) => (row.isOther ? '' : row.name)}
        rowClass={(row) => (row.name === search.chosen ? 'bg-tint' : '')}
        sort={sort}
        onSort={onSort}
        wideFrom={list === 'events' ? '40rem' : '64rem'}
      />
    </>
  );
}

/** A list of an application by name, in the order and with the filter of the address, and the chosen one above it. */
function List({ list, kind, what, hint }: ListProps) {
  const { app, range, search, change } = useAppView();
  const columns: readonly Column<OperationRow>[] = OPERATION_COLUMNS[list];
  const first = list === 'events' ? FIRST.count : FIRST.time;
  const sortable = columns.filter(({ key }) => key !== undefined).map(({ id }) => id);
  const sort = parseSort(search.sort, sortable, first);
  const asked = { sort: sort.column, order: sort.descending ? 'desc' : 'asc', search: search.filter } as const;
  const query = useOperations(app, list, range, asked);
  const pages = query.data?.pages ?? [];
  const shown = pages.reduce((sum, { operations }) => sum + operations.length, 0);
  const onSort = (next: Sort): void => change({ sort: printSort(next, first) });
  return (
    <>
      {search.chosen !== undefined && <OperationDetail kind={kind} name={search.chosen} />}
      <div className="mb-3">
        <FilterField
          value={search.filter ?? ''}
          onChange={(filter) => change({ filter: filter === '' ? undefined : filter })}
        />
      </div>
      <Answer query={query} what={`the ${what}`} every={refreshEvery(range)}>
        {(data) => <Rows {...{ list, what, hint, columns, sort, onSort }} pages={data.pages} />}
      </Answer>
      <ShowMore query={query} shown={shown} total={pages[0]?.total.names ?? 0} />
    </>
  );
}

export const OperationsTab = () => (
  <List list="operations" kind="request" what="operations" hint="Requests that it serves appear here by their names." />
);

export const DependenciesTab = () => (
  <List
    list="dependencies"
    kind="dependency"
    what="dependencies"
    hint="Calls that it makes (HTTP, databases, queues) appear here, where its SDK collects them."
  />
);

export const ViewsTab = () => (
  <List list="views" kind="pageView" what="page views" hint="Pages that an SDK for browsers reports appear here." />
);

export const EventsTab = () => (
  <List list="events" kind="event" what="custom events" hint="What its code tracks as an event appears here by name." />
);
