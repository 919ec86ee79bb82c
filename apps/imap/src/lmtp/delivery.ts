/** What the protocol needs of accounts and mail; `mail-delivery.ts` has it from the real ones. */
import type { StoreResult } from '../mailbox/store.ts';
import type { Address } from './address.ts';

/** An account that a message is for. */
export interface Recipient {
  /** The account's name. */
  readonly user: string;
  /** What stood after the `+`: the folder that is wished for. */
  readonly detail: string | undefined;
}

/** A message as it is to be stored. */
export interface NewMail {
  /** Octets. */
  readonly length: number;
  /** The content, anew at each call. */
  content(): AsyncIterable<Uint8Array>;
}

export interface Delivery {
  /** The account that an address means, or undefined. Throws where the accounts cannot be asked. */
  find(address: Address): Recipient | undefined;
  /** Stores the message; it is on disk when this resolves with success, and not in the mailbox otherwise. */
  deliver(recipient: Recipient, mail: NewMail): Promise<StoreResult<void>>;
}
