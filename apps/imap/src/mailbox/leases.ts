/**
 * Things that many sessions share and that are open as long as one of them uses them: a user's store, an open mailbox.
 * Opening is done once however many ask at the same time; whoever asks while it is being closed waits for that first.
 */
import type { StoreResult } from '@scorpiox/maildir';

/** One user's share; `release` may be called more than once. */
export interface Lease<V> {
  readonly value: V;
  release(): Promise<void>;
}

interface Entry<V> {
  readonly opened: Promise<StoreResult<V>>;
  users: number;
}

export class Leases<V> {
  readonly #close: (value: V) => Promise<void>;
  readonly #entries = new Map<string, Entry<V>>();
  readonly #closing = new Map<string, Promise<void>>();

  constructor(close: (value: V) => Promise<void>) {
    this.#close = close;
  }

  /** A share of what is open under the key, opened by `open` where nobody has it. */
  async acquire(key: string, open: () => Promise<StoreResult<V>>): Promise<StoreResult<Lease<V>>> {
    const entry = this.#entries.get(key) ?? this.#enter(key, open);
    return this.#join(key, entry);
  }

  /** A share of what is already open, or undefined. */
  async existing(key: string): Promise<Lease<V> | undefined> {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    const lease = await this.#join(key, entry);
    return lease.ok ? lease.value : undefined;
  }

  /** Whoever asks next gets a new one: what the key named is gone. Those who have the old one keep it. */
  detach(key: string): void {
    this.#entries.delete(key);
  }

  #enter(key: string, open: () => Promise<StoreResult<V>>): Entry<V> {
    const before = this.#closing.get(key) ?? Promise.resolve();
    const entry: Entry<V> = { opened: before.then(open, open), users: 0 };
    this.#entries.set(key, entry);
    return entry;
  }

  async #join(key: string, entry: Entry<V>): Promise<StoreResult<Lease<V>>> {
    entry.users += 1;
    try {
      const opened = await entry.opened;
      if (opened.ok) return { ok: true, value: this.#lease(key, entry, opened.value) };
      this.#leave(key, entry);
      return opened;
    } catch (error) {
      this.#leave(key, entry);
      throw error;
    }
  }

  #leave(key: string, entry: Entry<V>): void {
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
  }

  #lease(key: string, entry: Entry<V>, value: V): Lease<V> {
    let released = false;
    return {
      value,
      release: async () => {
        if (released) return;
        released = true;
        entry.users -= 1;
        if (entry.users === 0) await this.#shut(key, entry, value);
      },
    };
  }

  async #shut(key: string, entry: Entry<V>, value: V): Promise<void> {
    this.#leave(key, entry);
    const closing = this.#close(value).finally(() => {
      if (this.#closing.get(key) === closing) this.#closing.delete(key);
    });
    this.#closing.set(key, closing);
    await closing;
  }
}
