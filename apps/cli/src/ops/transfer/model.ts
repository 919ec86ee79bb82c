/** What is moved from where to where: mailboxes of any kind as sources and as targets. */
import type { Flag, SpecialUse } from '@scorpiox/maildir';
import type { Result } from '@scorpiox/shared/result';
import type { Failure } from '../failure.ts';
import type { Identity } from './digest.ts';

/** Where a message is in a target folder: a UID, or how far a file reaches once the message is in it. */
export type Place = number;

/** A message as a source has it. */
export interface SourceMessage {
  readonly kind: 'message';
  /** Its name in its folder for good; undefined where only its content can tell. */
  readonly key: string | undefined;
  /** Where it lies, for people: `cur/1600000000.M1P1.host`, `byte 1234`, `UID 7`. */
  readonly where: string;
  /** System flags and keywords, each valid in a mailbox of ours. */
  readonly flags: readonly Flag[];
  /** Milliseconds since the epoch; undefined where nothing tells. */
  readonly internalDate: number | undefined;
  /** Octets that it has in the source, about. */
  readonly size: number;
  /** Its octets; may be read more than once. Throws `SourceLost` where the source is gone, else only this message is lost. */
  open(): AsyncIterable<Uint8Array>;
}

/** What a source has in the place of a message and cannot give. */
export interface Unreadable {
  readonly kind: 'unreadable';
  readonly where: string;
  readonly reason: string;
}

/** A source cannot go on: the connection was lost, the disk fails. */
export class SourceLost extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** One message cannot be had, for the reason that the message says; others can. */
export class MessageLost extends Error {}

/** A message was removed by its owner while it was on its way. */
export const vanished = (): MessageLost => new MessageLost('It was removed while the mailbox was being read.');

/** The part of a Maildir base name that no program changes: sizes are added later, and mbsync's number goes with it. */
export const stableName = (base: string): string => base.replace(/,[A-Z]=\d+(?=,|$)/g, '');

/** A mailbox to be brought over. */
export interface SourceFolder {
  /** Its levels, in Unicode. */
  readonly path: readonly string[];
  readonly specialUse: SpecialUse | undefined;
  readonly subscribed: boolean;
  readonly messages: number;
  /** About; undefined where nobody says without reading all. */
  readonly bytes: number | undefined;
  /** Changes when the folder does: what a plan was made from. */
  readonly state: string;
  /**
   * Its messages, in their order. Those whose name is not `wanted` will not be opened, and need not be fetched. Throws
   * `SourceLost`.
   */
  read(signal: AbortSignal, wanted: (key: string) => boolean): AsyncIterable<SourceMessage | Unreadable>;
}

/** Mail to be brought over. */
export interface Source {
  /** The same for the same source at any time: what is noted of a transfer is found by it. */
  readonly identity: string;
  /** What lies there and is no mail, each in a sentence. */
  readonly passedOver: readonly string[];
  readonly folders: readonly SourceFolder[];
  close(): Promise<void>;
}

/** A message on its way into a target. */
export interface Outgoing extends Pick<SourceMessage, 'flags' | 'internalDate' | 'key' | 'where'> {
  /** Whole where it is small; else a way to read it, more than once if need be. */
  readonly content: Uint8Array | (() => AsyncIterable<Uint8Array>);
}

/** The octets of a message on its way. */
export async function* contentOf(content: Outgoing['content']): AsyncGenerator<Uint8Array> {
  if (content instanceof Uint8Array) yield content;
  else yield* content();
}

/** What became of a message. */
export type Landed =
  | { readonly kind: 'landed'; readonly place: Place; readonly flags: readonly Flag[] }
  | { readonly kind: 'refused'; readonly reason: string };

/** What became of several, in their order; those that are missing were not taken, for the reason of `failure`. */
export interface Added {
  readonly landed: readonly (Landed | undefined)[];
  readonly failure?: Failure;
}

/** A mailbox that takes messages. */
export interface TargetFolder {
  /** Changes where places mean nothing any more: another mailbox of the name, other UIDs. */
  readonly identity: string;
  /** To be called first, with the places (ascending) of all that came from this source before: `find` never gives those. */
  begin(known: Float64Array): Promise<Result<void, Failure>>;
  /** Whether `find` may find anything. */
  readonly hasUnclaimed: boolean;
  /** A message of this content that was there before and has not been found yet. */
  find(message: Identity): Promise<Place | undefined>;
  /** Takes messages; those that landed are safe when it resolves. Rejects with what a message's content throws. */
  add(messages: readonly Outgoing[]): Promise<Added>;
  /** All of the source's folder is in it. */
  end?(): Promise<void>;
  close(): Promise<void>;
}

/** What is known to have come over (journal.ts), by keys as `keyOf` makes them. */
export interface Notes {
  has(key: Buffer): boolean;
  brought(key: Buffer, landed: { readonly place: Place; readonly flags: readonly Flag[] }): void;
  wasThere(key: Buffer, place: Place): void;
  /** Keeps what was noted. */
  write(): void;
}
