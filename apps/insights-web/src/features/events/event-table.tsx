import { memo, type ReactNode, type RefObject } from 'react';
import { useNearEnd } from '../../components/list/use-near-end.ts';
import { useVisibleRows } from '../../components/list/use-visible-rows.ts';
import { rowProps } from '../../lib/keyboard.ts';
import type { EventColumn } from './columns.ts';
import { EventCell, ToneMark } from './event-cells.tsx';
import { type EventRowsProps, RowLink, type RowProps } from './row-link.tsx';
import { toneOf } from './tone.ts';

const ROW_PX = 30;
const TIME_REM = 11.5;
/** The least that is left for the column without a width. */
const REST_REM = 10;

type Columns = readonly EventColumn[];

const Note = ({ note, place, span }: { readonly note: ReactNode; readonly place: number; readonly span: number }) => (
  <tr aria-rowindex={place + 2} className="h-7.5 border-t border-line bg-silent-tint text-silent">
    <td colSpan={span} className="truncate px-2">
      {note}
    </td>
  </tr>
);

interface TableRowProps extends RowProps {
  readonly columns: Columns;
}

const TableRow = memo(function TableRow({ item, place, isOpen, follows, columns, href, onOpen }: TableRowProps) {
  const { event } = item;
  if (event === null) return <Note note={item.note} place={place} span={columns.length + 1} />;
  return (
    // A click anywhere opens it; the keyboard has the link.
    <tr
      aria-rowindex={place + 2}
      onClick={() => onOpen(event, false)}
      {...rowProps}
      className={`group h-7.5 cursor-pointer border-t border-line ${isOpen ? 'bg-tint' : 'focus-within:bg-raised hover:bg-raised/60'}`}
    >
      <th scope="row" className="truncate px-2 text-left font-normal">
        <span className="mr-1.5">
          <ToneMark tone={toneOf(event)} />
        </span>
        <RowLink event={event} isOpen={isOpen} follows={follows} href={href} onOpen={onOpen} />
      </th>
      {columns.map((column) => (
        <td key={column.id} className={`truncate px-2 ${column.align === 'right' ? 'text-right' : 'text-left'}`}>
          <EventCell column={column} event={event} />
        </td>
      ))}
    </tr>
  );
});

/** The least width, in rem, that the columns need. */
const widthOf = (columns: Columns): number => columns.reduce((sum, { width }) => sum + (width ?? REST_REM), TIME_REM);

/** Where no column takes what is left, the last one does. */
const stretches = (columns: Columns, { id, width }: EventColumn): boolean =>
  width === null || (columns.at(-1)?.id === id && columns.every((column) => column.width !== null));

const Widths = ({ columns }: { readonly columns: Columns }) => (
  <colgroup>
    <col style={{ width: `${TIME_REM}rem` }} />
    {columns.map((column) => (
      <col key={column.id} style={stretches(columns, column) ? undefined : { width: `${column.width}rem` }} />
    ))}
  </colgroup>
);

const Head = ({ columns }: { readonly columns: Columns }) => (
  <thead className="text-xs text-muted">
    <tr className="h-8">
      <th scope="col" className="pr-2 pl-6 text-left font-medium">
        Time
      </th>
      {columns.map(({ id, name, align }) => (
        <th
          key={id}
          scope="col"
          title={id}
          className={`truncate px-2 font-medium ${align === 'right' ? 'text-right' : 'text-left'}`}
        >
          {name}
        </th>
      ))}
    </tr>
  </thead>
);

interface EventTableProps extends EventRowsProps {
  readonly list: RefObject<HTMLElement | null>;
}

/** Events in columns, for a screen that holds some. */
export function EventTable({ label, columns, items, more, open, href, onOpen, onNearEnd, list }: EventTableProps) {
  const { first, end, before, after } = useVisibleRows(list, items.length, ROW_PX);
  useNearEnd(end, items.length, onNearEnd);
  return (
    <div className="overflow-x-auto rounded-lg border border-line bg-surface">
      <table
        aria-rowcount={more ? -1 : items.length + 1}
        className="w-full table-fixed text-[0.8125rem]"
        style={{ minWidth: `${widthOf(columns)}rem` }}
      >
        <caption className="sr-only">{label}</caption>
        <Widths columns={columns} />
        <Head columns={columns} />
        <tbody ref={list as RefObject<HTMLTableSectionElement | null>}>
          {before > 0 && <tr style={{ height: before }} />}
          {items.slice(first, end).map((item, index) => (
            <TableRow
              key={item.key}
              item={item}
              place={first + index}
              isOpen={open !== null && item.address === open}
              follows={open !== null}
              columns={columns}
              href={href}
              onOpen={onOpen}
            />
          ))}
          {after > 0 && <tr style={{ height: after }} />}
        </tbody>
      </table>
    </div>
  );
}
