import type { AppsReport } from '@scorpiox/shared/contract';
import { useMemo } from 'react';
import { PageHeader } from '../../components/page/page-header.tsx';
import { Answer } from '../../components/states/answer.tsx';
import { KeptNote } from '../../components/states/kept-note.tsx';
import { Empty } from '../../components/states/states.tsx';
import { DataTable } from '../../components/table/data-table.tsx';
import { Button } from '../../components/ui/button.tsx';
import { FilterField } from '../../components/ui/filter-field.tsx';
import { useApps } from '../../lib/api/get-apps.ts';
import { matchesWords } from '../../lib/match-words.ts';
import { refreshEvery } from '../../lib/time-range.ts';
import { useServerNow } from '../../lib/use-server-now.ts';
import { useTimeRange } from '../../lib/use-time-range.ts';
import { type AppRow, allUnheardOf, toRow } from './app-row.ts';
import { appColumns, byFailureRate, rowTint } from './columns.tsx';
import { FirstEvent } from './first-event.tsx';
import type { AppsView } from './search.ts';
import { useAppsView } from './use-apps-view.ts';

/** From this width on all columns of the table fit. */
const WIDE = '76rem';

interface ListProps {
  readonly data: AppsReport;
  readonly updatedAt: number;
  readonly rows: readonly AppRow[];
  readonly view: AppsView;
  readonly onChange: (change: Partial<AppsView>) => void;
}

function List({ data, updatedAt, rows, view, onChange }: ListProps) {
  const now = useServerNow(data.now, updatedAt);
  const matching = rows.filter((row) => matchesWords(row.name, view.filter));
  if (allUnheardOf(rows)) return <FirstEvent registered={rows.map((row) => row.name)} />;
  if (matching.length === 0) {
    const clear = <Button onClick={() => onChange({ filter: '' })}>Clear the filter</Button>;
    return <Empty title={`No application’s name has “${view.filter.trim()}” in it.`} action={clear} />;
  }
  return (
    <>
      <KeptNote kept={data.kept} />
      <DataTable
        label="Applications"
        level={2}
        columns={appColumns(data.stepSeconds, now)}
        rows={matching}
        rowKey={(row) => row.name}
        rowClass={rowTint}
        ties={byFailureRate}
        sort={view.sort}
        onSort={(sort) => onChange({ sort })}
        wideFrom={WIDE}
      />
    </>
  );
}

const countOf = (rows: readonly AppRow[], state: AppRow['state']): number =>
  rows.filter((row) => row.state === state).length;

/** How many applications stand how: `15 · 2 failing · 1 silent`. */
function summary(rows: readonly AppRow[]): string {
  const parts = (['failing', 'silent', 'waiting'] as const)
    .map((state) => [countOf(rows, state), state] as const)
    .filter(([number]) => number > 0)
    .map(([number, state]) => `${number} ${state}`);
  return [String(rows.length), ...(parts.length === 0 ? ['all healthy'] : parts)].join(' · ');
}

function tabTitle(rows: readonly AppRow[] | undefined): string {
  const failing = rows === undefined ? 0 : countOf(rows, 'failing');
  return `${failing > 0 ? `(${failing}) ` : ''}Applications`;
}

/** `/apps`: every application and how it does, worst first. */
export function AppsPage() {
  const { view, change } = useAppsView();
  const { range } = useTimeRange();
  const query = useApps(range);
  const { data, dataUpdatedAt: updatedAt } = query;
  const rows = useMemo(() => data?.apps.map((app) => toRow(app, data)), [data]);
  // A list of nothing has nothing to be counted or filtered.
  const some = rows !== undefined && !allUnheardOf(rows);
  return (
    <>
      <PageHeader
        title="Applications"
        tabTitle={tabTitle(rows)}
        note={some ? summary(rows) : undefined}
        updatedAt={updatedAt}
      >
        {(some || rows === undefined) && <FilterField value={view.filter} onChange={(filter) => change({ filter })} />}
      </PageHeader>
      <Answer query={query} what="the applications" every={refreshEvery(range)}>
        {(answer) => <List data={answer} updatedAt={updatedAt} rows={rows ?? []} view={view} onChange={change} />}
      </Answer>
    </>
  );
}
