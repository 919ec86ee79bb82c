import type { AppsResponse } from '@scorpiox/shared/contract';
import { useMemo, useState } from 'react';
import { useApps } from '../../lib/api/get-apps.ts';
import { isSignedOut } from '../../lib/http.ts';
import { useMediaQuery } from '../../lib/use-media-query.ts';
import { useNow } from '../../lib/use-now.ts';
import { usePageTitle } from '../../lib/use-page-title.ts';
import { AppCards } from './app-cards.tsx';
import { type AppRow, allUnheardOf, toRow } from './app-row.ts';
import { AppsTable } from './apps-table.tsx';
import { FirstEvent } from './first-event.tsx';
import { ListFailure, ListSkeleton, NoMatch, StaleBanner } from './list-states.tsx';
import { refreshEvery } from './range.ts';
import { type AppsView, matchesFilter } from './search.ts';
import { sortRows } from './sort.ts';
import { Toolbar } from './toolbar.tsx';
import { useAppsView } from './use-apps-view.ts';

/** From this width on all columns of the table fit. */
const WIDE = '(min-width: 72rem)';

const CLOCK_MS = 1000;

interface ListProps {
  readonly data: AppsResponse;
  readonly updatedAt: number;
  readonly rows: readonly AppRow[];
  readonly view: AppsView;
  readonly onChange: (change: Partial<AppsView>) => void;
}

function List({ data, updatedAt, rows, view, onChange }: ListProps) {
  const wide = useMediaQuery(WIDE);
  // The API's clock: its last word, and what has passed here since.
  const now = Date.parse(data.now) + Math.max(0, useNow(CLOCK_MS) - updatedAt);
  const matching = rows.filter((row) => matchesFilter(row.name, view.filter));
  if (allUnheardOf(rows)) return <FirstEvent registered={rows.map((row) => row.name)} />;
  if (matching.length === 0) return <NoMatch filter={view.filter} onClear={() => onChange({ filter: '' })} />;
  const Shape = wide ? AppsTable : AppCards;
  return (
    <Shape
      rows={sortRows(matching, view.sort)}
      sort={view.sort}
      onSort={(sort) => onChange({ sort })}
      stepSeconds={data.stepSeconds}
      now={now}
    />
  );
}

/** The newest error, also while the try after it is under way, so that the page does not blink between the two. */
function useLastError(error: Error | null): Error | null {
  const [last, setLast] = useState(error);
  if (error !== null && error !== last) setLast(error);
  return error ?? last;
}

const pageTitle = (rows: readonly AppRow[] | undefined): string => {
  const failing = rows?.filter((row) => row.state === 'failing').length ?? 0;
  return `${failing > 0 ? `(${failing}) ` : ''}Applications`;
};

/** `/apps`: every application and how it does, worst first. */
export function AppsPage() {
  const { view, change } = useAppsView();
  const every = refreshEvery(view.range);
  const query = useApps(view.range, every);
  const { data, dataUpdatedAt: updatedAt } = query;
  const lastError = useLastError(query.error);
  const rows = useMemo(() => data?.apps.map((app) => toRow(app, Date.parse(data.now))), [data]);
  usePageTitle(pageTitle(rows));
  const refresh = (): void => void query.refetch({ cancelRefetch: false });
  const failure = { error: lastError, onRetry: refresh, everySeconds: every / 1000 };
  const failedWithout = data === undefined && query.errorUpdateCount > 0 && !isSignedOut(lastError);
  return (
    <>
      <Toolbar view={view} onChange={change} rows={rows} updatedAt={updatedAt} onRefresh={refresh} />
      {data !== undefined && query.isError && <StaleBanner {...failure} updatedAt={updatedAt} />}
      {failedWithout && <ListFailure {...failure} />}
      {data === undefined && !failedWithout && <ListSkeleton />}
      {data !== undefined && rows !== undefined && (
        <div
          aria-busy={query.isPlaceholderData}
          className={query.isPlaceholderData ? 'opacity-60 transition-opacity delay-150' : ''}
        >
          <List data={data} updatedAt={updatedAt} rows={rows} view={view} onChange={change} />
        </div>
      )}
    </>
  );
}
