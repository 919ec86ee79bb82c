/** Parts of a table of the insights database, by its key. */
import type { Value } from '@scorpiox/shared/database/console';
import type { InsightsTable } from '@scorpiox/shared/database/tables';

/** Rows with these values of `within`, and of `along` from the one (included) to the other (excluded). */
export interface Range {
  /** In the order of the table's `within`. */
  readonly within: readonly Value[];
  /** Absent: from the beginning. */
  readonly from?: Value;
  /** Absent: to the end. */
  readonly to?: Value;
  /** The same, but included. */
  readonly through?: Value;
}

/** All of a table that is not divided. */
export const WHOLE: Range = { within: [] };

/** `app_id 3, time 1700000000000000 …`, for people. */
export function describeRange({ within, along = '' }: InsightsTable, range: Range): string {
  const parts = within.map((name, at) => `${name} ${valueText(range.within[at] ?? null)}`);
  if (range.from !== undefined) parts.push(`${along} from ${valueText(range.from)}`);
  if (range.to !== undefined) parts.push(`${along} before ${valueText(range.to)}`);
  if (range.through !== undefined) parts.push(`${along} up to ${valueText(range.through)}`);
  return parts.length === 0 ? 'all of it' : parts.join(', ');
}

/** Bytes in hexadecimal digits. */
export const valueText = (value: Value): string =>
  value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value);

export function isSameValue(one: Value | undefined, other: Value | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return valueText(one) === valueText(other);
}
