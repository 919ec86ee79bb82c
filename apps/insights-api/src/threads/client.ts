import type { Worker } from 'node:worker_threads';
import { StoreUnavailable } from '../store/port.ts';
import type { AnswerMessage, CallMessage, Calls, NoteMessage } from './protocol.ts';
import { startThread } from './start-thread.ts';

type Argument<F> = F extends (argument: infer A) => unknown ? A : never;
type Answer<F> = F extends (argument: never) => infer R ? Awaited<R> : never;

/** A worker thread whose calls are awaited. Calls are answered in order; when the thread dies, all of them reject. */
export class ThreadClient<T extends Calls<T>> {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #failed = Promise.withResolvers<Error>();
  #nextId = 1;
  #dead: Error | undefined;
  #closing = false;

  /** `program`: from `workerUrl`. `options` is what the thread's `serveThread` is given; `onNote` gets what it notes. */
  constructor(program: URL, options: unknown, onNote: (note: unknown) => void = () => {}) {
    this.#worker = startThread(program, { workerData: options });
    this.#worker.on('message', (message: AnswerMessage | NoteMessage) =>
      'note' in message ? onNote(message.note) : this.#settle(message),
    );
    this.#worker.on('error', (error) => this.#die(error instanceof Error ? error : new Error(String(error))));
    this.#worker.on('messageerror', (error) => this.#die(error));
    this.#worker.on('exit', () => this.#die(new Error('the thread ended')));
  }

  /** Resolves with the reason when the thread ends without having been closed. */
  get failed(): Promise<Error> {
    return this.#failed.promise;
  }

  /** Calls that are not answered yet. */
  get underWay(): number {
    return this.#waiting.size;
  }

  /** Rejects with `StoreUnavailable` when the call fails or the thread is gone. */
  async call<K extends keyof T & string>(method: K, argument: Argument<T[K]>): Promise<Answer<T[K]>> {
    if (this.#dead !== undefined) throw new StoreUnavailable(this.#dead.message);
    const waiter = Promise.withResolvers<unknown>();
    const call: CallMessage = { id: this.#nextId++, method, argument };
    this.#waiting.set(call.id, waiter);
    this.#worker.postMessage(call);
    // The thread answers this method by a handler of the same interface.
    return (await waiter.promise) as Answer<T[K]>;
  }

  /** Lets the thread finish its calls, then waits for its end. */
  async close(): Promise<void> {
    if (this.#dead !== undefined) return;
    this.#closing = true;
    // Not events.once: that would reject if the thread ends by an error, which `#die` has told everybody already.
    const exited = new Promise<void>((resolve) => this.#worker.once('exit', () => resolve()));
    const call: CallMessage = { id: this.#nextId++, method: 'close', argument: undefined };
    this.#worker.postMessage(call);
    await exited;
  }

  /** Ends the thread wherever it is. What it was doing is as if the process had died. */
  async terminate(): Promise<void> {
    this.#closing = true;
    await this.#worker.terminate();
  }

  #settle(message: AnswerMessage): void {
    const waiter = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.ok) waiter?.resolve(message.value);
    else waiter?.reject(new StoreUnavailable(message.message));
  }

  #die(error: Error): void {
    if (this.#dead !== undefined) return;
    this.#dead = error;
    for (const waiter of this.#waiting.values()) waiter.reject(new StoreUnavailable(error.message));
    this.#waiting.clear();
    if (!this.#closing) this.#failed.resolve(error);
  }
}
