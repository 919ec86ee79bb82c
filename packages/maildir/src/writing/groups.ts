/** Work that waits while work of its kind is being done, and is then done together: group commit. */
import { setImmediate as nextTurn } from 'node:timers/promises';

export class Groups<T> {
  readonly #limit: number;
  readonly #queues = new Map<number, T[]>();
  readonly #running = new Set<Promise<void>>();

  /** At most `limit` items are handled together. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * Has `run` handle the item, together with others of this key that came meanwhile, in their order. `run` answers each
   * item by itself and never rejects.
   */
  add(key: number, item: T, run: (items: readonly T[]) => Promise<void>): void {
    const waiting = this.#queues.get(key);
    if (waiting !== undefined) {
      waiting.push(item);
      return;
    }
    const queue = [item];
    this.#queues.set(key, queue);
    const running = this.#drain(key, queue, run).finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Resolves when everything that was added has been handled. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async #drain(key: number, queue: T[], run: (items: readonly T[]) => Promise<void>): Promise<void> {
    try {
      while (queue.length > 0) {
        await nextTurn(); // others that become ready in this turn come along
        await run(queue.splice(0, this.#limit));
      }
    } finally {
      this.#queues.delete(key);
    }
  }
}
