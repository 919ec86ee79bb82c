import { parentPort, workerData } from 'node:worker_threads';
import type { AnswerMessage, CallMessage, ThreadOptions } from './thread-protocol.ts';

type Handlers = Readonly<Record<string, (argument: never) => unknown>>;

/**
 * Runs this thread: makes the handlers, then answers calls one after the other in the order they came. `close` is the
 * last call. An exception of a handler is that call's answer; one while starting ends the thread, which its owner sees.
 */
export function serveThread(makeHandlers: (options: ThreadOptions) => Handlers): void {
  const port = parentPort;
  if (port === null) throw new Error('this file is started as a worker thread');
  // The starting thread (thread-client.ts) passes exactly this.
  const handlers = makeHandlers(workerData as ThreadOptions);
  port.on('message', (call: CallMessage) => {
    port.postMessage(answer(handlers, call));
    if (call.method === 'close') port.close();
  });
}

function answer(handlers: Handlers, { id, method, argument }: CallMessage): AnswerMessage {
  try {
    const handler = handlers[method];
    if (handler === undefined) throw new Error(`no call ${method}`);
    // The client's calls are typed by the same interface as the handlers.
    return { id, ok: true, value: handler(argument as never) };
  } catch (error) {
    return { id, ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}
