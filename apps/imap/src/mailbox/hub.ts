/**
 * A mailbox that is open in this process, shared by every session that has it selected. The hub looks at the disk on
 * their behalf, one look at a time. It holds nothing about messages but structures that were parsed lately: what a
 * command wants to know of a message it asks the index, so that nothing can be outdated.
 */
import type { Mailbox, StoreResult, Uid } from '@scorpiox/maildir';
import type { MessageStructure } from '@scorpiox/maildir/mime';
import { STRUCTURES } from '../limits.ts';
import { RENDER_VERSION } from '../message/render.ts';
import type { Measured } from './decoded-part.ts';
import { RecentlyUsed } from './recently-used.ts';

/** What the store calls the texts of FETCH. */
export const TEXTS = { ENVELOPE: 'envelope', BODY: 'body', BODYSTRUCTURE: 'bodyStructure' } as const;

export class Hub {
  readonly mailbox: Mailbox;
  /** Structures of messages that were parsed lately. A UID's content never changes (RFC 3501 §2.3.1.1). */
  readonly structures = new RecentlyUsed<number, MessageStructure>(STRUCTURES);
  /** What was found out about encoded parts lately, by UID and part: clients fetch one large part in many partial fetches. */
  readonly measured = new RecentlyUsed<string, Measured>(STRUCTURES);
  #running: Promise<StoreResult<void>> | undefined;
  #queued: Promise<StoreResult<void>> | undefined;

  constructor(mailbox: Mailbox) {
    this.mailbox = mailbox;
  }

  /**
   * Resolves when the index is as true as the disk was at this call. A look that has begun already may have passed the
   * place where something changed since, so a call during a look waits for the next one, which all such calls share.
   */
  refresh(): Promise<StoreResult<void>> {
    const running = this.#running;
    if (running === undefined) return this.#look();
    this.#queued ??= this.#lookAfter(running);
    return this.#queued;
  }

  #lookAfter(running: Promise<unknown>): Promise<StoreResult<void>> {
    const look = () => {
      this.#queued = undefined;
      return this.#look();
    };
    return running.then(look, look);
  }

  /** The wire text of an item of each of these messages, ascending, that was made before. */
  keptTexts(uids: readonly Uid[], item: keyof typeof TEXTS): ReadonlyMap<Uid, string> {
    return this.mailbox.renderedTexts(uids, RENDER_VERSION, TEXTS[item]);
  }

  #look(): Promise<StoreResult<void>> {
    const running = this.mailbox.refresh().finally(() => {
      if (this.#running === running) this.#running = undefined;
    });
    this.#running = running;
    return running;
  }
}
