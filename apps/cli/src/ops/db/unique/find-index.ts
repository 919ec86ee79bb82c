/** Unique indexes by their key. */
import { ABSENT } from '../../plan/actions/place.ts';
import type { World } from '../../plan/plan.ts';
import { uniqueIndexOn } from '../catalog/table.ts';
import { shownKey } from '../rows/key.ts';
import { madeName } from '../rows/names.ts';
import { type Index, shownName, type Table } from '../rows/table.ts';

/** The column that holds the hash of a key that is too long for an index. */
export const hashColumnOf = (key: readonly string[]): string => madeName('scorpiox_hash', ...key);

/** The index that allows each key once, over the columns themselves or their hash. */
export const findUnique = (table: Table, key: readonly string[]): Index | undefined =>
  uniqueIndexOn(table, key) ?? uniqueIndexOn(table, [hashColumnOf(key)]);

/** The same as a part of the world. */
export function indexWorld(table: Table, { key, database }: { key: readonly string[]; database: string }): World {
  const found = findUnique(table, key);
  const state = found === undefined ? ABSENT : `${found.name}${found.ignoresDuplicates ? ', ignoring duplicates' : ''}`;
  return { [`unique index of ${shownName(table)} by ${shownKey(key)} in ${database}`]: state };
}
