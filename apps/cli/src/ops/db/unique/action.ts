/** A unique index made, and taken back with all that went for it. What is promised: unique.ts. */
import type { Console } from '@scorpiox/shared/database/console';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { type Static, Type } from 'typebox';
import type { Failure } from '../../failure.ts';
import { ABSENT } from '../../plan/actions/place.ts';
import type { World } from '../../plan/plan.ts';
import { defineDatabaseAction, type Means } from '../actions/database-action.ts';
import { columnsOf } from '../catalog/describe.ts';
import { RemovalData, readTableIn, removalIn, tableIn } from '../dedupe/action.ts';
import { countArchived, putBack } from '../dedupe/dedupe.ts';
import { stateOf } from '../dedupe/notes.ts';
import { countDuplicates, type KeyCounts } from '../dupes/dupes.ts';
import { shownKey } from '../rows/key.ts';
import { shownName, type Table } from '../rows/table.ts';
import { watchOf } from '../rows/watch.ts';
import { findUnique, indexWorld } from './find-index.ts';
import { addHash, dropColumn, dropIndex, type NewIndex } from './texts.ts';
import { type Made, makeUnique } from './unique.ts';

const UniqueData = Type.Object({
  ...RemovalData,
  index: Type.String(),
  ignoresDuplicates: Type.Boolean(),
  isOnline: Type.Boolean(),
  /** The column that holds the hash of a key that is too long. */
  hash: Type.Union([Type.String(), Type.Null()]),
});

type UniqueData = Static<typeof UniqueData>;

const partsOf = ({ index, ...data }: UniqueData): string =>
  `what the index ${index} of ${shownName(tableIn(data))} needs in ${data.database}`;

const isThere = (table: Table, name: string): boolean => table.columns.some((one) => one.name === name);

/** `half made`: there is no index, and something that it needed. */
async function look(db: Console, data: UniqueData): Promise<World> {
  const table = await readTableIn(db, data);
  const index = findUnique(table, data.key);
  const isBegun =
    (data.hash !== null && isThere(table, data.hash)) || (await stateOf(db.run, table, data.id)) !== 'none';
  const parts = index !== undefined ? 'there' : isBegun ? HALF : ABSENT;
  return { ...indexWorld(table, data), [partsOf(data)]: parts };
}

const HALF = 'half made';

async function half(db: Console, data: UniqueData): Promise<World | undefined> {
  const world = await look(db, data);
  return world[partsOf(data)] === HALF ? world : undefined;
}

/** The index by its own name, as `indexWorld` tells it. */
const madeWorld = (data: UniqueData, before: World): World =>
  Object.fromEntries(
    Object.keys(before).map((name) => [
      name,
      name === partsOf(data) ? 'there' : `${data.index}${data.ignoresDuplicates ? ', ignoring duplicates' : ''}`,
    ]),
  );

const DROP = 'db-drop-unique-index';

export const makeUniqueIndex = defineDatabaseAction({
  kind: 'db-make-unique-index',
  data: UniqueData,
  look,
  foresee: madeWorld,
  half,
  perform: make,
  inverse: (data) => ({
    does: `Remove the unique index ${data.index} of ${shownName(tableIn(data))}, and put back what went for it.`,
    action: { kind: DROP, data },
  }),
});

async function make(db: Console, data: UniqueData, means: Means): Promise<Result<void, Failure>> {
  const table = await withHash(db, await readTableIn(db, data), data);
  if (!table.ok) return table;
  const key = data.hash === null ? data.key : [data.hash];
  const late = removalIn(table.value, { ...data, key });
  if (!late.ok) return late;
  const { index: name, ignoresDuplicates, isOnline } = data;
  const index: NewIndex = { table: table.value, name, columns: late.value.key, ignoresDuplicates, isOnline };
  const before = await countDuplicates(db.run, late.value);
  const made = await makeUnique(db, index, late.value, watchOf(means));
  if (!made.ok) return made;
  const after = await countDuplicates(db.run, late.value);
  const archived = made.value.late === 0 ? 0 : await countArchived(db.run, late.value);
  means.report?.(reportOf(data, { made: made.value, before, after, archived }));
  return verify(findUnique(await readTableIn(db, data), data.key), data);
}

/** The table with the column of hashes, where one is needed. */
async function withHash(db: Console, table: Table, data: UniqueData): Promise<Result<Table, Failure>> {
  if (data.hash === null || isThere(table, data.hash)) return ok(table);
  const key = columnsOf(table, data.key);
  if (!key.ok) return key;
  await db.run(addHash(table, data.hash, key.value));
  return ok(await readTableIn(db, data));
}

const reportOf = (
  { table, schema, key, index, archive }: UniqueData,
  { made, before, after, archived }: { made: Made; before: KeyCounts; after: KeyCounts; archived: number },
) => ({
  ...{
    table: shownName(tableIn({ table, schema })),
    key: shownKey(key),
    index,
    attempts: made.attempts,
    late: made.late,
  },
  ...{ archive: archived === 0 ? null : archive, archived },
  ...{ rowsBefore: before.rows, excessBefore: before.excess, rowsAfter: after.rows, excessAfter: after.excess },
});

/** Some servers take IGNORE_DUP_KEY and forget it. */
function verify(found: ReturnType<typeof findUnique>, data: UniqueData): Result<void, Failure> {
  if (found === undefined) return err({ kind: 'error', message: `The server made no unique index ${data.index}.` });
  if (!data.ignoresDuplicates || found.ignoresDuplicates) return ok(undefined);
  const message = `The server made the index ${data.index} without IGNORE_DUP_KEY: a duplicate is an error there (2627), and has to be left out by the statement that inserts.`;
  return err({ kind: 'error', message });
}

export const dropUniqueIndex = defineDatabaseAction({
  kind: DROP,
  data: UniqueData,
  look,
  foresee: (_, before) => Object.fromEntries(Object.keys(before).map((name) => [name, ABSENT])),
  half,
  perform: async (db, data, means) => {
    const table = await readTableIn(db, data);
    if (table.indexes.some(({ name }) => name === data.index)) await db.run(dropIndex({ table, name: data.index }));
    if (data.hash !== null && isThere(table, data.hash)) await db.run(dropColumn(table, data.hash));
    if ((await stateOf(db.run, table, data.id)) === 'none') return ok(undefined);
    const late = removalIn(await readTableIn(db, data), data);
    if (!late.ok) return late;
    const back = await putBack(db, late.value, watchOf(means));
    if (!back.ok) return back;
    means.report?.({ table: shownName(table), putBack: back.value });
    return ok(undefined);
  },
  inverse: (data) => ({
    does: `Make the unique index ${data.index} of ${shownName(tableIn(data))} again.`,
    action: makeUniqueIndex.of(data),
  }),
});
