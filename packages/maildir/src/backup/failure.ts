import { errno } from '../errors.ts';

/** What keeps a backup from being made or used. `message` is a sentence that names the path. */
export class BackupFailure extends Error {
  /**
   * `target`: what keeps backups cannot be written or read; `code` is the system's. `busy`: another process is at it.
   * `no-backup`: there is none. `damaged`: it is not what it was when it was made.
   */
  readonly reason: 'target' | 'busy' | 'no-backup' | 'damaged';
  /** The system's name of it, where it has one. */
  readonly code: string | undefined;

  constructor(reason: BackupFailure['reason'], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'BackupFailure';
    this.reason = reason;
    this.code = errno(cause);
  }
}

/** Runs `work` on the place that keeps backups; what fails is said with its path. */
export async function atTarget<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = errno(error);
    if (code === undefined || error instanceof BackupFailure) throw error;
    const what = code === 'ENOSPC' || code === 'EDQUOT' ? 'its disk is full' : code;
    throw new BackupFailure('target', `${path} cannot be used: ${what}.`, error);
  }
}

/** Does it; that the backup's octets are damaged is passed over where that is wanted. */
export async function unlessDamaged(isPassedOver: boolean, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isPassedOver || !(error instanceof BackupFailure) || error.reason !== 'damaged') throw error;
  }
}
