import { rowProps } from '../../lib/keyboard.ts';
import { ArrowIcon } from '../ui/icons.tsx';
import { type Column, nextSort, type RowsProps } from './column.ts';

interface HeaderProps<Row> extends Pick<RowsProps<Row>, 'sort' | 'onSort'> {
  readonly column: Column<Row>;
}

function isLeft<Row>(column: Column<Row>): boolean {
  return column.align === 'left' || column.heading === true;
}

/** A column's header: a click sorts by it, another turns the order round. */
function Header<Row>({ column, sort, onSort }: HeaderProps<Row>) {
  if (column.key === undefined) {
    return (
      <th scope="col" title={column.hint} className={`px-2 font-medium ${isLeft(column) ? 'text-left' : 'text-right'}`}>
        {column.name}
      </th>
    );
  }
  const active = sort.column === column.id;
  const order = sort.descending ? 'descending' : 'ascending';
  return (
    <th scope="col" aria-sort={active ? order : 'none'} className="p-0 font-medium">
      <button
        type="button"
        title={column.hint}
        onClick={() => onSort(nextSort(sort, column))}
        className={`group flex h-9 w-full items-center gap-1 px-2 whitespace-nowrap -outline-offset-2 hover:text-ink ${isLeft(column) ? 'flex-row' : 'flex-row-reverse'} ${active ? 'text-ink' : ''}`}
      >
        {column.name}
        <span className={active ? 'text-accent' : 'opacity-0 group-hover:opacity-60'}>
          <ArrowIcon descending={active ? sort.descending : column.ascending !== true} />
        </span>
      </button>
    </th>
  );
}

interface LineProps<Row> {
  readonly row: Row;
  readonly columns: readonly Column<Row>[];
  readonly className: string;
}

function Line<Row>({ row, columns, className }: LineProps<Row>) {
  return (
    <tr {...rowProps} className={`border-t border-line text-right -outline-offset-2 hover:bg-raised/60 ${className}`}>
      {columns.map((column) =>
        column.heading === true ? (
          <th key={column.id} scope="row" className="h-9 px-2 text-left font-medium">
            {column.cell(row)}
          </th>
        ) : (
          <td key={column.id} className={`h-9 px-2 ${isLeft(column) ? 'truncate text-left' : ''}`}>
            {column.cell(row)}
          </td>
        ),
      )}
    </tr>
  );
}

/** The rows as a table, for a screen that holds its columns. One width per column, so that no figure moves another. */
export function WideTable<Row>(props: RowsProps<Row>) {
  const { label, columns, rows, rowKey, rowClass, sort, onSort } = props;
  return (
    <div className="overflow-clip rounded-lg border border-line bg-surface">
      <table className="w-full table-fixed text-[0.8125rem]">
        <caption className="sr-only">{label}; the buttons in the headers sort</caption>
        <colgroup>
          {columns.map(({ id, width }) => (
            <col key={id} style={width === undefined ? undefined : { width }} />
          ))}
        </colgroup>
        <thead className="sticky top-0 z-10 bg-surface text-xs text-muted shadow-[0_1px_0_var(--color-line)]">
          <tr>
            {columns.map((column) => (
              <Header key={column.id} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Line key={rowKey(row)} row={row} columns={columns} className={rowClass?.(row) ?? ''} />
          ))}
        </tbody>
      </table>
    </div>
  );
}
