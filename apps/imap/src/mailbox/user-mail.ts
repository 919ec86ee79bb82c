/** The mail of the users who are signed in: one open store per user, one hub per open mailbox, shared by sessions. */
import type { MailboxName, MailStore, StoreResult } from '@scorpiox/maildir';
import { Hub } from './hub.ts';
import { type Lease, Leases } from './leases.ts';

/** A user's mail as one process has it open. */
export interface UserMail {
  readonly store: MailStore;
  /** Opens a mailbox, or joins those who have it open; either way it is as true as the disk. */
  open(name: MailboxName): Promise<StoreResult<Lease<Hub>>>;
  /** Joins those who have it open, if anybody has. */
  openAlready(name: MailboxName): Promise<Lease<Hub> | undefined>;
  /**
   * Gives this store up, because its index is no longer the one it was opened on. Who signs in next gets the store opened
   * anew; those who share this one are told.
   */
  abandon(): void;
  /** Calls the listener once when the store is given up, or now where it was. Returns the unsubscriber. */
  onAbandoned(listener: () => void): () => void;
}

/** All users' mail. */
export interface Mail {
  acquire(user: string): Promise<StoreResult<Lease<UserMail>>>;
}

/**
 * @param openStore opens the store of one user.
 * @param closeStore closes it when the user's last session ends.
 */
export function createMail(
  openStore: (user: string) => Promise<StoreResult<MailStore>>,
  closeStore: (store: MailStore) => Promise<void> = (store) => store.close(),
): Mail {
  const users = new Leases<OpenUserMail>((user) => closeStore(user.store));
  return {
    acquire: (user) =>
      users.acquire(user, async () => {
        const store = await openStore(user);
        return store.ok ? { ok: true, value: new OpenUserMail(store.value, () => users.detach(user)) } : store;
      }),
  };
}

class OpenUserMail implements UserMail {
  readonly store: MailStore;
  readonly #hubs = new Leases<Hub>((hub) => hub.mailbox.close());
  readonly #detach: () => void;
  readonly #listeners = new Set<() => void>();
  #abandoned = false;

  constructor(store: MailStore, detach: () => void) {
    this.store = store;
    this.#detach = detach;
  }

  abandon(): void {
    if (this.#abandoned) return; // by now the key may be another store's
    this.#abandoned = true;
    this.#detach();
    for (const listener of this.#listeners) listener();
    this.#listeners.clear();
  }

  onAbandoned(listener: () => void): () => void {
    if (this.#abandoned) listener();
    else this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async open(name: MailboxName): Promise<StoreResult<Lease<Hub>>> {
    const first = await this.#openOnce(name);
    if (first.ok || first.error.code !== 'no-such-mailbox') return first;
    // What others have open under this name was deleted; it may have been made again since.
    this.#hubs.detach(name);
    return this.#openOnce(name);
  }

  async openAlready(name: MailboxName): Promise<Lease<Hub> | undefined> {
    const hub = await this.#hubs.existing(name);
    if (hub === undefined) return undefined;
    const looked = await look(hub);
    if (looked.ok || looked.error.code !== 'no-such-mailbox') return hub;
    this.#hubs.detach(name); // it was deleted, and what has its name now is another mailbox
    await hub.release();
    return undefined;
  }

  async #openOnce(name: MailboxName): Promise<StoreResult<Lease<Hub>>> {
    let isOpenedNow = false;
    const hub = await this.#hubs.acquire(name, () => {
      isOpenedNow = true; // which looks at the disk by itself, and does not wait for a large folder to be watched
      return this.#openHub(name);
    });
    if (!hub.ok || isOpenedNow) return hub;
    const looked = await look(hub.value);
    if (looked.ok) return hub;
    await hub.value.release();
    return looked;
  }

  async #openHub(name: MailboxName): Promise<StoreResult<Hub>> {
    const mailbox = await this.store.open(name);
    return mailbox.ok ? { ok: true, value: new Hub(mailbox.value) } : mailbox;
  }
}

/** Looks at the disk; where that breaks, the share is given back. */
async function look(hub: Lease<Hub>): Promise<StoreResult<void>> {
  try {
    return await hub.value.refresh();
  } catch (error) {
    await hub.release();
    throw error;
  }
}
