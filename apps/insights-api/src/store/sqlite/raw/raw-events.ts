import { RAW_THREADS } from '../../../query/raw/limits.ts';
import { ThreadClient } from '../../../threads/client.ts';
import { workerUrl } from '../../../threads/worker-url.ts';
import type { RawEvents } from '../../raw/raw-port.ts';
import type { RawCalls } from './raw-protocol.ts';

interface Thread {
  readonly client: ThreadClient<RawCalls>;
  /** Slices that it has not answered. */
  waiting: number;
}

/**
 * Raw questions to SQLite, answered by a few threads, each made when it is first needed: a slice goes to the one with the
 * least to do. A thread that dies fails its slices; the next ones get another.
 */
export function openRawEvents(file: string): { readonly raw: RawEvents; close(): Promise<void> } {
  let threads: Thread[] = [];
  const start = (): Thread => {
    const thread = {
      client: new ThreadClient<RawCalls>(workerUrl(import.meta.url, 'raw-thread'), { file }),
      waiting: 0,
    };
    void thread.client.failed.then(() => {
      threads = threads.filter((one) => one !== thread);
    });
    threads.push(thread);
    return thread;
  };
  const choose = (): Thread => {
    const idlest = threads.toSorted((a, b) => a.waiting - b.waiting)[0];
    return idlest === undefined || (idlest.waiting > 0 && threads.length < RAW_THREADS) ? start() : idlest;
  };
  const ask: ThreadClient<RawCalls>['call'] = async (method, argument) => {
    const thread = choose();
    thread.waiting += 1;
    try {
      return await thread.client.call(method, argument);
    } finally {
      thread.waiting -= 1;
    }
  };
  return {
    raw: {
      page: (slice, shape) => ask('page', { slice, shape }),
      tally: (slice, steps) => ask('tally', { slice, steps }),
      values: (slice, place) => ask('values', { slice, place }),
      find: (key) => ask('find', key),
      operation: (asked) => ask('operation', asked),
    },
    async close() {
      await Promise.all(threads.map(({ client }) => client.close()));
    },
  };
}
