/**
 * Which processes have a file of SQLite open, from /proc: the file itself knows nothing of them. Processes of other users are
 * seen by root only, those outside of a container from its host only, and locks have no times.
 */
import { readdir, readFile, readlink, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Holding, holdingsOf, parseLocks } from './proc-locks.ts';

export interface Holder extends Holding {
  readonly pid: number;
  /** Its program, and the script that it runs: the rest of a command line may hold what is nobody's business. */
  readonly command: string;
}

/** Undefined where the system does not tell (no /proc). Without this process, which only looks. */
export async function holdersOf(file: string, proc = '/proc'): Promise<readonly Holder[] | undefined> {
  const path = await realpath(file);
  const locks = await text(join(proc, 'locks'));
  if (locks === undefined) return undefined;
  const holdings = holdingsOf(parseLocks(locks), await inodesOf(path));
  const holders: Holder[] = [];
  for (const pid of (await readdir(proc)).filter((name) => /^\d+$/.test(name)).map(Number)) {
    if (pid === process.pid || !(await hasOpen(join(proc, String(pid), 'fd'), path))) continue;
    const { reads, writes } = holdings.get(pid) ?? { reads: false, writes: false };
    const command = programIn((await text(join(proc, String(pid), 'cmdline'))) ?? '');
    holders.push({ pid, command, reads, writes });
  }
  return holders;
}

/** The words of a command line end with NUL. What stands behind an option may belong to it. */
function programIn(commandLine: string): string {
  const [program = '', first = ''] = commandLine.split('\0');
  return first === '' || first.startsWith('-') ? program : `${program} ${first}`;
}

/** A process may be gone, or another user's. */
async function hasOpen(folder: string, path: string): Promise<boolean> {
  try {
    for (const name of await readdir(folder)) {
      const target = await readlink(join(folder, name)).catch(() => undefined);
      if (target === path) return true;
    }
  } catch {
    return false;
  }
  return false;
}

async function inodesOf(path: string): Promise<{ readonly database: string; readonly shm?: string }> {
  const database = String((await stat(path, { bigint: true })).ino);
  const shm = await stat(`${path}-shm`, { bigint: true }).catch(() => undefined);
  return shm === undefined ? { database } : { database, shm: String(shm.ino) };
}

const text = (file: string): Promise<string | undefined> => readFile(file, 'utf8').catch(() => undefined);
