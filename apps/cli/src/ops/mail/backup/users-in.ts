import { readdir } from 'node:fs/promises';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { type Failure, kindOfSystemError, systemErrorCode } from '../../failure.ts';

/** Those who are named, or all who have a folder there. */
export async function usersIn(from: string, named: readonly string[]): Promise<Result<readonly string[], Failure>> {
  try {
    const there = (await readdir(from, { withFileTypes: true })).filter((entry) => entry.isDirectory());
    const users = there.map(({ name }) => name).filter((name) => !name.startsWith('.'));
    const missing = named.map((name) => name.toLowerCase()).find((name) => !users.includes(name));
    if (missing === undefined) {
      const wanted = named.map((name) => name.toLowerCase());
      return ok(named.length === 0 ? users.sort() : [...new Set(wanted)]);
    }
    return err({ kind: 'no-such-user', message: `${from} has no backup of ${JSON.stringify(missing)}.` });
  } catch (error) {
    const code = systemErrorCode(error);
    return err({
      kind: kindOfSystemError(code),
      message: `There are no backups in ${from}: ${code ?? String(error)}.`,
    });
  }
}
