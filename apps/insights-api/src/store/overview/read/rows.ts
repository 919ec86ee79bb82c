import type { EventKind } from '@scorpiox/shared/telemetry';
import { cover, type Resolution } from '../../../rollup/resolutions.ts';
import type { Span } from '../../questions/overview.ts';
import type { OverviewTable, Row } from '../tables.ts';
import type { Reading } from './steps.ts';

interface RowsOf {
  readonly table: OverviewTable;
  /** All applications where none is named. */
  readonly appId?: number;
  readonly kind?: EventKind;
  readonly isPlain?: boolean;
}

/** The rows of the fewest sums that are the span together, none coarser than that. */
export function* rowsOf(of: RowsOf, span: Span, coarsest: Resolution): Reading<readonly Row[]> {
  const rows: Row[] = [];
  for (const { resolution, from, to } of cover(span, coarsest)) {
    rows.push(...(yield { do: 'range', ...of, resolution, from, to }));
  }
  return rows;
}

/** A column of bytes; empty where it is none. */
export const bytesOf = (row: Row, column: string): Uint8Array => {
  const value = row[column];
  return value instanceof Uint8Array ? value : new Uint8Array(0);
};

export const hexOf = (row: Row, column: string): string => Buffer.from(bytesOf(row, column)).toString('hex');
