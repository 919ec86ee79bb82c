import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Result } from '@scorpiox/shared/result';
import type { Failure } from '../failure.ts';
import { type Lock, takeLock } from '../lock-file.ts';
import { keyOf } from './digest.ts';

/** Where it is noted what came over from one folder of a source into a mailbox. `home` is the folder of a user's mail. */
export const journalFile = (home: string, source: string, folder: string, target: string): string =>
  join(transfersFolder(home), short(source), short(`${folder}\n${target}`));

/** Where all of it is noted, for one user. */
const transfersFolder = (home: string): string => join(home, 'transfers');

const short = (text: string): string => keyOf(text).toString('hex').slice(0, 16);

/** One transfer into or out of a user's mail at a time. */
export async function lockTransfers(home: string, user: string): Promise<Result<Lock, Failure>> {
  await mkdir(transfersFolder(home), { recursive: true, mode: 0o700 });
  return takeLock(join(transfersFolder(home), 'lock'), (who) => ({
    kind: 'try-again',
    message: `Mail of ${user} is being imported or exported already, by ${who}.`,
  }));
}
