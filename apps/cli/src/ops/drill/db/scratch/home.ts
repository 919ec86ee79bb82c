/** The folder of a drill, which names the process that it is for: what a killed one left is known by that, and removed. */
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolders } from '../../../make-folders.ts';
import { identityOf, isAlive } from '../../../process-identity.ts';

const OWNER = 'owner';

/** Makes it. Errors of the system are thrown. */
export async function makeHome(folder: string, id: string): Promise<string> {
  const home = join(folder, id);
  await makeFolders(home);
  await writeFile(join(home, OWNER), await identityOf(process.pid), { mode: 0o600 });
  return home;
}

export const removeHome = (home: string): Promise<void> => rm(home, { recursive: true, force: true });

/** Removes those of drills that were killed, and tells of each. */
export async function removeLeftovers(folder: string, onLeftover: (what: string) => void): Promise<void> {
  const names = existsSync(folder) ? await readdir(folder) : [];
  for (const home of names.map((name) => join(folder, name))) {
    const owner = await readFile(join(home, OWNER), 'utf8').catch(() => undefined);
    if (owner === undefined || (await isAlive(owner))) continue;
    await removeHome(home);
    onLeftover(home);
  }
}
