/** How the steps of a plan get at the databases that they name (ops/db/actions/database-action.ts). */
import type { DatabaseLocation } from '@scorpiox/shared/config';
import { nameOf } from '@scorpiox/shared/database/console';
import type { ConfigOptions } from '../../command.ts';
import type { Io } from '../../io.ts';
import type { Means } from '../../ops/db/actions/database-action.ts';
import { withDatabases } from '../../ops/db/actions/with-databases.ts';
import type { Actions } from '../../ops/plan/action.ts';
import type { ProgressUnit } from '../../output/progress-line.ts';
import type { Work } from '../plan/carry-out.ts';
import { locate, type Teller, tellerOf, useConsole } from './connect.ts';
import type { OnOptions } from './on.ts';

/**
 * Steps are opened where the command was told that their databases are; any other by its name, with the password of the
 * configured one where that is on the same server, or asked for.
 */
function databaseMeans(
  io: Io,
  options: OnOptions,
  told: readonly DatabaseLocation[],
  teller: Teller = tellerOf(io, options),
): Means {
  const known = new Map(told.map((location) => [nameOf(location), location]));
  return {
    open: async (database, use) => {
      const location = known.get(database) ?? (await locate(io, database, options));
      known.set(database, location);
      return useConsole(io, location, { teller }, options, use);
    },
  };
}

/** The kinds of steps of a plan on databases that the command was told. */
export const databaseActionsFor = (io: Io, options: OnOptions, told: readonly DatabaseLocation[]): Actions =>
  withDatabases(databaseMeans(io, options, told));

interface DatabaseWorkOptions extends Pick<Work, 'end'>, Pick<Means, 'report'> {
  readonly unit?: ProgressUnit;
}

/** Applies such a plan, with a bar that counts in `unit`; statements are shown above it. */
export function databaseWork(
  io: Io,
  options: OnOptions,
  told: readonly DatabaseLocation[],
  { unit = 'steps', end, report }: DatabaseWorkOptions = {},
): Work {
  return {
    unit,
    begin: (progress, stop) => {
      const teller = tellerOf(io, options, progress.print);
      const means = { ...databaseMeans(io, options, told, teller), stop, ...(report === undefined ? {} : { report }) };
      return withDatabases(unit === 'steps' ? means : { ...means, onProgress: progress.update });
    },
    ...(end === undefined ? {} : { end }),
  };
}

/** For those who only tell of runs: statements are not shown, and nobody is asked for a password. */
export const quietActions = (io: Io, options: ConfigOptions): Actions =>
  withDatabases(databaseMeans({ ...io, stdinIsTerminal: false }, { ...options, quiet: true }, []));
