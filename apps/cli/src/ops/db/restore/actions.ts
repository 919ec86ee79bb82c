/** The embedded database brought back from a backup, and what lay there before put back. Names change; nothing is removed. */
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { copyChecked, type DatabaseError, exchangeDatabase } from '@scorpiox/shared/database';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { type Static, Type } from 'typebox';
import type { Failure } from '../../failure.ts';
import { databaseFailure } from '../../insights/control.ts';
import { defineAction } from '../../plan/action.ts';
import type { World } from '../../plan/plan.ts';
import { fileState, isOneFile } from './file-state.ts';

const Places = Type.Object({
  /** The name that programs open. */
  file: Type.String(),
  /** Where the one that is there goes; nothing lies there yet. */
  aside: Type.String(),
  /** Where the other one comes from. */
  incoming: Type.String(),
});

const Restoring = Type.Object({
  ...Places.properties,
  backup: Type.String(),
  /** What the backup was seen as. */
  state: Type.String(),
});

/** By which file lies where: a database that is used is the same one, whatever was written to it. */
const look = async (places: Static<typeof Places>): Promise<World> =>
  Object.fromEntries(await Promise.all(Object.values(at(places)).map(async (path) => [path, await fileState(path)])));

/** Where the two databases may lie; the same for a deed and what takes it back. */
const at = ({ file, aside, incoming }: Static<typeof Places>): readonly string[] => [file, aside, incoming].toSorted();

export const restoreDatabase = defineAction({
  kind: 'restore-database',
  data: Restoring,
  look,
  foresee: () => undefined,
  perform: async ({ backup, state, ...places }) => {
    if ((await fileState(backup, 'content')) !== state) {
      return err({ kind: 'stale', message: `${backup} has changed since the plan was made.` });
    }
    const copied = copyChecked(backup, places.incoming);
    if (!copied.ok) return err(databaseFailure(copied.error));
    const exchanged = exchange(places);
    if (!exchanged.ok) await rm(places.incoming, { force: true });
    return exchanged;
  },
  // The old one has its second name from the moment before it loses the first.
  half: async (places) => (existsSync(places.aside) ? look(places) : undefined),
  inverse: ({ file, aside, incoming }) => putBack({ file, aside: incoming, incoming: aside }),
});

export const exchangeDatabases = defineAction({
  kind: 'exchange-databases',
  data: Places,
  look,
  foresee: ({ file, aside, incoming }, before) =>
    before[file] === before[incoming] ? undefined : swapped({ file, aside, incoming }, before),
  perform: async (places) => exchange(places),
  half: async ({ file, aside }) =>
    (await isOneFile(file, aside)) ? look({ file, aside, incoming: aside }) : undefined,
  inverse: ({ file, aside, incoming }) => putBack({ file, aside: incoming, incoming: aside }),
});

const swapped = ({ file, aside, incoming }: Static<typeof Places>, before: World): World => ({
  ...before,
  [file]: before[incoming] ?? '',
  [aside]: before[file] ?? '',
  [incoming]: before[aside] ?? '',
});

const putBack = (places: Static<typeof Places>) => ({
  does: `Put the database that lies at ${places.incoming} back to ${places.file}; the one there now goes to ${places.aside}.`,
  action: { kind: 'exchange-databases', data: places },
});

function exchange(places: Static<typeof Places>): Result<void, Failure> {
  const exchanged = exchangeDatabase(places);
  return exchanged.ok ? ok(undefined) : err(exchangeFailure(exchanged.error));
}

function exchangeFailure({ code, message }: DatabaseError): Failure {
  if (code !== 'busy') return databaseFailure({ code, message });
  return {
    kind: 'refused',
    message: `${message} Stop what works on it first: the API (\`scorpiox up\`), commands, shells.`,
  };
}
