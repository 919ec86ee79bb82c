import { mergeHistograms } from '@scorpiox/shared/database';
import { mergeUsers, NO_USERS } from '../../rollup/overview/users.ts';
import type { Merge, OverviewTable, Row, Value } from './tables.ts';

/** What a row is after another with the same key was added to it. */
export function mergeRow(table: OverviewTable, old: Row, added: Row): Row {
  const merged: Record<string, Value> = { ...added };
  const isNewer = Number(added.last_seen ?? 0) >= Number(old.last_seen ?? 0);
  for (const { name, merge } of table.values) {
    merged[name] = mergeValue(merge, old[name] ?? null, added[name] ?? null, isNewer);
  }
  return merged;
}

/** Whether two rows with the same key hold the same. */
export const isSameRow = (table: OverviewTable, a: Row, b: Row): boolean =>
  table.values.every(({ name }) => isSame(a[name] ?? null, b[name] ?? null));

function mergeValue(merge: Merge, old: Value, added: Value, isNewer: boolean): Value {
  if (merge === 'keep') return old;
  if (merge === 'newest') return isNewer ? added : old;
  if (old === null || added === null) return old ?? added;
  if (merge === 'histogram') return mergeHistograms(bytesOf(old), bytesOf(added));
  if (merge === 'users') return mergeUsers(bytesOf(old), bytesOf(added));
  const [a, b] = [Number(old), Number(added)];
  if (merge === 'add') return a + b;
  if (merge === 'or') return a | b;
  return merge === 'least' ? Math.min(a, b) : Math.max(a, b);
}

const bytesOf = (value: Value): Uint8Array => (value instanceof Uint8Array ? value : NO_USERS);

function isSame(a: Value, b: Value): boolean {
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) === 0;
  return a === b;
}
