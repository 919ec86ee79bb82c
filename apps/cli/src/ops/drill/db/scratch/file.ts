/** A drill's database in a file. */
import { existsSync } from 'node:fs';
import { rm, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { nameOf, openConsole } from '@scorpiox/shared/database/console';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { consoleFailure } from '../../../db/failure.ts';
import type { Failure } from '../../../failure.ts';
import { BYTES_PER_ROW, LOAD_LOCK_TIMEOUT_MS } from '../limits.ts';
import type { MadeDatabase, ScratchRequest } from './scratch.ts';

/** Makes it. Errors of the system are thrown. */
export async function makeFile(
  file: string,
  { rows }: Pick<ScratchRequest, 'rows'>,
): Promise<Result<MadeDatabase, Failure>> {
  if (existsSync(file)) return err(taken(file));
  const room = await hasRoom(dirname(file), rows);
  if (!room.ok) return room;
  const location = { kind: 'sqlite', file } as const;
  const name = nameOf(location);
  const opened = await openConsole(location, {
    tell: () => undefined,
    lockTimeoutMs: LOAD_LOCK_TIMEOUT_MS,
    create: true,
  });
  if (!opened.ok) return err(consoleFailure(opened.error, name));
  const db = opened.value;
  const remove = async (): Promise<Result<void, Failure>> => {
    await db.close();
    for (const part of ['', '-wal', '-shm', '-journal']) await rm(file + part, { force: true });
    return ok(undefined);
  };
  return ok({ location, db, remove });
}

const taken = (file: string): Failure => ({
  kind: 'refused',
  message: `${file} is there already: a drill makes a database of its own. Name a file that is not there, or none.`,
});

async function hasRoom(folder: string, rows: number): Promise<Result<void, Failure>> {
  const { bavail, bsize } = await statfs(folder);
  const [free, needed] = [bavail * bsize, rows * BYTES_PER_ROW];
  if (free >= needed) return ok(undefined);
  const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6).toLocaleString('en')} MB`;
  const message = `A drill of ${rows.toLocaleString('en')} rows needs ${megabytes(needed)}, and ${folder} has ${megabytes(free)}. Ask for fewer with --rows, or name a file elsewhere with --on sqlite:FILE.`;
  return err({ kind: 'try-again', message });
}
