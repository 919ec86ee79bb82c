import type { DatabaseError, MigrationProgress, MigrationWatch } from '@scorpiox/shared/database';
import { err, type Result } from '@scorpiox/shared/result';
import { ThreadClient } from '../../threads/client.ts';
import { workerUrl } from '../../threads/worker-url.ts';
import { StoreUnavailable } from '../port.ts';
import type { MigrationCalls } from './migration-handlers.ts';

const PROGRAM = workerUrl(import.meta.url, 'migration-thread');

/** Migrates in a thread of its own, which ends with it. `program` is replaced by tests. */
export async function bringUpInThread(
  file: string,
  watch: MigrationWatch,
  signal: AbortSignal,
  program: URL = PROGRAM,
): Promise<Result<void, DatabaseError>> {
  // The thread's program notes nothing else.
  const onNote = (note: unknown) => watch(note as MigrationProgress);
  const thread = new ThreadClient<MigrationCalls>(program, { file }, onNote);
  const stop = () => void thread.terminate();
  signal.addEventListener('abort', stop);
  try {
    return await thread.call('bringUp', undefined);
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    return err({ code: 'failed', message: `The migration of ${file} ended in its middle: ${error.message}.` });
  } finally {
    signal.removeEventListener('abort', stop);
    await thread.close();
  }
}
