/**
 * Which messages are \Recent to one session: those that no other has been told of (RFC 3501 §2.3.2). A session that may
 * write takes the flag away from the mailbox; a read-only one leaves it (RFC 3501 §6.3.2).
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Mailbox } from '@scorpiox/maildir';
import { CLAIMED_AT_ONCE } from '../limits.ts';

export class Recent {
  readonly #mailbox: Mailbox;
  readonly #readOnly: boolean;
  readonly #uids = new Set<number>();

  /** @param claimed what the session has claimed before. */
  constructor(mailbox: Mailbox, readOnly: boolean, claimed: Iterable<number> = []) {
    this.#mailbox = mailbox;
    this.#readOnly = readOnly;
    for (const uid of claimed) this.#uids.add(uid);
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

  /** The same for any number of messages: other sessions go on meanwhile. */
  async joinInSlices(): Promise<void> {
    if (this.#readOnly) return;
    for await (const uids of claims(this.#mailbox)) for (const uid of uids) this.#uids.add(uid);
  }

  forget(uids: Iterable<number>): void {
    for (const uid of uids) this.#uids.delete(uid);
  }

  #claim(): readonly number[] {
    return claim(this.#mailbox);
  }
}

/** All messages that nobody has claimed are the session's from now on. */
export async function claimAll(mailbox: Mailbox): Promise<readonly number[]> {
  const claimed: number[] = [];
  for await (const uids of claims(mailbox)) for (const uid of uids) claimed.push(uid);
  return claimed;
}

async function* claims(mailbox: Mailbox): AsyncGenerator<readonly number[], void, void> {
  for (;;) {
    const uids = claim(mailbox, CLAIMED_AT_ONCE);
    yield uids;
    if (uids.length < CLAIMED_AT_ONCE) return;
    await nextTurn();
  }
}

function claim(mailbox: Mailbox, limit?: number): readonly number[] {
  try {
    return mailbox.claimRecent(limit);
  } catch {
    return []; // the index is locked for now: they stay unclaimed, and the next arrival's claim has them too
  }
}
