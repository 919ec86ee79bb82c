import type { Value } from '@scorpiox/shared/database/console';
import type { InsightsTable } from '@scorpiox/shared/database/tables';
import type { Contents } from '../insights/contents.ts';
import { isSameValue, type Range } from '../insights/range.ts';
import type { Place } from './progress.ts';

/** A range, and where the one after it begins. */
export interface NextRange {
  readonly range: Range;
  readonly next: Place;
}

/** The ranges of a table in order, beginning at a place in it; from its first where that place's group is gone. */
export async function* rangesFrom(
  table: InsightsTable,
  contents: Contents,
  rows: number,
  place: Place | undefined,
): AsyncGenerator<NextRange> {
  const groups: (readonly Value[])[] = [];
  for await (const group of contents.groups(table)) groups.push(group);
  const start = place?.table === table.sqlite ? groups.findIndex((group) => isSameGroup(group, place.within)) : -1;
  for (const [at, within] of groups.entries()) {
    if (at < start) continue;
    const first = at === start ? place?.from : undefined;
    let range: Range = first === undefined ? { within } : { within, from: first };
    for (;;) {
      const to: Value | undefined = await contents.cut(table, range, rows);
      const rest = to === undefined ? {} : { from: to };
      const following = groups[at + 1];
      const next: Place =
        to !== undefined || following === undefined
          ? { table: table.sqlite, within, ...rest }
          : { table: table.sqlite, within: following };
      yield { range: to === undefined ? range : { ...range, to }, next };
      if (to === undefined) break;
      range = { within, from: to };
    }
  }
}

const isSameGroup = (one: readonly Value[], other: readonly Value[] | undefined): boolean =>
  other !== undefined && one.length === other.length && one.every((value, at) => isSameValue(value, other[at]));
