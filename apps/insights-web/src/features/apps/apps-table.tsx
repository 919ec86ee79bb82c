import { Sparkline } from '../../components/charts/sparkline.tsx';
import { ArrowIcon } from '../../components/ui/icons.tsx';
import type { AppRow } from './app-row.ts';
import { Count, Duration, Failures, LastSeen, Rejected, StateMark, sparklineLabel } from './cells.tsx';
import { COLUMN_HINTS, COLUMN_NAMES } from './columns.ts';
import { type Column, nextSort, type Sort } from './sort.ts';

/** What the table and the cards have in common. */
export interface AppListProps {
  readonly rows: readonly AppRow[];
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
  readonly stepSeconds: number;
  /** Milliseconds since 1970, by the API's clock. */
  readonly now: number;
}

interface HeaderProps {
  readonly column: Column;
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
}

const LEFT: ReadonlySet<Column> = new Set(['state', 'name']);

/** A column's header: a click sorts by it, another turns the order round. */
function Header({ column, sort, onSort }: HeaderProps) {
  const active = sort.column === column;
  const order = sort.descending ? 'descending' : 'ascending';
  const side = LEFT.has(column) ? 'flex-row' : 'flex-row-reverse';
  return (
    <th scope="col" aria-sort={active ? order : 'none'} className="p-0 font-medium">
      <button
        type="button"
        title={COLUMN_HINTS[column]}
        onClick={() => onSort(nextSort(sort, column))}
        className={`group flex h-9 w-full items-center gap-1 px-2 -outline-offset-2 hover:text-ink ${side} ${active ? 'text-ink' : ''}`}
      >
        {COLUMN_NAMES[column]}
        <span className={active ? 'text-accent' : 'opacity-0 group-hover:opacity-60'}>
          <ArrowIcon descending={active ? sort.descending : column !== 'name'} />
        </span>
      </button>
    </th>
  );
}

/** One width per column, so that no figure of a refresh moves another. */
const Widths = () => (
  <colgroup>
    <col className="w-24" />
    <col />
    <col className="w-24" />
    <col className="w-32" />
    <col className="w-22" />
    <col className="w-22" />
    <col className="w-22" />
    <col className="w-36" />
    <col className="w-26" />
    <col className="w-24" />
    <col className="w-26" />
  </colgroup>
);

interface RowProps {
  readonly row: AppRow;
  readonly stepSeconds: number;
  readonly now: number;
}

function Row({ row, stepSeconds, now }: RowProps) {
  return (
    <tr className="border-t border-line text-right hover:bg-raised/60">
      <td className="px-2 text-left">
        <StateMark state={row.state} />
      </td>
      <th scope="row" className="h-9 px-2 text-left font-medium">
        <span className="flex items-center gap-2">
          <span className="truncate" title={row.name}>
            {row.name}
          </span>
          <Rejected count={row.rejected} />
        </span>
      </th>
      <td className="px-2">
        <Count value={row.requests} />
      </td>
      <td className="px-2">
        <Failures row={row} aligned />
      </td>
      <td className="px-2">
        <Duration ms={row.p50} />
      </td>
      <td className="px-2">
        <Duration ms={row.p95} />
      </td>
      <td className="px-2">
        <Duration ms={row.p99} />
      </td>
      <td className="py-1 pr-2 pl-5">
        <Sparkline values={row.sparkline} label={sparklineLabel(row, stepSeconds)} className="block h-6 w-full" />
      </td>
      <td className="px-2 text-soft">
        <LastSeen lastSeen={row.lastSeen} now={now} />
      </td>
      <td className="px-2">
        <Count value={row.received} />
      </td>
      <td className="px-2">
        <Count value={row.duplicates} />
      </td>
    </tr>
  );
}

/** The list of applications as a table, for a screen that holds its columns. */
export function AppsTable({ rows, sort, onSort, stepSeconds, now }: AppListProps) {
  const header = (column: Column) => <Header column={column} sort={sort} onSort={onSort} />;
  return (
    <div className="overflow-clip rounded-lg border border-line bg-surface">
      <table className="w-full table-fixed text-[0.8125rem]">
        <caption className="sr-only">Applications; the buttons in the headers sort</caption>
        <Widths />
        <thead className="sticky top-0 z-10 bg-surface text-xs text-muted shadow-[0_1px_0_var(--color-line)]">
          <tr>
            {header('state')}
            {header('name')}
            {header('requests')}
            {header('failures')}
            {header('p50')}
            {header('p95')}
            {header('p99')}
            <th scope="col" className="pr-2 pl-5 text-left font-medium">
              Traffic
            </th>
            {header('lastSeen')}
            {header('received')}
            {header('duplicates')}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.name} row={row} stepSeconds={stepSeconds} now={now} />
          ))}
        </tbody>
      </table>
    </div>
  );
}
