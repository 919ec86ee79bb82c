/** What the framer hands out: see framer.ts for when and in which order. */
import type { AppendedMessage, CommandOf, ParseFailure } from './command.ts';

/** Where a literal lies in `RawCommand.bytes`: the `{` or `~{` of its announcement, its first octet, its length. */
export interface LiteralSpan {
  readonly announced: number;
  readonly start: number;
  readonly length: number;
  /** A literal8. */
  readonly binary: boolean;
}

/** One whole command as it came, without its last line end; literals lie in place, after their announcements. */
export interface RawCommand {
  readonly bytes: Uint8Array;
  readonly literals: readonly LiteralSpan[];
}

/** An APPEND up to the literal of its first message. */
export interface AppendHead {
  readonly tag: string;
  readonly body: CommandOf<'APPEND'>;
}

export type Frame =
  /** Parse it with `parseCommand`. */
  | { readonly kind: 'command'; readonly raw: RawCommand }
  /** A synchronizing literal outside APPEND's message: send `+ …` and `accept()`, or `refuse()` and a tagged NO. */
  | { readonly kind: 'literal-wanted'; readonly tag?: string; readonly length: number }
  /**
   * An APPEND whose message comes next. `accept()` (after `+ …` where `synchronizing`), or `refuse()` and then a tagged NO.
   */
  | { readonly kind: 'append'; readonly head: AppendHead; readonly synchronizing: boolean }
  /** Octets of the message, a view of what was pushed. */
  | { readonly kind: 'append-data'; readonly chunk: Uint8Array }
  /**
   * The message before is complete and the head of another one is here (RFC 3502). `accept()` (after `+ …` where
   * `synchronizing`), or `refuse()` and then a tagged NO; then 'append-data' as before.
   */
  | { readonly kind: 'append-next'; readonly message: AppendedMessage; readonly synchronizing: boolean }
  /**
   * The last message and the command are complete; with `failure`, something illegal followed: store nothing, answer it.
   * The framer skips the rest by itself; `skipping` is as in 'rejected'.
   */
  | { readonly kind: 'append-end'; readonly failure?: ParseFailure; readonly skipping: number }
  /** The answer to `next('line')`: one line without its line end. */
  | { readonly kind: 'line'; readonly bytes: Uint8Array }
  /**
   * Something over a limit (`too-long`) or an unreadable APPEND: answer `failure`; the framer skips the rest by itself.
   * `skipping` is how many literal octets the client is sending for nothing; Infinity when it cannot be told, and then
   * the only way on is to close the connection.
   */
  | { readonly kind: 'rejected'; readonly failure: ParseFailure; readonly skipping: number };

export const rejected = (failure: ParseFailure, skipping: number): Frame => ({ kind: 'rejected', failure, skipping });

export const appendEnd = (failure: ParseFailure, skipping: number): Frame => ({
  kind: 'append-end',
  failure,
  skipping,
});

export const tooLong = (tag: string | undefined, message: string): ParseFailure => ({
  ...(tag === undefined ? {} : { tag }),
  kind: 'too-long',
  message,
});

export const illegal = (tag: string, message: string): ParseFailure => ({ tag, kind: 'syntax', message });
