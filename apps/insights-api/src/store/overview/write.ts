import { DEPENDENCIES_KEPT, EXCEPTION_GROUPS_KEPT, INSTANCES_KEPT } from '../../limits.ts';
import { packCallEnds } from '../../rollup/overview/call-ends.ts';
import { idOf, OTHER } from '../../rollup/overview/ids.ts';
import type { Resolution } from '../../rollup/resolutions.ts';
import { RESOLUTIONS } from '../../rollup/resolutions.ts';
import { isSameRow, mergeRow } from './merge.ts';
import type { OverviewChanges } from './sums.ts';
import {
  APP_ACTIVITY,
  APP_HOURS,
  APP_ROLLUPS,
  DEPENDENCY_TARGETS,
  EXCEPTION_GROUPS,
  EXCEPTION_ROLLUPS,
  INSTANCE_ROLLUPS,
  INSTANCES,
  keyText,
  type OverviewTable,
  type Row,
} from './tables.ts';

/** Names a table: those with resolutions are one for each. */
export interface TableAt {
  readonly table: OverviewTable;
  readonly resolution: Resolution;
}

/**
 * What a store is asked to do while it writes, each inside the one transaction.
 * - `get`: the rows that have these keys
 * - `put`: writes rows, in the place of those with the same key
 * - `count`: one row whose `rows` says how many rows an application has in a table
 * - `ends`: appends a row of ends of calls
 */
export type WriteStep =
  | (TableAt & { readonly do: 'get'; readonly rows: readonly Row[] })
  | (TableAt & { readonly do: 'put'; readonly rows: readonly Row[] })
  | (TableAt & { readonly do: 'count'; readonly appId: number })
  | { readonly do: 'ends'; readonly ends: Uint8Array };

/** Yields steps, is given the rows of each. So one way of writing drives a store that answers at once and one that does not. */
export type Writing<T = void> = Generator<WriteStep, T, readonly Row[]>;

/** Adds a batch's changes to the tables. */
export function* writeOverview(changes: OverviewChanges): Writing {
  for (const resolution of RESOLUTIONS) yield* addRows({ table: APP_ROLLUPS, resolution }, changes.totals);
  yield* addRows({ table: APP_HOURS, resolution: 1 }, changes.hours);
  yield* addRows({ table: APP_ACTIVITY, resolution: 1 }, changes.activity);
  yield* addGroups(EXCEPTION_GROUPS, changes.groups, EXCEPTION_ROLLUPS, changes.exceptions, EXCEPTION_GROUPS_KEPT);
  yield* addGroups(INSTANCES, changes.instances, INSTANCE_ROLLUPS, changes.instanceSums, INSTANCES_KEPT);
  yield* register(DEPENDENCY_TARGETS, changes.targets, DEPENDENCIES_KEPT);
  const { ends } = changes;
  if (ends.callers.length + ends.callees.length > 0) yield { do: 'ends', ends: packCallEnds(ends) };
}

/** Adds rows, those that have a minute by that resolution. */
export function* addRows(at: TableAt, rows: readonly Row[]): Writing {
  const added = together(at, rows);
  if (added.length === 0) return;
  yield* putMerged(at, added, byKey(at.table, yield { do: 'get', ...at, rows: added }));
}

/** `there`: those of them that are there, by key. */
function* putMerged(at: TableAt, added: readonly Row[], there: ReadonlyMap<string, Row>): Writing {
  const changed = added.flatMap((row) => {
    const old = there.get(keyText(at.table, row));
    if (old === undefined) return [row];
    const merged = mergeRow(at.table, old, row);
    return isSameRow(at.table, old, merged) ? [] : [merged];
  });
  if (changed.length > 0) yield { do: 'put', ...at, rows: changed };
}

const OTHER_ID = idOf(OTHER);

/** A table of what is told apart, and the sums of each: what is one too many goes into one sum. */
function* addGroups(
  groups: OverviewTable,
  named: readonly Row[],
  sums: OverviewTable,
  rows: readonly Row[],
  most: number,
): Writing {
  const refused = yield* register(groups, named, most);
  const placed = rows.map((row) => (refused.has(keyText(groups, row)) ? { ...row, id: OTHER_ID } : row));
  for (const resolution of RESOLUTIONS) yield* addRows({ table: sums, resolution }, placed);
}

/**
 * Adds to a table of which an application has at most `most` rows, and one more that stands for all others. Gives the
 * keys of those others.
 */
function* register(table: OverviewTable, rows: readonly Row[], most: number): Writing<ReadonlySet<string>> {
  const refused = new Set<string>();
  const at: TableAt = { table, resolution: 1 };
  const named = together(at, rows);
  if (named.length === 0) return refused;
  const there = byKey(table, yield { do: 'get', ...at, rows: named });
  const fresh = named.filter((row) => !there.has(keyText(table, row)));
  for (const [appId, own] of Map.groupBy(fresh, (row) => Number(row.app_id))) {
    const [counted] = yield { do: 'count', ...at, appId };
    for (const row of own.slice(Math.max(0, most - Number(counted?.rows ?? 0)))) refused.add(keyText(table, row));
  }
  const isRefused = (row: Row) => refused.has(keyText(table, row));
  yield* putMerged(
    at,
    named.filter((row) => !isRefused(row)),
    there,
  );
  yield* addRows(
    at,
    named.filter(isRefused).map((row) => asOther(table, row)),
  );
  return refused;
}

/** The row that stands for all that are refused: their texts are no longer told apart. */
function asOther(table: OverviewTable, row: Row): Row {
  const texts = table.values.filter(({ type }) => type === 'text');
  const nameless = Object.fromEntries(texts.map(({ name }, index) => [name, index === 0 ? OTHER : '']));
  return { ...row, ...nameless, id: OTHER_ID };
}

/** Rows by that resolution, each key once. */
function together({ table, resolution }: TableAt, rows: readonly Row[]): readonly Row[] {
  const merged = new Map<string, Row>();
  for (const row of rows) {
    const coarse = resolution === 1 ? row : { ...row, minute: Number(row.minute) - (Number(row.minute) % resolution) };
    const key = keyText(table, coarse);
    const old = merged.get(key);
    merged.set(key, old === undefined ? coarse : mergeRow(table, old, coarse));
  }
  return [...merged.values()];
}

const byKey = (table: OverviewTable, rows: readonly Row[]): ReadonlyMap<string, Row> =>
  new Map(rows.map((row) => [keyText(table, row), row]));
