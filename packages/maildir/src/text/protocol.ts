/** What the thread that keeps text indexes is asked and what it answers. */
import type { TextScope } from '../api.ts';
import type { TextMailbox } from '../index/text-db.ts';
import type { StoreLogEntry } from '../log.ts';
import type { Found } from './search.ts';

/** One user's files. */
export interface TextPlace {
  /** The Maildir's root. */
  readonly maildir: string;
  readonly indexFile: string;
  readonly textFile: string;
}

/** A search in one mailbox. */
export interface TextQuestion {
  readonly mailbox: TextMailbox;
  readonly text: string;
  readonly scope: TextScope;
  /** Ascending; all messages of the mailbox when absent. */
  readonly uids: Uint32Array | undefined;
}

/** What can be asked, and what each answers. */
export interface TextCalls {
  find(place: TextPlace, question: TextQuestion, signal: AbortSignal): Promise<Found>;
  /** Builds the texts of every mailbox in the index. */
  build(place: TextPlace, asked: undefined, signal: AbortSignal): Promise<void>;
  /** How many texts of each mailbox are there. */
  counts(place: TextPlace): Promise<ReadonlyMap<number, number>>;
  /** A mailbox was opened, or changed: its texts are brought up to date in the background, where it has or needs any. */
  look(place: TextPlace, mailbox: number): Promise<void>;
  /** Ends what is being done for a user, and closes the files. */
  forget(place: TextPlace): Promise<void>;
}

export type TextCallName = keyof TextCalls;

/** Sent to the thread. */
export type ToThread =
  | {
      readonly kind: 'call';
      readonly id: number;
      readonly name: TextCallName;
      readonly place: TextPlace;
      readonly asked: unknown;
    }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'stop' };

/** Sent by the thread. */
export type FromThread =
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly message: string }
  | { readonly kind: 'log'; readonly indexFile: string; readonly entry: StoreLogEntry };
