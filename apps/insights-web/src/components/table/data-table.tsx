import { useMediaQuery } from '../../lib/use-media-query.ts';
import { Cards } from './cards.tsx';
import type { RowsProps } from './column.ts';
import { compareNames, sortRows } from './sort.ts';
import { WideTable } from './wide-table.tsx';

interface DataTableProps<Row> extends RowsProps<Row> {
  /** The least width of the screen that holds all columns, as CSS spells it; below it rows are cards. */
  readonly wideFrom: string;
  /** The order among equals; by `rowKey` unless given. */
  readonly ties?: (a: Row, b: Row) => number;
}

/**
 * Rows in columns: sorted by its headers, as cards where the screen is too narrow. `j` and `k` step through
 * the rows.
 */
export function DataTable<Row>({ wideFrom, ties, ...props }: DataTableProps<Row>) {
  const { rows, columns, sort, rowKey } = props;
  const wide = useMediaQuery(`(min-width: ${wideFrom})`);
  const key = columns.find(({ id }) => id === sort.column)?.key ?? (() => null);
  const byName = (a: Row, b: Row): number => compareNames(rowKey(a), rowKey(b));
  const Shape = wide ? WideTable : Cards;
  return <Shape {...props} rows={sortRows(rows, key, sort.descending, ties ?? byName)} />;
}
