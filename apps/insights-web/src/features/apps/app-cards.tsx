import type { ReactNode } from 'react';
import { Sparkline } from '../../components/charts/sparkline.tsx';
import { Button } from '../../components/ui/button.tsx';
import { ArrowIcon } from '../../components/ui/icons.tsx';
import type { AppRow } from './app-row.ts';
import type { AppListProps } from './apps-table.tsx';
import { Count, Duration, Failures, LastSeen, Rejected, StateMark, sparklineLabel } from './cells.tsx';
import { COLUMN_NAMES } from './columns.ts';
import { COLUMNS, firstSort, type Sort } from './sort.ts';

interface OrderProps {
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
}

/** What the table's headers do, where there are none. */
function Order({ sort, onSort }: OrderProps) {
  const order = sort.descending ? 'descending' : 'ascending';
  return (
    <div className="mb-3 flex items-center gap-2 text-[0.8125rem]">
      <label className="flex items-center gap-2 text-muted">
        Sort by
        <select
          value={sort.column}
          onChange={(event) => {
            const column = COLUMNS.find((name) => name === event.target.value);
            if (column !== undefined) onSort(firstSort(column));
          }}
          className="h-8 rounded-md border border-edge bg-surface px-2 text-ink pointer-coarse:h-10"
        >
          {COLUMNS.map((column) => (
            <option key={column} value={column}>
              {COLUMN_NAMES[column]}
            </option>
          ))}
        </select>
      </label>
      <Button
        className="w-8 px-0"
        aria-label={`Order: ${order}. Turn it round.`}
        title={`Order: ${order}`}
        onClick={() => onSort({ ...sort, descending: !sort.descending })}
      >
        <ArrowIcon descending={sort.descending} />
      </Button>
    </div>
  );
}

interface FigureProps {
  readonly name: string;
  /** Takes two places of the row. */
  readonly wide?: boolean;
  readonly children: ReactNode;
}

const Figure = ({ name, wide = false, children }: FigureProps) => (
  <div className={wide ? 'col-span-2 min-w-0' : 'min-w-0'}>
    <dt className="text-xs text-muted">{name}</dt>
    <dd className="truncate">{children}</dd>
  </div>
);

interface CardProps {
  readonly row: AppRow;
  readonly stepSeconds: number;
  readonly now: number;
}

function Card({ row, stepSeconds, now }: CardProps) {
  return (
    <li className="flex flex-col gap-2.5 rounded-lg border border-line bg-surface p-3 text-[0.8125rem]">
      <div className="flex items-center gap-2">
        <h2 className="min-w-0 truncate font-medium" title={row.name}>
          {row.name}
        </h2>
        <Rejected count={row.rejected} />
        <span className="ml-auto shrink-0">
          <StateMark state={row.state} />
        </span>
      </div>
      <Sparkline values={row.sparkline} label={sparklineLabel(row, stepSeconds)} className="block h-7 w-full" />
      <dl className="grid grid-cols-3 gap-x-3 gap-y-2">
        <Figure name="Requests">
          <Count value={row.requests} />
        </Figure>
        <Figure name="Failures" wide>
          <Failures row={row} />
        </Figure>
        <Figure name="p50">
          <Duration ms={row.p50} />
        </Figure>
        <Figure name="p95">
          <Duration ms={row.p95} />
        </Figure>
        <Figure name="p99">
          <Duration ms={row.p99} />
        </Figure>
        <Figure name="Received">
          <Count value={row.received} />
        </Figure>
        <Figure name="Duplicates">
          <Count value={row.duplicates} />
        </Figure>
        <Figure name="Last seen">
          <LastSeen lastSeen={row.lastSeen} now={now} />
        </Figure>
      </dl>
    </li>
  );
}

/** The list of applications as cards, for a narrow screen. */
export function AppCards({ rows, sort, onSort, stepSeconds, now }: AppListProps) {
  return (
    <>
      <Order sort={sort} onSort={onSort} />
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,20rem),1fr))] gap-3" aria-label="Applications">
        {rows.map((row) => (
          <Card key={row.name} row={row} stepSeconds={stepSeconds} now={now} />
        ))}
      </ul>
    </>
  );
}
