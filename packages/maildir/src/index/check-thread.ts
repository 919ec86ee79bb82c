/** Checks an index on another thread: a large one takes a second. */
import { StoreFailure } from '../errors.ts';
import { programBeside, startThread } from '../threads.ts';

/** Whether the database can be read to its end. Rejects with what the thread fails by. */
export function isSound(file: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const worker = startThread(programBeside(import.meta.url, 'check-worker'), { workerData: file });
    worker.once('message', (sound: unknown) => resolve(sound === true));
    worker.once('error', reject);
    worker.once('exit', () => reject(new StoreFailure('unavailable', 'The check of the copy ended early.')));
  });
}
