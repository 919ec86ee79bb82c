/** Duplicates removed from a table, and put back. What is promised: dedupe.ts. */
import type { Console } from '@scorpiox/shared/database/console';
import { ok, type Result } from '@scorpiox/shared/result';
import { type Static, Type } from 'typebox';
import type { Failure } from '../../failure.ts';
import type { World } from '../../plan/plan.ts';
import { defineDatabaseAction, ON_DATABASE } from '../actions/database-action.ts';
import { needIdentity } from '../rows/identity.ts';
import { keyColumns, orderOf, shownKey } from '../rows/key.ts';
import { DEDUPE_BATCH } from '../rows/limits.ts';
import { madeName } from '../rows/names.ts';
import { readTable } from '../rows/read-table.ts';
import { place, shownName, type Table } from '../rows/table.ts';
import { watchOf } from '../rows/watch.ts';
import { indexWorld } from '../unique/find-index.ts';
import { putBack, removeDuplicates } from './dedupe.ts';
import { type RemovalState, stateOf } from './notes.ts';
import type { Removal } from './removal.ts';
import { reportOf } from './report.ts';

export const RemovalData = {
  ...ON_DATABASE,
  schema: Type.Union([Type.String(), Type.Null()]),
  table: Type.String(),
  key: Type.Array(Type.String(), { minItems: 1 }),
  /** The column by which the earliest is told, where somebody named it. */
  by: Type.Union([Type.String(), Type.Null()]),
  id: Type.Integer({ minimum: 1 }),
  archive: Type.String(),
  /** How many rows were to go when it was planned. */
  planned: Type.Integer({ minimum: 0 }),
  /** And how many the table had. */
  rows: Type.Integer({ minimum: 0 }),
};

const DedupeData = Type.Object(RemovalData);
type DedupeData = Static<typeof DedupeData>;

/** The table that a step is about. */
export const tableIn = ({ schema, table }: Pick<DedupeData, 'schema' | 'table'>) =>
  schema === null ? { name: table } : { schema, name: table };

/** The same, as it is now. */
export const readTableIn = (db: Console, data: Pick<DedupeData, 'schema' | 'table'>): Promise<Table> =>
  readTable(db, place({ dialect: db.kind, ...tableIn(data) }));

/** What is to be removed from the table as it is now. */
export function removalIn(
  table: Table,
  { key, by, id, archive }: Pick<DedupeData, 'key' | 'by' | 'id' | 'archive'>,
): Result<Removal, Failure> {
  const columns = keyColumns(table, key);
  if (!columns.ok) return columns;
  const identity = needIdentity(table);
  if (!identity.ok) return identity;
  const order = orderOf(table, by ?? undefined, identity.value);
  const doomed = madeName(table.name, 'doomed', String(id));
  return ok({ table, key: columns.value, order, id, archive, doomed, identity: identity.value, batch: DEDUPE_BATCH });
}

const nameOf = (data: DedupeData): string =>
  `duplicates of ${shownName(tableIn(data))} by ${shownKey(data.key)}, in ${data.archive} of ${data.database}`;

async function look(db: Console, data: DedupeData): Promise<World> {
  const table = await readTableIn(db, data);
  const state = await stateOf(db.run, table, data.id);
  return { [nameOf(data)]: state, ...indexWorld(table, data) };
}

/** The world while it is in one of these states. */
const halfIn =
  (...states: readonly RemovalState[]) =>
  async (db: Console, data: DedupeData): Promise<World | undefined> => {
    const world = await look(db, data);
    return states.some((state) => state === world[nameOf(data)]) ? world : undefined;
  };

const PUT_BACK = 'db-put-duplicates-back';

export const removeDuplicateRows = defineDatabaseAction({
  kind: 'db-remove-duplicates',
  data: DedupeData,
  look,
  foresee: (data, before) => ({ ...before, [nameOf(data)]: 'whole' }),
  half: halfIn('removing', 'returning'),
  perform: async (db, data, means) => {
    const removal = removalIn(await readTableIn(db, data), data);
    if (!removal.ok) return removal;
    const removed = await removeDuplicates(db, removal.value, data, watchOf(means));
    if (!removed.ok) return removed;
    means.report?.(reportOf(removal.value, removed.value));
    return ok(undefined);
  },
  inverse: (data) => ({
    does: `Put the rows in ${data.archive} back into ${shownName(tableIn(data))}.`,
    action: { kind: PUT_BACK, data },
  }),
});

export const putDuplicatesBack = defineDatabaseAction({
  kind: PUT_BACK,
  data: DedupeData,
  look,
  foresee: (data, before) => ({ ...before, [nameOf(data)]: 'none' }),
  half: halfIn('returning'),
  perform: async (db, data, means) => {
    const removal = removalIn(await readTableIn(db, data), data);
    if (!removal.ok) return removal;
    const back = await putBack(db, removal.value, watchOf(means));
    if (!back.ok) return back;
    means.report?.({ table: shownName(removal.value.table), putBack: back.value });
    return ok(undefined);
  },
  inverse: (data) => ({
    does: `Remove the duplicates of ${shownName(tableIn(data))} by ${shownKey(data.key)} again.`,
    action: removeDuplicateRows.of(data),
  }),
});
