import { OPERATIONS_KEPT } from '../../limits.ts';
import type { RollupAccumulator, RollupRow } from '../../rollup/accumulate.ts';
import { OTHER } from '../../rollup/overview/ids.ts';
import type { Resolution } from '../../rollup/resolutions.ts';
import type { Row } from './tables.ts';

/*
 * Names without end
 *
 * A sender that puts ids into the names of its operations would make a row of sums for each event. So of one application,
 * kind and minute (hour, day) the first OPERATIONS_KEPT names have rows of their own, and all others are one row named
 * `(other)`: nothing is lost of the sums, and the list of operations says how much it is. What is told apart is decided for
 * each resolution by itself, in the transaction that writes, from what is there; so the bound holds with several
 * processes.
 */

/** An application, kind and minute. */
type NameGroup = Pick<RollupRow, 'appId' | 'kind' | 'minute'>;

/**
 * - `count-names`: for each group in which there are any, a row with its key and `rows`, how many; counting may stop at the
 *   bound
 * - `names`: the names of one group, a row each
 */
export type NameStep =
  | { readonly do: 'count-names'; readonly resolution: Resolution; readonly groups: readonly NameGroup[] }
  | { readonly do: 'names'; readonly resolution: Resolution; readonly group: NameGroup };

const keyOf = ({ appId, kind, minute }: NameGroup): string => `${appId} ${kind} ${minute}`;

/** The same sums, those of names that are one too many together. */
export function* foldNames(
  rollups: RollupAccumulator,
  resolution: Resolution,
): Generator<NameStep, RollupAccumulator, readonly Row[]> {
  const most = OPERATIONS_KEPT[resolution];
  const groups = [...Map.groupBy(rollups.rows(), keyOf).values()].flatMap((rows) => {
    const [group] = rows;
    return group === undefined ? [] : [{ group, rows }];
  });
  if (groups.length === 0) return rollups;
  const counted = yield { do: 'count-names', resolution, groups: groups.map(({ group }) => group) };
  const there = new Map(counted.map((row) => [`${row.app_id} ${row.kind} ${row.minute}`, Number(row.rows)]));
  const folded = new Set<RollupRow>();
  for (const { group, rows } of groups) {
    if ((there.get(keyOf(group)) ?? 0) + rows.length <= most) continue;
    const known = new Set((yield { do: 'names', resolution, group }).map(({ name }) => String(name)));
    known.delete(OTHER);
    let room = most - known.size;
    for (const row of rows) {
      if (known.has(row.name) || row.name === OTHER || room-- > 0) continue;
      folded.add(row);
    }
  }
  return folded.size === 0 ? rollups : rollups.named((row) => (folded.has(row) ? OTHER : row.name));
}
