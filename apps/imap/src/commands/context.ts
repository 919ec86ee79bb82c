/** What a command's handler is given, and what it answers. Handlers yield responses; the session sends them. */
import type { ChannelBinding } from '../auth/exchange.ts';
import type { SignIn } from '../auth/sign-in.ts';
import type { Hub } from '../mailbox/hub.ts';
import type { Lease } from '../mailbox/leases.ts';
import type { Mail, UserMail } from '../mailbox/user-mail.ts';
import type { View } from '../mailbox/view.ts';
import type { AppendedMessage } from '../wire/command.ts';
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
  /** Both ends are on this machine and no proxy passes others on, so that nobody can listen in between. */
  readonly loopback: boolean;
  /** Where the client calls from, for throttling. */
  readonly address: string;
  /** A proxy passes the clients on: the address is its own. */
  readonly proxied?: boolean;
  /** What ties a sign-in to this TLS connection (RFC 5056). */
  readonly channelBinding?: ChannelBinding;
  /** Whether what is sent either way is compressed (RFC 4978); undefined where it cannot be. */
  readonly compressed?: boolean;
}

/** What ENABLE turns on (RFC 5161 §3.1, RFC 7162 §3.2.3, RFC 9051 §6.3.1, RFC 6855 §3). */
export type Enabled = 'CONDSTORE' | 'QRESYNC' | 'IMAP4rev2' | 'UTF8=ACCEPT';

/** What this session speaks besides IMAP4rev1: nothing that was turned on is turned off again. */
export interface SessionFeatures {
  /** FETCH responses that tell flags name UID and MODSEQ (RFC 7162 §3.1, §3.2.4). Every CONDSTORE enabling command turns it on. */
  readonly condstore: boolean;
  /** VANISHED is sent instead of EXPUNGE (RFC 7162 §3.2.3). Implies `condstore`. */
  readonly qresync: boolean;
  readonly rev2: boolean;
  /** Strings and mailbox names may be UTF-8, either way: UTF8=ACCEPT or IMAP4rev2 is on. */
  readonly utf8: boolean;
  /** Turns something on; false where it was on already. */
  enable(name: Enabled): boolean;
  /**
   * The UIDs that `$` stands for, ascending; undefined where no mailbox is selected. Empty after SELECT, and without what is
   * expunged since (RFC 5182 §2.1). Setting it is for SEARCH.
   */
  saved: readonly number[] | undefined;
}

/** The client's side while a command runs. */
interface Client {
  /** The next line without its line end (AUTHENTICATE, IDLE), or why there is none. */
  line(limit: number): Promise<Line>;
  /**
   * The messages of the APPEND that runs, in their order (RFC 3502). Each one's `chunks` are read to their end before the
   * next is asked for; what is not read, is skipped. Throws `MessageIncomplete` where the command turns out illegal or the
   * client goes away.
   */
  readonly messages: AsyncIterable<IncomingMessage>;
  readonly message: {
    /** What was illegal after a message of the APPEND; known when its `chunks` have ended. */
    readonly failure: string | undefined;
  };
}

/** One message of an APPEND on its way in. */
export interface IncomingMessage {
  readonly attributes: AppendedMessage;
  /**
   * The octets. The client is asked for them when the first is read, so that a refusal costs it nothing
   * (RFC 3501 §6.3.11).
   */
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** A line of the client. 'gone': the client is no longer there, or the session is being ended. */
export type Line =
  | { readonly kind: 'line'; readonly bytes: Uint8Array }
  | { readonly kind: 'too-long' }
  | { readonly kind: 'gone' };

/** The message that was being read never came whole. */
export class MessageIncomplete extends Error {
  override readonly name = 'MessageIncomplete';
}

export interface Context {
  /** The tag of the command that runs. */
  readonly tag: string;
  readonly session: SessionFeatures;
  readonly transport: Transport;
  readonly state: SessionState;
  readonly client: Client;
  readonly signIn: SignIn;
  readonly mail: Mail;
  /** Puts the session into another state; a mailbox that was selected is let go. */
  become(next: SessionState): Promise<void>;
  /** The capabilities as they are now. */
  capabilities(): readonly string[];
  /** Milliseconds of quiet after which IDLE says a word, so that no box in between takes the connection for dead. */
  readonly keepAlive: number;
  /** Octets that a message may have. */
  readonly messageSize: number;
  /**
   * Whether the user may have one more connection, which this one then is; asked once a sign-in has succeeded. Rejects
   * where that cannot be found out.
   */
  admit(user: string): Promise<boolean>;
  /** Aborted when the client cannot be reached any more: long work that says nothing on the way may end then. */
  readonly gone?: AbortSignal;
  /** Lets other sessions run where this handler has worked for a while. */
  breathe(): Promise<void>;
  /** Reports trouble that the client is spared: a sentence without mail content. */
  report(message: string, error?: unknown): void;
}

/**
 * How a command ended. `next` is done after the tagged response ('compress': RFC 4978 §4); 'bye' sends the text as BYE
 * instead of one and closes; 'gone' says nothing to a client that is no longer there; 'abandon-store' ends
 * every session that shares the user's store.
 */
export interface Outcome {
  readonly condition: Condition;
  readonly code?: ResponseCode;
  readonly text: string;
  /** A sign-in was refused. */
  readonly refusal?: SignInRefusal;
  readonly next?: 'start-tls' | 'compress' | 'close' | 'bye' | 'gone' | 'abandon-store';
}

/** What may be logged of a refused sign-in. */
export interface SignInRefusal {
  readonly mechanism: string;
  readonly why: string;
  /** The account, where there is one of that name. */
  readonly account?: string;
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
