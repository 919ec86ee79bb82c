import { rowProps } from '../../lib/keyboard.ts';
import { Button } from '../ui/button.tsx';
import { ArrowIcon } from '../ui/icons.tsx';
import { type Column, nextSort, type RowsProps } from './column.ts';

type OrderProps<Row> = Pick<RowsProps<Row>, 'columns' | 'sort' | 'onSort'>;

/** What the table's headers do, where there are none. */
function Order<Row>({ columns, sort, onSort }: OrderProps<Row>) {
  const order = sort.descending ? 'descending' : 'ascending';
  return (
    <div className="mb-3 flex items-center gap-2 text-[0.8125rem]">
      <label className="flex items-center gap-2 text-muted">
        Sort by
        <select
          value={sort.column}
          onChange={(event) => {
            const column = columns.find(({ id }) => id === event.target.value);
            if (column !== undefined) onSort(nextSort(sort, column));
          }}
          className="h-8 rounded-md border border-edge bg-surface px-2 text-ink pointer-coarse:h-10"
        >
          {columns
            .filter(({ key }) => key !== undefined)
            .map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
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

/** Twelfths of a line; undefined for what has no place among the figures. */
const SPANS = { quarter: 'col-span-3', third: 'col-span-4', half: 'col-span-6', aside: undefined, whole: undefined };

const spanOf = <Row,>({ card }: Column<Row>): string | undefined => SPANS[card ?? 'quarter'];

interface CardProps<Row> {
  readonly row: Row;
  readonly columns: readonly Column<Row>[];
  readonly className: string;
  readonly level: 2 | 3;
}

function Card<Row>({ row, columns, className, level }: CardProps<Row>) {
  const Heading = level === 2 ? 'h2' : 'h3';
  const figures = columns.filter((column) => column.heading !== true && spanOf(column) !== undefined);
  return (
    <li
      {...rowProps}
      className={`flex min-w-0 flex-col gap-2.5 rounded-lg border border-line bg-surface p-3 text-[0.8125rem] ${className}`}
    >
      <div className="flex items-center gap-2">
        {columns
          .filter(({ heading }) => heading === true)
          .map((column) => (
            <Heading key={column.id} className="min-w-0 flex-1 font-medium">
              {column.cell(row)}
            </Heading>
          ))}
        {columns
          .filter(({ card }) => card === 'aside')
          .map((column) => (
            <span key={column.id} className="ml-auto shrink-0">
              {column.cell(row)}
            </span>
          ))}
      </div>
      {columns
        .filter(({ card }) => card === 'whole')
        .map((column) => (
          <div key={column.id}>{column.cell(row)}</div>
        ))}
      <dl className="grid grid-cols-12 gap-x-2 gap-y-2">
        {figures.map((column) => (
          <div key={column.id} className={`min-w-0 ${spanOf(column)}`}>
            <dt className="truncate text-xs text-muted">{column.name}</dt>
            <dd className="truncate">{column.cell(row)}</dd>
          </div>
        ))}
      </dl>
    </li>
  );
}

/** The rows as cards, for a narrow screen. */
export function Cards<Row>(props: RowsProps<Row>) {
  const { label, level = 3, columns, rows, rowKey, rowClass, sort, onSort } = props;
  return (
    <>
      <Order columns={columns} sort={sort} onSort={onSort} />
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,20rem),1fr))] gap-3" aria-label={label}>
        {rows.map((row) => (
          <Card key={rowKey(row)} row={row} columns={columns} className={rowClass?.(row) ?? ''} level={level} />
        ))}
      </ul>
    </>
  );
}
