import type { Value } from '@scorpiox/shared/database/console';
import type { InsightsTable } from '@scorpiox/shared/database/tables';
import type { Contents } from '../insights/contents.ts';
import { isSameValue, type Range, WHOLE } from '../insights/range.ts';

/**
 * A table in ranges of about `rows` rows as `first` has them, one after the other without a gap: every row that either of the two
 * may have lies in exactly one of them.
 */
export async function* rangesOf(
  table: InsightsTable,
  first: Contents,
  second: Contents | undefined,
  rows: number,
): AsyncGenerator<Range> {
  if (table.along === undefined) {
    yield WHOLE;
    return;
  }
  for await (const within of groupsOf(table, first, second)) {
    let range: Range = { within };
    for (;;) {
      const to: Value | undefined = await first.cut(table, range, rows);
      yield to === undefined ? range : { ...range, to };
      if (to === undefined) break;
      range = { within, from: to };
    }
  }
}

/** The groups of both. Their number is that of applications, kinds and metrics. */
async function* groupsOf(
  table: InsightsTable,
  first: Contents,
  second: Contents | undefined,
): AsyncGenerator<readonly Value[]> {
  const known: (readonly Value[])[] = [];
  for await (const group of first.groups(table)) {
    known.push(group);
    yield group;
  }
  if (second === undefined) return;
  const isKnown = (group: readonly Value[]) =>
    known.some((one) => one.every((value, at) => isSameValue(value, group[at])));
  for await (const group of second.groups(table)) if (!isKnown(group)) yield group;
}
