/** Finds rows by UID. */

/** Rows by UID, ascending: a range where the UIDs lie close together, else one by one. */
export function pick<Row extends { readonly uid: number }>(
  uids: Uint32Array,
  range: (first: number, last: number) => Row[],
  one: (uid: number) => Row | undefined,
): Row[] {
  const [first, last] = [uids[0], uids.at(-1)];
  if (first === undefined || last === undefined) return [];
  if (last - first >= SPARSE * uids.length) return [...uids].map(one).filter((row) => row !== undefined);
  const rows = range(first, last);
  if (last - first + 1 === uids.length) return rows;
  let at = 0;
  return rows.filter(({ uid }) => {
    while ((uids[at] ?? uid) < uid) at += 1;
    return uids[at] === uid;
  });
}

/** Where at most one UID in so many is asked for, a range would read more rows than it gives. */
export const SPARSE = 3;
