import { parentPort, workerData } from 'node:worker_threads';
import type { AnswerMessage, CallMessage, NoteMessage } from './protocol.ts';

type Handlers = Readonly<Record<string, (argument: never) => unknown>>;

/**
 * Runs this thread: makes the handlers, then begins calls in the order they came. `close` is the last call. An exception
 * of a handler is that call's answer; one while starting ends the thread, which its owner sees. `note` tells the owner
 * something while a call goes on, even one that never comes back to the event loop.
 */
export function serveThread<O>(makeHandlers: (options: O, note: (note: unknown) => void) => Handlers): void {
  const port = parentPort;
  if (port === null) throw new Error('this file is started as a worker thread');
  // The starting thread passes exactly this: it names the program and its options in one place.
  const handlers = makeHandlers(workerData as O, (note) => port.postMessage({ note } satisfies NoteMessage));
  port.on('message', async (call: CallMessage) => {
    port.postMessage(await answer(handlers, call));
    if (call.method === 'close') port.close();
  });
}

async function answer(handlers: Handlers, { id, method, argument }: CallMessage): Promise<AnswerMessage> {
  try {
    const handler = handlers[method];
    if (handler === undefined) throw new Error(`no call ${method}`);
    // The client's calls are typed by the same interface as the handlers.
    return { id, ok: true, value: await handler(argument as never) };
  } catch (error) {
    return { id, ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}
