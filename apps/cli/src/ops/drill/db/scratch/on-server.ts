/** A drill's database on a SQL Server: made beside the one that is named, and dropped. */
import type { DatabaseLocation } from '@scorpiox/shared/config';
import { type Console, ConsoleError, nameOf, openConsole } from '@scorpiox/shared/database/console';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { consoleFailure } from '../../../db/failure.ts';
import type { Failure } from '../../../failure.ts';
import { LOAD_LOCK_TIMEOUT_MS } from '../limits.ts';
import type { MadeDatabase, ScratchRequest } from './scratch.ts';
import { createDatabase, dropDatabase, endSessions } from './server-texts.ts';

type ServerLocation = Extract<DatabaseLocation, { kind: 'mssql' }>;

export async function makeOnServer(
  on: ServerLocation,
  id: string,
  { tell }: Pick<ScratchRequest, 'tell'>,
): Promise<Result<MadeDatabase, Failure>> {
  const location = { ...on, database: `scorpiox_drill_${id}` };
  const lockTimeoutMs = LOAD_LOCK_TIMEOUT_MS;
  const server = await openConsole(on, { tell: tell(nameOf(on)), lockTimeoutMs });
  if (!server.ok) return err(consoleFailure(server.error, nameOf(on)));
  const made = await attempt(server.value, nameOf(on), (run) => run(createDatabase(location.database)));
  if (!made.ok) {
    await server.value.close();
    return made;
  }
  const drop = async (): Promise<Result<void, Failure>> => {
    // Where the server does not know that statement, sessions that are still there keep the database, and that is said.
    await server.value.run(endSessions(location.database)).catch(() => undefined);
    const dropped = await attempt(server.value, nameOf(on), (run) => run(dropDatabase(location.database)));
    await server.value.close();
    return dropped;
  };
  const opened = await openConsole(location, { tell: () => undefined, lockTimeoutMs });
  if (!opened.ok) {
    await drop();
    return err(consoleFailure(opened.error, nameOf(location)));
  }
  const db = opened.value;
  const remove = (): Promise<Result<void, Failure>> => db.close().then(drop);
  return ok({ location, db, remove });
}

async function attempt(
  server: Console,
  name: string,
  work: (run: Console['run']) => Promise<unknown>,
): Promise<Result<void, Failure>> {
  try {
    await work(server.run);
    return ok(undefined);
  } catch (error) {
    if (!(error instanceof ConsoleError)) throw error;
    return err(consoleFailure(error, name));
  }
}
