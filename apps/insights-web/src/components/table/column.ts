import type { ReactNode } from 'react';
import type { Sort, SortKey } from './sort.ts';

/** A column of a table; on a narrow screen, a place on a card. */
export interface Column<Row> {
  readonly id: string;
  readonly name: string;
  /** What the figures mean, for those who wonder. */
  readonly hint?: string;
  /** The width of the column, as CSS spells it; one column without takes what is left. */
  readonly width?: string;
  /** Text stands left, figures right. */
  readonly align?: 'left' | 'right';
  /** What its rows are sorted by; a column without cannot be sorted. */
  readonly key?: (row: Row) => SortKey;
  /** Starts with A or the smallest; others start with the greatest. */
  readonly ascending?: boolean;
  /** Its cell names the row. */
  readonly heading?: boolean;
  /** On a card: `aside` stands beside the heading, `whole` takes a line without a name; else the part of a line, a quarter unless given. */
  readonly card?: 'aside' | 'whole' | 'third' | 'half';
  readonly cell: (row: Row) => ReactNode;
}

/** What the table and the cards have in common. */
export interface RowsProps<Row> {
  /** The table's name, for those who do not see it. */
  readonly label: string;
  /** The level of a card's heading: 2 right below the page's, 3 below a section's, which is usual. */
  readonly level?: 2 | 3 | undefined;
  readonly columns: readonly Column<Row>[];
  /** In order. */
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly rowClass?: ((row: Row) => string) | undefined;
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
}

const sortFrom = <Row>(column: Column<Row>): Sort => ({
  column: column.id,
  descending: column.ascending !== true,
});

/** The order after a click on a column's header: its first order, then the other way round. */
export const nextSort = <Row>(current: Sort, column: Column<Row>): Sort =>
  current.column === column.id ? { column: column.id, descending: !current.descending } : sortFrom(column);
