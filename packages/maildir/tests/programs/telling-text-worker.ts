// Instead of a text index's thread: answers everything, and tells what it was asked.
import { parentPort } from 'node:worker_threads';
import type { FromThread, ToThread } from '../../src/text/protocol.ts';

const say = (message: FromThread): void => parentPort?.postMessage(message);

parentPort?.on('message', (message: ToThread) => {
  if (message.kind === 'stop') return parentPort?.close();
  if (message.kind === 'cancel') return;
  const { id, name, place } = message;
  say({ kind: 'log', indexFile: place.indexFile, entry: { level: 'info', code: 'text-index-failed', message: name } });
  say({ kind: 'answer', id, value: undefined });
});
