/** Checks an index on another thread: a large one takes a second. */
import { Worker } from 'node:worker_threads';
import { StoreFailure } from '../errors.ts';

/** Whether the database can be read to its end. Rejects with what the thread fails by. */
export function isSound(file: string): Promise<boolean> {
  // Node runs the sources as they are; what is published is JavaScript.
  const script = new URL(`./check-worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);
  return new Promise((resolve, reject) => {
    const worker = new Worker(script, { workerData: file });
    worker.once('message', (sound: unknown) => resolve(sound === true));
    worker.once('error', reject);
    worker.once('exit', () => reject(new StoreFailure('unavailable', 'The check of the copy ended early.')));
  });
}
