/** What a session needs of the world, and what the world may know of it. */
import type { SignIn } from '../auth/sign-in.ts';
import type { SignInRefusal, Transport } from '../commands/context.ts';
import type { Mail } from '../mailbox/user-mail.ts';
import type { SessionTrace } from '../trace/session-trace.ts';
import type { CommandName } from '../wire/command.ts';
import type { SerializeOptions } from '../wire/options.ts';
import type { Condition, Response } from '../wire/response.ts';
import type { Inbox } from './inbox.ts';

/** What somebody outside wants to know of sessions. */
export interface SessionObserver {
  /** A command ended. `durationMs` is the time it took. */
  command(name: CommandName, condition: Condition, durationMs: number): void;
  /** What was sent is no command. */
  badCommand(): void;
  /** APPEND stored so many messages. */
  appended(messages: number): void;
  /** Something failed that is not the client's fault. No mail content. */
  trouble(message: string, error?: unknown): void;
  /** A sign-in was refused: somebody mistypes, or guesses. */
  signInRefused(refusal: SignInRefusal): void;
}

/** A command on its way. `began` is on the clock of `SessionPorts`. */
export interface Running {
  readonly name: CommandName;
  readonly began: number;
}

export interface SessionPorts {
  readonly inbox: Inbox;
  readonly transport: Transport;
  /** Takes a response on its way; waits while too much is on its way already. Rejects when there is no way any more. */
  send(response: Response, options: SerializeOptions): Promise<void>;
  /** Says what `announce` sends, turns TLS on, and forgets what the client sent before (RFC 3501 §6.2.1). */
  startTls(announce: () => Promise<void>): Promise<void>;
  /** Says what `announce` sends, and compresses whatever comes after it, either way (RFC 4978 §4); absent where it cannot. */
  compress?(announce: () => Promise<void>): Promise<void>;
  /** Aborted when there is no way to the client any more. */
  readonly gone?: AbortSignal;
  /** The session has signed in. */
  signedIn(user: string): void;
  readonly signIn: SignIn;
  readonly mail: Mail;
  readonly observer: SessionObserver;
  /** Where what is said is written down on demand. */
  readonly trace?: SessionTrace;
  /** Milliseconds of quiet in IDLE; by default that of limits.ts. */
  readonly keepAlive?: number;
  /** Octets that a message may have; by default as in limits.ts. */
  readonly messageSize?: number;
  /** Whether the user may have one more connection, which this one then is. */
  admit?(user: string): Promise<boolean>;
  /** Milliseconds on a clock that never jumps. */
  now(): number;
}
