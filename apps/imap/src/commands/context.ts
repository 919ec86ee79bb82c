/** What a command's handler is given, and what it answers. Handlers yield responses; the session sends them. */
import type { SignIn } from '../auth/sign-in.ts';
import type { Hub } from '../mailbox/hub.ts';
import type { Lease } from '../mailbox/leases.ts';
import type { Mail, UserMail } from '../mailbox/user-mail.ts';
import type { View } from '../mailbox/view.ts';
import type { Condition, Response, ResponseCode } from '../wire/response.ts';

/** Where a session is (RFC 3501 §3). */
export interface NotAuthenticated {
  readonly name: 'not-authenticated';
}
interface Authenticated {
  readonly name: 'authenticated';
  readonly user: string;
  readonly mail: Lease<UserMail>;
}
export interface Selected {
  readonly name: 'selected';
  readonly user: string;
  readonly mail: Lease<UserMail>;
  readonly hub: Lease<Hub>;
  readonly view: View;
}
interface LoggedOut {
  readonly name: 'logout';
}
export type SessionState = NotAuthenticated | Authenticated | Selected | LoggedOut;
export type SignedIn = Authenticated | Selected;

/** What the connection is like. */
export interface Transport {
  /** TLS is on. */
  readonly secure: boolean;
  /** Both ends are on this machine, so that nobody can listen in between. */
  readonly loopback: boolean;
  /** Where the client calls from, for throttling. */
  readonly address: string;
}

/** The client's side while a command runs. */
interface Client {
  /** The next line without its line end (AUTHENTICATE, IDLE), or why there is none. */
  line(limit: number): Promise<Line>;
  /** The message literal of the APPEND that runs. */
  readonly message: MessageLiteral;
}

/** A line of the client. 'gone': the client is no longer there, or the session is being ended. */
export type Line =
  | { readonly kind: 'line'; readonly bytes: Uint8Array }
  | { readonly kind: 'too-long' }
  | { readonly kind: 'gone' };

/** APPEND's message on its way in. */
export interface MessageLiteral {
  /**
   * The octets. The client is asked for them when the first is read, so that a refusal costs it nothing
   * (RFC 3501 §6.3.11). Throws `MessageIncomplete` where the command turns out illegal or the client goes away.
   */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** What was illegal after the message; known when `chunks` has ended. */
  readonly failure: string | undefined;
}

/** The message that was being read never came whole. */
export class MessageIncomplete extends Error {
  override readonly name = 'MessageIncomplete';
}

export interface Context {
  readonly transport: Transport;
  readonly state: SessionState;
  readonly client: Client;
  readonly signIn: SignIn;
  readonly mail: Mail;
  /** Puts the session into another state; a mailbox that was selected is let go. */
  become(next: SessionState): Promise<void>;
  /** The capabilities as they are now. */
  capabilities(): readonly string[];
  /** Lets other sessions run where this handler has worked for a while. */
  breathe(): Promise<void>;
  /** Reports trouble that the client is spared: a sentence without mail content. */
  report(message: string, error?: unknown): void;
}

/**
 * How a command ended. `next` is done after the tagged response; 'bye' sends the text as BYE
 * instead of one and closes; 'gone' says nothing to a client that is no longer there; 'abandon-store' ends
 * every session that shares the user's store.
 */
export interface Outcome {
  readonly condition: Condition;
  readonly code?: ResponseCode;
  readonly text: string;
  readonly next?: 'start-tls' | 'close' | 'bye' | 'gone' | 'abandon-store';
}

/** A handler that yields responses, or one that has none to yield. */
export type Run = AsyncGenerator<Response, Outcome, void> | Promise<Outcome>;

export function ok(text: string, code?: ResponseCode): Outcome {
  return code === undefined ? { condition: 'OK', text } : { condition: 'OK', code, text };
}

export function no(text: string, code?: ResponseCode): Outcome {
  return code === undefined ? { condition: 'NO', text } : { condition: 'NO', code, text };
}

export function bad(text: string): Outcome {
  return { condition: 'BAD', text };
}
