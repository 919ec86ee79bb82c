/** What the framer hands out: see framer.ts for when and in which order. */
import type { CommandOf, ParseFailure } from './command.ts';

/** Where a literal lies in `RawCommand.bytes`: the `{` of its announcement, its first octet, its length. */
export interface LiteralSpan {
  readonly announced: number;
  readonly start: number;
  readonly length: number;
}

/** One whole command as it came, without its last line end; literals lie in place, after their announcements. */
export interface RawCommand {
  readonly bytes: Uint8Array;
  readonly literals: readonly LiteralSpan[];
}

/** An APPEND up to its message literal. */
export interface AppendHead {
  readonly tag: string;
  readonly body: CommandOf<'APPEND'>;
}

export type Frame =
  /** Parse it with `parseCommand`. */
  | { readonly kind: 'command'; readonly raw: RawCommand }
  /** A synchronizing literal outside APPEND's message: send `+ …` and `accept()`, or a tagged NO and `refuse()`. */
  | { readonly kind: 'literal-wanted'; readonly tag?: string; readonly length: number }
  /**
   * An APPEND whose message comes next. `accept()` (after `+ …` where `synchronizing`), or a tagged NO and `refuse()`.
   */
  | { readonly kind: 'append'; readonly head: AppendHead; readonly synchronizing: boolean }
  /** Octets of the message, a view of what was pushed. */
  | { readonly kind: 'append-data'; readonly chunk: Uint8Array }
  /** The message and its command are complete; with `failure`, something illegal followed: store nothing, answer it. */
  | { readonly kind: 'append-end'; readonly failure?: ParseFailure }
  /** The answer to `next('line')`: one line without its line end. */
  | { readonly kind: 'line'; readonly bytes: Uint8Array }
  /**
   * Something over a limit (`too-long`) or an unreadable APPEND: answer `failure`; the framer skips the rest by itself.
   * `skipping` is how many literal octets the client is sending for nothing; Infinity when it cannot be told, and then
   * the only way on is to close the connection.
   */
  | { readonly kind: 'rejected'; readonly failure: ParseFailure; readonly skipping: number };
