/** Parts of a table of the insights database, by its key. */
import type { Value } from '@scorpiox/shared/database/console';

/** Rows with these values of `within`, and of `along` from the one (included) to the other (excluded). */
export interface Range {
  /** In the order of the table's `within`. */
  readonly within: readonly Value[];
  /** Absent: from the beginning. */
  readonly from?: Value;
  /** Absent: to the end. */
  readonly to?: Value;
}

/** All of a table that is not divided. */
export const WHOLE: Range = { within: [] };

/** Bytes in hexadecimal digits. */
export const valueText = (value: Value): string =>
  value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value);

export function isSameValue(one: Value | undefined, other: Value | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return valueText(one) === valueText(other);
}
