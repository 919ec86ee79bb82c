/*
 * Steps that work on a database
 *
 * A step names its database as people and journals know it (`nameOf`), never its password. Whoever applies or undoes the
 * plan says how such a name is opened: a command by what it was told, `undo` by the configuration or `--on @FILE`. A look
 * opens a connection and closes it again, so a plan that is shown or waited for holds none.
 */
import { type Console, ConsoleError } from '@scorpiox/shared/database/console';
import { err, type Result } from '@scorpiox/shared/result';
import { type Static, type TObject, type TString, Type } from 'typebox';
import type { Failure } from '../../failure.ts';
import { type ActionKind, type ActionSpec, defineAction } from '../../plan/action.ts';
import type { Action, World } from '../../plan/plan.ts';
import { consoleFailure, DatabaseFailed } from '../failure.ts';

/** What a step has at hand. */
export interface Means {
  /** Runs `use` with the database of this name open. Throws `DatabaseFailed` where it cannot be, and whatever `use` throws. */
  open<T>(database: string, use: (db: Console) => Promise<T>): Promise<T>;
  /** Of a step that is long: told now and then how far it is. */
  readonly onProgress?: (done: number, total?: number) => void;
  /** Of a step that is long and can be gone on with: ends it after what is being done. */
  readonly stop?: AbortSignal;
  /** What a step found before it began and when it had ended, for the command's output. */
  readonly report?: (facts: Facts) => void;
}

/** Named values, in the order in which they are shown. */
export type Facts = Readonly<Record<string, string | number | boolean | null>>;

/** For what only lists kinds of steps. */
export const NO_DATABASES: Means = {
  open: async (database) => {
    throw new DatabaseFailed({ kind: 'unavailable', message: `${database} is not at hand here.` });
  },
};

/** The part that the data of all of them have: the database's name. */
export const ON_DATABASE = { database: Type.String() };

type OnDatabase = TObject<{ database: TString }>;

/** As `ActionSpec`, with the database open. Errors of the console may be thrown. */
export interface DatabaseActionSpec<S extends OnDatabase> {
  readonly kind: string;
  readonly data: S;
  look(db: Console, data: Static<S>): Promise<World>;
  foresee(data: Static<S>, before: World): World | undefined;
  perform(db: Console, data: Static<S>, means: Means): Promise<Result<void, Failure>>;
  half?(db: Console, data: Static<S>): Promise<World | undefined>;
  inverse(data: Static<S>): { readonly does: string; readonly action: Action } | undefined;
}

/** A kind of step that still has to be told how databases are opened. */
export interface DatabaseAction {
  readonly kind: string;
  with(means: Means): ActionKind;
}

export function defineDatabaseAction<S extends OnDatabase>(
  spec: DatabaseActionSpec<S>,
): DatabaseAction & { of(data: Static<S>): Action } {
  return {
    kind: spec.kind,
    of: (data) => ({ kind: spec.kind, data }),
    with: (means) => defineAction(bound(spec, means)),
  };
}

function bound<S extends OnDatabase>(spec: DatabaseActionSpec<S>, means: Means): ActionSpec<S> {
  const { half } = spec;
  // The schema has it; the type of a schema that is still open does not say so.
  const nameIn = (data: Static<S>): string => (data as { readonly database: string }).database;
  const within = <T>(data: Static<S>, use: (db: Console) => Promise<T>) => opened(means, nameIn(data), use);
  return {
    kind: spec.kind,
    data: spec.data,
    look: (data) => within(data, (db) => spec.look(db, data)),
    foresee: spec.foresee,
    perform: async (data) => {
      try {
        return await within(data, (db) => spec.perform(db, data, means));
      } catch (error) {
        if (error instanceof DatabaseFailed) return err(error.failure);
        throw error;
      }
    },
    ...(half === undefined ? {} : { half: (data: Static<S>) => within(data, (db) => half(db, data)) }),
    inverse: spec.inverse,
  };
}

/** Every failure of the database is thrown as `DatabaseFailed`. */
async function opened<T>(means: Means, database: string, use: (db: Console) => Promise<T>): Promise<T> {
  try {
    return await means.open(database, use);
  } catch (error) {
    throw error instanceof ConsoleError ? new DatabaseFailed(consoleFailure(error, database)) : error;
  }
}
