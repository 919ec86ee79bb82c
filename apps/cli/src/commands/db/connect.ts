/** The connection of a command to the database that is meant. */
import type { DatabaseLocation } from '@scorpiox/shared/config';
import { type Console, ConsoleError, nameOf, openConsole, type Statement } from '@scorpiox/shared/database/console';
import { CommandFailed, type ConfigOptions, orFail, readConfig } from '../../command.ts';
import type { Io } from '../../io.ts';
import { consoleFailure, DatabaseFailed } from '../../ops/db/failure.ts';
import { LOCK_TIMEOUT_MS } from '../../ops/db/limits.ts';
import { readTarget } from '../../ops/db/target.ts';
import type { OnOptions } from './on.ts';
import { statementTeller } from './tell.ts';

/** The database that an option names. Asks for a password on a terminal, where it is not known. */
export async function locate(io: Io, written: string | undefined, options: ConfigOptions): Promise<DatabaseLocation> {
  const config = orFail(readConfig(io, options));
  const ask = async (server: string) => (io.stdinIsTerminal ? io.askSecret(`Password of ${server}:`) : undefined);
  return orFail(await readTarget(written, { configured: config.insights.database, cwd: io.cwd, ask }));
}

/** What shows the statements of a database, by its name. */
export type Teller = (name: string) => (statement: Statement) => void;

/** What was shown so far, by command line. */
const SHOWN = new WeakMap<Io, Map<string, number>>();

/** Shows statements on standard error, or by `print`, a line that may have several. */
export function tellerOf(
  io: Io,
  { quiet }: Pick<OnOptions, 'quiet'>,
  print = (line: string) => io.say(`${line}\n`),
): Teller {
  if (quiet === true) return () => () => undefined;
  const numbers = SHOWN.get(io) ?? new Map<string, number>();
  SHOWN.set(io, numbers);
  return statementTeller(print, numbers);
}

export interface OpenOptions {
  readonly readOnly?: boolean;
  readonly create?: boolean;
  readonly statementTimeoutMs?: number;
  /** The command's own, where it opens several or has a bar. */
  readonly teller?: Teller;
}

/** Runs `use` with a console to a database, and ends the command where the database fails. */
export async function withConsole<T>(
  io: Io,
  location: DatabaseLocation,
  open: OpenOptions,
  options: OnOptions,
  use: (db: Console) => Promise<T>,
): Promise<T> {
  try {
    return await useConsole(io, location, open, options, use);
  } catch (error) {
    throw asFailed(error, nameOf(location));
  }
}

/** The same for those who tell failures apart themselves: throws what `use` throws, and `DatabaseFailed` where it cannot be opened. */
export async function useConsole<T>(
  io: Io,
  location: DatabaseLocation,
  { teller, ...open }: OpenOptions,
  options: OnOptions,
  use: (db: Console) => Promise<T>,
): Promise<T> {
  const name = nameOf(location);
  const tell = (teller ?? tellerOf(io, options))(name);
  const lockTimeoutMs = options.lockTimeout ?? LOCK_TIMEOUT_MS;
  const opened = await openConsole(location, { tell, lockTimeoutMs, ...open });
  if (!opened.ok) throw new DatabaseFailed(consoleFailure(opened.error, name));
  try {
    return await use(opened.value);
  } finally {
    await opened.value.close();
  }
}

/** What a failing database means for the command. `name`: of the database that the command itself asks. */
export function asFailed(error: unknown, name = 'The database'): unknown {
  if (error instanceof ConsoleError) return new CommandFailed(consoleFailure(error, name));
  return error instanceof DatabaseFailed ? new CommandFailed(error.failure) : error;
}

/** The same with the database that `--on` names. */
export async function withDatabase<T>(
  io: Io,
  options: OnOptions,
  open: OpenOptions,
  use: (db: Console, location: DatabaseLocation) => Promise<T>,
): Promise<T> {
  const location = await locate(io, options.on, options);
  return withConsole(io, location, open, options, (db) => use(db, location));
}
