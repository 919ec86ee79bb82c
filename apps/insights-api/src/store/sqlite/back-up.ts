import type { Backup, DatabaseError } from '@scorpiox/shared/database';
import type { Result } from '@scorpiox/shared/result';
import { ThreadClient } from '../../threads/client.ts';
import { workerUrl } from '../../threads/worker-url.ts';
import type { BackupCalls } from './thread-protocol.ts';

/** Copies the database in a thread of its own, which ends with it. Rejects with `StoreUnavailable` when the thread dies. */
export async function backUpInThread(file: string, target: string): Promise<Result<Backup, DatabaseError>> {
  const thread = new ThreadClient<BackupCalls>(workerUrl(import.meta.url, 'backup-thread'), { file });
  try {
    return await thread.call('backUp', target);
  } finally {
    await thread.close();
  }
}
