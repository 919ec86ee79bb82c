import type { AlertEntry, AlertTables } from '@scorpiox/shared/database';
import { ALERT_UNSAVED } from '../limits.ts';
import { type Attempt, attempt } from './courier.ts';
import { type Delivery, writeDelivery } from './stored.ts';

/**
 * What this process has found of itself and the database has not taken yet. It is away when a spool grows, which is when
 * somebody has to hear of it: so messages that cannot be saved go out from memory, and are saved with what became of
 * them when the database is back. A process that dies before that forgets them.
 */
export class Unsaved {
  /** By id; undefined: ok. */
  readonly #states = new Map<string, string | undefined>();
  #history: AlertEntry[] = [];
  #deliveries: Delivery[] = [];
  #lost = 0;

  /** What was given up for want of room. */
  get lost(): number {
    return this.#lost;
  }

  add(id: string, body: string | undefined, history: readonly AlertEntry[], deliveries: readonly Delivery[]): void {
    this.#states.set(id, body);
    this.#history = this.#bounded([...this.#history, ...history]);
    this.#deliveries = this.#bounded([...this.#deliveries, ...deliveries]);
  }

  /** Saves everything, whereupon the messages are tried like all others. Rejects as the database does. */
  async save(tables: Pick<AlertTables, 'commit'>): Promise<void> {
    if (this.#states.size === 0 && this.#history.length === 0 && this.#deliveries.length === 0) return;
    const states = [...this.#states].map(([id, body]) => (body === undefined ? { id } : { id, body }));
    const [history, deliveries] = [this.#history, this.#deliveries];
    await tables.commit({ states, history, deliveries: deliveries.map(writeDelivery) });
    for (const { id } of states) this.#states.delete(id);
    this.#history = this.#history.slice(history.length);
    this.#deliveries = this.#deliveries.slice(deliveries.length);
  }

  /** Tries the messages that are due, without the database. */
  async sendDue(by: Attempt): Promise<void> {
    const due = this.#deliveries.filter(({ dueAt }) => dueAt !== undefined && dueAt <= by.now());
    const after = new Map((await attempt(due, by)).map((delivery) => [delivery.id, delivery]));
    this.#deliveries = this.#deliveries.map((delivery) => after.get(delivery.id) ?? delivery);
  }

  #bounded<T>(items: T[]): T[] {
    this.#lost += Math.max(0, items.length - ALERT_UNSAVED);
    return items.slice(-ALERT_UNSAVED);
  }
}
