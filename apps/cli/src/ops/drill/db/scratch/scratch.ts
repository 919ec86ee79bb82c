/** What a drill works on: a database and a folder, made for it and gone after it. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { DatabaseLocation } from '@scorpiox/shared/config';
import type { Console, Statement } from '@scorpiox/shared/database/console';
import { ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../../failure.ts';
import { makeFile } from './file.ts';
import { makeHome, removeHome, removeLeftovers } from './home.ts';
import { makeOnServer } from './on-server.ts';

export interface MadeDatabase {
  readonly location: DatabaseLocation;
  readonly db: Console;
  /** Closes it and takes it away. */
  remove(): Promise<Result<void, Failure>>;
}

export interface Scratch extends MadeDatabase {
  /** For what else is kept while the drill goes on; removed with the database. */
  readonly home: string;
}

export interface ScratchRequest {
  /** Where the database is to be: a server, a file that is not there yet, or nothing, for a file in the home. */
  readonly on: DatabaseLocation | undefined;
  /** Where homes of drills are. */
  readonly folder: string;
  /** How many rows it has to have room for. */
  readonly rows: number;
  /** Called before each statement that is run on a server beside the database. */
  readonly tell: (database: string) => (statement: Statement) => void;
  /** Told what an earlier drill left behind and this one removed. */
  readonly onLeftover: (what: string) => void;
}

/** Makes it. Errors of the system are thrown. */
export async function makeScratch(request: ScratchRequest): Promise<Result<Scratch, Failure>> {
  const { on, folder, onLeftover } = request;
  await removeLeftovers(folder, onLeftover);
  const id = randomBytes(4).toString('hex');
  const home = await makeHome(folder, id);
  try {
    const made =
      on?.kind === 'mssql'
        ? await makeOnServer(on, id, request)
        : await makeFile(on?.file ?? join(home, 'drill.db'), request);
    if (!made.ok) await removeHome(home);
    return made.ok ? ok({ ...made.value, home, remove: () => removeBoth(made.value, home) }) : made;
  } catch (error) {
    await removeHome(home);
    throw error;
  }
}

async function removeBoth(database: MadeDatabase, home: string): Promise<Result<void, Failure>> {
  const removed = await database.remove();
  await removeHome(home);
  return removed;
}
