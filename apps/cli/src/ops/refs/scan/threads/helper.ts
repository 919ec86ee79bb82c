/**
 * A second thread that counts in files. The main one asks for outcomes without waiting for its loop, which it seldom gives a
 * turn; batches come back in the order in which they went.
 */
import { on } from 'node:events';
import { availableParallelism } from 'node:os';
import { MessageChannel, type MessagePort, receiveMessageOnPort, type Worker } from 'node:worker_threads';
import { programBeside, startThread } from '@scorpiox/maildir/threads';
import type { AbsolutePath } from '../../absolute-path.ts';
import { BATCHES_AHEAD } from '../../limits.ts';
import type { Item, Outcome } from '../batch.ts';

export interface ThreadData {
  readonly path: AbsolutePath;
  readonly port: MessagePort;
}

/** Who counts beside the main thread. */
export interface Helper {
  /** Takes a batch, unless enough wait. */
  take(items: readonly Item[]): boolean;
  /** The next outcome, if it is there. */
  next(): Outcome | undefined;
  /** The outcomes that are still to come, until the helper is no more. Throws where the signal says to stop. */
  rest(signal: AbortSignal): AsyncIterable<Outcome>;
  end(): Promise<void>;
}

/** Starts a thread that helps; undefined on a machine where it would gain nothing. */
export const startHelper = (path: AbsolutePath): Helper | undefined =>
  availableParallelism() > 1 ? new HelperThread(path) : undefined;

class HelperThread implements Helper {
  readonly #thread: Worker;
  readonly #port: MessagePort;
  #waiting = 0;

  constructor(path: AbsolutePath) {
    const { port1, port2 } = new MessageChannel();
    const workerData: ThreadData = { path, port: port2 };
    this.#thread = startThread(programBeside(import.meta.url, 'count-worker'), { workerData, transferList: [port2] });
    this.#port = port1;
    // It is missed when it does not answer: that is enough.
    this.#thread.on('error', () => undefined);
  }

  take(items: readonly Item[]): boolean {
    if (this.#waiting >= BATCHES_AHEAD) return false;
    this.#waiting += 1;
    this.#port.postMessage(items);
    return true;
  }

  next(): Outcome | undefined {
    const received = receiveMessageOnPort(this.#port);
    if (received === undefined) return undefined;
    this.#waiting -= 1;
    return received.message as Outcome; // count-worker.ts sends nothing else
  }

  async *rest(signal: AbortSignal): AsyncGenerator<Outcome, void, undefined> {
    for await (const [outcome] of on(this.#port, 'message', { signal, close: ['close'] })) yield outcome as Outcome; // as above
  }

  async end(): Promise<void> {
    this.#port.close();
    await this.#thread.terminate();
  }
}
