/**
 * Which messages are \Recent to one session: those that no other has been told of (RFC 3501 §2.3.2). A session that may
 * write takes the flag away from the mailbox; a read-only one leaves it (RFC 3501 §6.3.2).
 */
import type { Mailbox } from '@scorpiox/maildir';

export class Recent {
  readonly #mailbox: Mailbox;
  readonly #readOnly: boolean;
  readonly #uids = new Set<number>();

  constructor(mailbox: Mailbox, readOnly: boolean) {
    this.#mailbox = mailbox;
    this.#readOnly = readOnly;
    this.join();
  }

  has(uid: number): boolean {
    return this.#uids.has(uid);
  }

  /** How many have a UID up to this one. */
  countUpTo(last: number): number {
    let count = 0;
    for (const uid of this.#uids) if (uid <= last) count += 1;
    return count;
  }

  /** The client is being told of messages that came. */
  join(): void {
    for (const uid of this.#readOnly ? this.#mailbox.recent() : this.#claim()) this.#uids.add(uid);
  }

  forget(uids: Iterable<number>): void {
    for (const uid of uids) this.#uids.delete(uid);
  }

  #claim(): readonly number[] {
    try {
      return this.#mailbox.claimRecent();
    } catch {
      return []; // the index is locked for now: they stay unclaimed, and the next arrival's claim has them too
    }
  }
}
