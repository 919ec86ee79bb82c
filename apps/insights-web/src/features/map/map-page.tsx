import { getRouteApi } from '@tanstack/react-router';
import { PageHeader } from '../../components/page/page-header.tsx';
import { Answer } from '../../components/states/answer.tsx';
import { KeptNote } from '../../components/states/kept-note.tsx';
import { Empty } from '../../components/states/states.tsx';
import { DataTable } from '../../components/table/data-table.tsx';
import { parseSort, printSort } from '../../components/table/sort.ts';
import { useMap } from '../../lib/api/get-map.ts';
import { refreshEvery } from '../../lib/time-range.ts';
import { useTimeRange } from '../../lib/use-time-range.ts';
import { CALL_COLUMNS, SORTABLE } from './call-columns.tsx';
import { Diagram } from './diagram.tsx';

const route = getRouteApi('/shell/map');

const BUSIEST = { column: 'count', descending: true };

/** `/map`: which application calls which, as a drawing and as a table. */
export function MapPage() {
  const { range } = useTimeRange();
  const query = useMap(range);
  const navigate = route.useNavigate();
  const sort = parseSort(route.useSearch().sort, SORTABLE, BUSIEST);
  const edges = query.data?.edges;
  return (
    <>
      <PageHeader
        title="Map"
        note={edges !== undefined && edges.length > 0 ? `${edges.length} calls between applications` : undefined}
        updatedAt={query.dataUpdatedAt}
      />
      <Answer query={query} what="the map" every={refreshEvery(range)}>
        {({ nodes, edges: calls, kept }) => (
          <>
            <KeptNote kept={kept} />
            {calls.length === 0 && (
              <div className="mb-3">
                <Empty title="No application called another in this time range">
                  Calls appear here some seconds after both ends have sent their part of a trace: the caller its
                  dependency, the called one its request, under one operation.
                </Empty>
              </div>
            )}
            <Diagram nodes={nodes} edges={calls} />
            {calls.length > 0 && (
              <section className="mt-5">
                <h2 className="mb-2 text-sm font-semibold">Calls</h2>
                <DataTable
                  label="Calls between applications"
                  columns={CALL_COLUMNS}
                  rows={calls}
                  rowKey={({ from, to }) => `${from} → ${to}`}
                  sort={sort}
                  onSort={(next) =>
                    void navigate({
                      search: { sort: printSort(next, BUSIEST) },
                      replace: true,
                      resetScroll: false,
                    })
                  }
                  wideFrom="52rem"
                />
              </section>
            )}
          </>
        )}
      </Answer>
    </>
  );
}
