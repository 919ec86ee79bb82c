// The thread that builds and searches text indexes: see indexer.ts. It does what service.ts asks by messages.
import { randomBytes } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import { TextIndexer } from './indexer.ts';
import type { FromThread, TextCalls, ToThread } from './protocol.ts';

const port = parentPort;
if (port === null) throw new Error('This is the program of a worker thread.');

const say = (message: FromThread): void => port.postMessage(message);
const cancels = new Map<number, AbortController>();
const calls: TextCalls & { stop(): Promise<void> } = new TextIndexer({
  log: ({ indexFile }, entry) => say({ kind: 'log', indexFile, entry }),
  clock: Date.now,
  builder: randomBytes(12).toString('hex'),
});

async function answer({ id, name, place, asked }: ToThread & { kind: 'call' }): Promise<void> {
  const cancel = new AbortController();
  cancels.set(id, cancel);
  try {
    // The service sends with each name what `TextCalls` says of it.
    const call = calls[name] as (place: unknown, asked: unknown, signal: AbortSignal) => Promise<unknown>;
    say({ kind: 'answer', id, value: await call.call(calls, place, asked, cancel.signal) });
  } catch (error) {
    say({ kind: 'failure', id, message: error instanceof Error ? error.message : 'unknown' });
  } finally {
    cancels.delete(id);
  }
}

port.on('message', (message: ToThread) => {
  switch (message.kind) {
    case 'call':
      return void answer(message);
    case 'cancel':
      return cancels.get(message.id)?.abort();
    case 'stop':
      return void calls.stop().finally(() => port.close());
  }
});
