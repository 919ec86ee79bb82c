/** Questions to another process: each is answered, or given up when its time has passed or the other one is gone. */

/** There is no answer; `message` says why. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

interface Waiter {
  readonly promise: PromiseWithResolvers<unknown>;
  readonly patience: NodeJS.Timeout;
}

export class Questions {
  readonly #waiting = new Map<number, Waiter>();
  #nextId = 1;

  /**
   * Asks, and resolves with what is told; the caller looks at what it is. Rejects with `NoAnswer`.
   * @param send sends the question under this number.
   * @param patience milliseconds.
   */
  ask(send: (id: number) => void, patience: number): Promise<unknown> {
    const id = this.#nextId++;
    const promise = Promise.withResolvers<unknown>();
    const give = () => this.#take(id)?.reject(new NoAnswer(`There was no answer within ${patience / 1000} s.`));
    this.#waiting.set(id, { promise, patience: setTimeout(give, patience) });
    send(id);
    return promise.promise;
  }

  /** An answer has come; perhaps nobody waits for it any more. */
  told(id: number, told: unknown): void {
    this.#take(id)?.resolve(told);
  }

  failed(id: number, why: string): void {
    this.#take(id)?.reject(new NoAnswer(why));
  }

  /** Whoever was asked is gone. */
  abandon(why: string): void {
    for (const id of this.#waiting.keys()) this.failed(id, why);
  }

  #take(id: number): PromiseWithResolvers<unknown> | undefined {
    const waiter = this.#waiting.get(id);
    this.#waiting.delete(id);
    clearTimeout(waiter?.patience);
    return waiter?.promise;
  }
}
