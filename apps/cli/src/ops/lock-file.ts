/**
 * A lock file that names its holder.
 *
 * The holder is named by process id, the time it was started and the machine's boot, so that a lock left behind by a
 * crash never looks alive because its number was given to another process. The file appears with its content in one
 * step (a link), so nobody reads half a name. A dead holder's file is moved aside before it is replaced, and looked
 * at again there: of two that find the same dead lock, one moves the live file of the other and puts it back.
 */
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { type Failure, systemErrorCode } from './failure.ts';
import { identityOf, isAlive, pidOf } from './process-identity.ts';

export interface Lock {
  release(): Promise<void>;
}

const ATTEMPTS = 5;

/** Takes a lock; where another process has it, that is what `held` makes of `process 1234`. Errors of the system are thrown. */
export async function takeLock(file: string, held: (who: string) => Failure): Promise<Result<Lock, Failure>> {
  const mine = await identityOf(process.pid);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (await create(file, mine)) return ok({ release: () => release(file, mine) });
    const holder = await read(file);
    if (holder === undefined) continue;
    if (await isAlive(holder)) return err(held(nameOf(holder)));
    await putAside(file, holder);
  }
  return err(held(nameOf(await read(file))));
}

const nameOf = (holder: string | undefined): string =>
  holder === undefined ? 'another process' : `process ${pidOf(holder)}`;

async function create(file: string, content: string): Promise<boolean> {
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, content);
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function putAside(file: string, dead: string): Promise<void> {
  const aside = `${file}.dead.${process.pid}`;
  try {
    await rename(file, aside);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return; // another one was faster
    throw error;
  }
  const moved = await read(aside);
  if (moved !== undefined && moved !== dead) await create(file, moved);
  await rm(aside, { force: true });
}

async function release(file: string, mine: string): Promise<void> {
  if ((await read(file)) === mine) await rm(file, { force: true });
}

async function read(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
