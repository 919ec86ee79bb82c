import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { PageHeader } from '../../components/page/page-header.tsx';
import { Answer } from '../../components/states/answer.tsx';
import { KeptNote } from '../../components/states/kept-note.tsx';
import { Empty } from '../../components/states/states.tsx';
import { DataTable } from '../../components/table/data-table.tsx';
import { parseSort, printSort } from '../../components/table/sort.ts';
import { type MapEdge, type MapNode, useMap } from '../../lib/api/get-map.ts';
import { refreshEvery } from '../../lib/time-range.ts';
import { useMediaQuery } from '../../lib/use-media-query.ts';
import { useTimeRange } from '../../lib/use-time-range.ts';
import { CALL_COLUMNS, SORTABLE } from './call-columns.tsx';
import { Diagram, NodeList, wideFrom } from './diagram.tsx';
import { layOut } from './layout.ts';

const route = getRouteApi('/shell/map');

const BUSIEST = { column: 'count', descending: true };

/** The table behind the map. */
function Calls({ edges }: { readonly edges: readonly MapEdge[] }) {
  const navigate = route.useNavigate();
  const sort = parseSort(route.useSearch().sort, SORTABLE, BUSIEST);
  return (
    <section className="mb-5">
      <h2 className="mb-2 text-sm font-semibold">Calls</h2>
      <DataTable
        label="Calls between applications"
        columns={CALL_COLUMNS}
        rows={edges}
        rowKey={({ from, to }) => `${from} → ${to}`}
        sort={sort}
        onSort={(next) =>
          void navigate({ search: { sort: printSort(next, BUSIEST) }, replace: true, resetScroll: false })
        }
        wideFrom="52rem"
      />
    </section>
  );
}

interface ContentProps {
  readonly nodes: readonly MapNode[];
  readonly edges: readonly MapEdge[];
}

/** Drawn where the screen is wide enough; elsewhere the calls come first, as cards, and nothing scrolls sideways. */
function Content({ nodes, edges }: ContentProps) {
  const layout = useMemo(
    () =>
      layOut(
        nodes.map(({ name }) => name),
        edges,
      ),
    [nodes, edges],
  );
  const wide = useMediaQuery(`(min-width: ${wideFrom(layout)})`);
  if (edges.length === 0) return <NodeList title="Applications" nodes={nodes} />;
  if (!wide) {
    return (
      <>
        <Calls edges={edges} />
        <NodeList title="Applications" nodes={nodes} />
      </>
    );
  }
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const apart = layout.apart.flatMap((name) => byName.get(name) ?? []);
  return (
    <>
      <Diagram layout={layout} byName={byName} />
      {apart.length > 0 && <NodeList title="Neither call nor are called" nodes={apart} />}
      <Calls edges={edges} />
    </>
  );
}

/** `/map`: which application calls which, as a drawing and as a table. */
export function MapPage() {
  const { range } = useTimeRange();
  const query = useMap(range);
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
            <Content nodes={nodes} edges={calls} />
          </>
        )}
      </Answer>
    </>
  );
}
