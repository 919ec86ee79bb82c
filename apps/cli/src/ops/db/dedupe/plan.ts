import type { Console } from '@scorpiox/shared/database/console';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import type { Actions } from '../../plan/action.ts';
import type { Plan } from '../../plan/plan.ts';
import { Planner } from '../../plan/planner.ts';
import { columnsOf } from '../catalog/describe.ts';
import { isSameName } from '../catalog/table.ts';
import { countDuplicates, type KeyCounts } from '../dupes/dupes.ts';
import { cascades, tellTriggers } from '../rows/dependents.ts';
import { needIdentity, type RowIdentity } from '../rows/identity.ts';
import { keyColumns, orderOf, shownKey } from '../rows/key.ts';
import { madeName } from '../rows/names.ts';
import { exists, readTable } from '../rows/read-table.ts';
import { shownName, type Table } from '../rows/table.ts';
import { removeDuplicateRows } from './action.ts';
import { findOpen, type Note, nextId } from './notes.ts';
import { ARCHIVE_COLUMNS } from './removal.ts';

/** What a command line says. */
export interface DedupeRequest {
  /** As it was written: `TABLE` or `SCHEMA.TABLE`. */
  readonly table: string;
  readonly key: readonly string[];
  readonly by: string | undefined;
}

/** A table by a key, looked at. */
export interface Looked {
  readonly table: Table;
  readonly key: readonly string[];
  readonly by: string | null;
  readonly identity: RowIdentity;
  readonly counts: KeyCounts;
  /** A removal that was cut short. */
  readonly open: Note | undefined;
}

export interface PlannedDedupe {
  readonly plan: Plan;
  /** What whoever agrees has to know beside, sentences. */
  readonly notes: readonly string[];
}

/** Looks at a table whose rows are to go. Rejects with `ConsoleError` and `DatabaseFailed`. */
export async function lookAt(db: Console, request: DedupeRequest): Promise<Result<Looked, Failure>> {
  const table = await readTable(db, request.table);
  const key = keyColumns(table, request.key);
  if (!key.ok) return key;
  const by = request.by === undefined ? undefined : columnsOf(table, [request.by]);
  if (by?.ok === false) return by;
  const own = table.columns.find(({ name }) => ARCHIVE_COLUMNS.some((one) => isSameName(one, name)));
  if (own !== undefined)
    return err({
      kind: 'refused',
      message: `${shownName(table)} is an archive itself: it has the column ${own.name}.`,
    });
  const identity = needIdentity(table);
  if (!identity.ok) return identity;
  const open = await findOpen(db.run, table, key.value);
  if (open?.state === 'returning') return err(halfReturned(open));
  const counts = await countDuplicates(db.run, { table, key: key.value });
  const cascade = counts.excess > 0 ? await cascades(db.run, table) : undefined;
  if (cascade !== undefined) return err({ kind: 'refused', message: cascade });
  return ok({ table, key: key.value, by: by?.value[0]?.name ?? null, identity: identity.value, counts, open });
}

const halfReturned = ({ archive }: Note): Failure => ({
  kind: 'refused',
  message: `Rows are being put back from ${archive}, and not all are: \`scorpiox runs\` shows the run that has to be undone once more.`,
});

/** Plans that the duplicates of a table go. */
export async function planDedupe(
  db: Console,
  request: DedupeRequest,
  actions: Actions,
): Promise<Result<PlannedDedupe, Failure>> {
  const looked = await lookAt(db, request);
  if (!looked.ok) return looked;
  const planner = new Planner(actions);
  await addRemoval(planner, db, looked.value);
  return ok({ plan: { title: 'db dedupe', steps: planner.steps }, notes: await notesOf(db, looked.value) });
}

/** Adds the step, where there is something to remove, and says the number of the removal. */
export async function addRemoval(planner: Planner, db: Console, looked: Looked): Promise<number | undefined> {
  const { table, key, by, counts, open } = looked;
  const { id, archive } = open ?? (await freeArchive(db, table, await nextId(db.run, table)));
  if (counts.excess === 0 && open === undefined) return undefined;
  const data = { database: db.name, schema: table.schema ?? null, table: table.name, key: [...key], by };
  const action = removeDuplicateRows.of({ ...data, id, archive, planned: counts.excess, rows: counts.rows });
  await planner.add(tell(looked, archive), action);
  return id;
}

/** The first number from this one on under which no archive stands. */
export async function freeArchive(db: Console, table: Table, from: number) {
  for (let id = from; ; id += 1) {
    const archive = archiveName(table, id);
    if (!(await exists(db, table, archive))) return { id, archive };
  }
}

const archiveName = ({ name }: Table, id: number): string => madeName(name, 'duplicates', String(id));

function tell({ table, key, by, identity, counts, open }: Looked, archive: string): string {
  const kept = orderOf(table, by ?? undefined, identity).told;
  const begin = open === undefined ? 'Remove' : 'Go on and remove';
  const many = counts.excess.toLocaleString('en');
  return `${begin} ${many} of ${counts.rows.toLocaleString('en')} rows of ${shownName(table)} that have the ${shownKey(key)} of another: the earliest stays (${kept}), the others go into ${archive}.`;
}

/** What else happens when they go. */
export const notesOf = async (db: Console, { table, counts }: Looked): Promise<readonly string[]> =>
  counts.excess === 0 ? [] : tellTriggers(db.run, table, 'DELETE');
