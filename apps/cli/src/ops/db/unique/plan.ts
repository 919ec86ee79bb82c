import type { Console } from '@scorpiox/shared/database/console';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import type { Actions } from '../../plan/action.ts';
import { Planner } from '../../plan/planner.ts';
import { columnsOf } from '../catalog/describe.ts';
import { nextId } from '../dedupe/notes.ts';
import {
  addRemoval,
  type DedupeRequest,
  freeArchive,
  type Looked,
  lookAt,
  notesOf,
  type PlannedDedupe,
} from '../dedupe/plan.ts';
import { number } from '../dialect/rows.ts';
import { only } from '../rows/cells.ts';
import { shownKey } from '../rows/key.ts';
import { INDEX_KEY_MAX_BYTES } from '../rows/limits.ts';
import { madeName } from '../rows/names.ts';
import { exists } from '../rows/read-table.ts';
import { type Index, shownName } from '../rows/table.ts';
import { makeUniqueIndex } from './action.ts';
import { findUnique, hashColumnOf } from './find-index.ts';
import { keyBytes } from './key-bytes.ts';
import { canBuildOnline, ENGINE_EDITION } from './texts.ts';

export interface UniqueRequest extends DedupeRequest {
  /** What the index is called; made of the table's name and the key where nobody says. */
  readonly index: string | undefined;
  /** Whether inserts of a key that is there are to be skipped. */
  readonly ignoresDuplicates: boolean;
}

/** Plans that a table gets a unique index, and loses what stands in its way. */
export async function planUnique(
  db: Console,
  request: UniqueRequest,
  actions: Actions,
): Promise<Result<PlannedDedupe, Failure>> {
  const looked = await lookAt(db, request);
  if (!looked.ok) return looked;
  const { table, key } = looked.value;
  const known = findUnique(table, key);
  if (known !== undefined) return isThere(db, looked.value, known, request);
  const planner = new Planner(actions);
  const hash = needsHash(looked.value) ? hashColumnOf(key) : null;
  // With a hash, equal is something else: what stands in its way shows once the column is there.
  const removal = hash === null ? await addRemoval(planner, db, looked.value) : undefined;
  const added = await addIndex(planner, db, looked.value, request, { hash, after: removal });
  if (!added.ok) return added;
  const notes = [...(await notesOf(db, looked.value)), ...tellIgnoring(db, request), ...tellHash(hash)];
  return ok({ plan: { title: 'db unique', steps: planner.steps }, notes });
}

/** The primary key of a rowid table is found under the name `PRIMARY KEY`. */
function isThere(
  db: Console,
  { table, key }: Looked,
  { name, ignoresDuplicates }: Index,
  request: UniqueRequest,
): Result<PlannedDedupe, Failure> {
  if (request.ignoresDuplicates && db.kind === 'sqlserver' && !ignoresDuplicates) {
    const message = `${shownName(table)} has the unique index ${name} by ${shownKey(key)}, without IGNORE_DUP_KEY. An index, not one of a constraint, gets it by: ALTER INDEX … ON … SET (IGNORE_DUP_KEY = ON)`;
    return err({ kind: 'refused', message: `${message}.` });
  }
  const there = `${shownName(table)} has a unique index by ${shownKey(key)}: ${name}.`;
  return ok({ plan: { title: 'db unique', steps: [] }, notes: [there, ...tellIgnoring(db, request)] });
}

const needsHash = ({ table, key }: Looked): boolean => {
  const columns = columnsOf(table, key);
  return table.dialect === 'sqlserver' && columns.ok && keyBytes(columns.value) > INDEX_KEY_MAX_BYTES;
};

async function addIndex(
  planner: Planner,
  db: Console,
  looked: Looked,
  request: UniqueRequest,
  { hash, after }: { readonly hash: string | null; readonly after: number | undefined },
): Promise<Result<void, Failure>> {
  const { table, key, by, open, counts } = looked;
  const index = request.index ?? madeName('ux', table.name, ...key);
  const isTaken = table.indexes.some(({ name }) => name.toLowerCase() === index.toLowerCase());
  if (isTaken || (db.kind === 'sqlite' && (await exists(db, table, index)))) {
    return err({ kind: 'refused', message: `There is something else by the name ${index}: say --name.` });
  }
  const goingOn = hash === null ? undefined : open;
  const free = goingOn ?? (await freeArchive(db, table, (after ?? (await nextId(db.run, table)) - 1) + 1));
  const data = {
    ...{ database: db.name, schema: table.schema ?? null, table: table.name, key: [...key], by },
    ...{ id: free.id, archive: free.archive, planned: counts.excess, rows: counts.rows, index, hash },
    ignoresDuplicates: request.ignoresDuplicates && db.kind === 'sqlserver',
    isOnline: db.kind === 'sqlserver' && canBuildOnline(number(await only(db.run, ENGINE_EDITION), 'edition')),
  };
  await planner.add(tell(looked, data), makeUniqueIndex.of(data));
  return ok(undefined);
}

interface Told {
  readonly index: string;
  readonly archive: string;
  readonly ignoresDuplicates: boolean;
  readonly isOnline: boolean;
  readonly hash: string | null;
}

function tell({ table, key }: Looked, { index, archive, ignoresDuplicates, isOnline, hash }: Told): string {
  const by = hash === null ? shownKey(key) : `${hash}, a hash of ${shownKey(key)}`;
  const ignoring = ignoresDuplicates ? ', which skips inserts of a key that is there' : '';
  const meanwhile = table.dialect === 'sqlite' || !isOnline ? 'nobody else writes' : 'others go on writing';
  return `Make the unique index ${index} of ${shownName(table)} by ${by}${ignoring}; ${meanwhile} while it is made. Duplicates that come before it go into ${archive}.`;
}

const tellIgnoring = (db: Console, { ignoresDuplicates }: UniqueRequest): readonly string[] =>
  ignoresDuplicates && db.kind === 'sqlite'
    ? ['In SQLite it is the statement that skips a key that is there, not the index: INSERT … ON CONFLICT DO NOTHING.']
    : [];

const tellHash = (hash: string | null): readonly string[] =>
  hash === null
    ? []
    : [
        `The key may be longer than the ${INDEX_KEY_MAX_BYTES.toLocaleString('en')} bytes of an index. ${hash} is filled for all rows first, and nobody else uses the table meanwhile. Keys are then the same where their bytes are: letters' case and blanks at the end count.`,
        'Inserts by a session with QUOTED_IDENTIFIER, ANSI_NULLS or ARITHABORT off will fail (1934), as with any index on a computed column.',
      ];
