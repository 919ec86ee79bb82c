/** One `scorpiox up` per data folder. */
import { join } from 'node:path';
import type { Result } from '@scorpiox/shared/result';
import type { Failure } from '../failure.ts';
import { type Lock, takeLock } from '../lock-file.ts';

/** Takes the lock of a data folder, or says which process has it. */
export const lockDataDir = (dataDir: string): Promise<Result<Lock, Failure>> =>
  takeLock(join(dataDir, 'up.lock'), (who) => ({
    kind: 'unavailable',
    message: `Scorpiox runs already on ${dataDir} (${who}). Stop it first, or name another folder with --data-dir.`,
  }));
