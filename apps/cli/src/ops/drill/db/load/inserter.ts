// A process of the load on the embedded database. It is told its job over the channel, says when it is ready, and tells what
// it did; when the channel closes, whoever started it is gone, and so is it.

import type { Job, Tally } from './job.ts';
import { prepare } from './work.ts';

/** What this process is told. */
export type ToInserter = { readonly kind: 'job'; readonly file: string; readonly job: Job } | { readonly kind: 'go' };

/** What it tells. */
export type FromInserter =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly tally: Tally }
  | { readonly kind: 'failed'; readonly message: string };

const tell = (message: FromInserter): void => void process.send?.(message);
const toldOnce = (): Promise<ToInserter> =>
  new Promise((resolve) => process.once('message', (told: ToInserter) => resolve(told)));

process.once('disconnect', () => process.exit());
try {
  const told = await toldOnce();
  if (told.kind !== 'job') throw new TypeError('A job comes first.');
  const ready = await prepare({ kind: 'sqlite', file: told.file }, told.job);
  tell({ kind: 'ready' });
  await toldOnce();
  tell({ kind: 'done', tally: await ready.run(new AbortController().signal) });
} catch (error) {
  tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
}
