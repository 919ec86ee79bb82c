/** What a SASL exchange (RFC 4422) needs, says and comes to. */
import type { Credentials } from './plain.ts';
import type { Proof, SignIn, SignInResult } from './sign-in.ts';

/** The data of a channel binding type under this TLS connection; undefined for a type that it does not have. */
export type ChannelBinding = (type: string) => Uint8Array | undefined;

/** What an exchange needs. */
export interface Party {
  attempt(evidence: Credentials | Proof): Promise<SignInResult>;
  readonly scram: SignIn['scram'];
  /** Absent where the connection cannot be bound to. */
  readonly channelBinding?: ChannelBinding;
  /** The server's part of a nonce. */
  nonce(): string;
}

/** How an exchange ended. */
export type Verdict =
  | SignInResult
  /** The client's message is not what the mechanism asks for. */
  | { readonly kind: 'malformed'; readonly expected: string }
  | { readonly kind: 'other-identity' }
  /** Somebody may be in between, or the client is broken. */
  | { readonly kind: 'not-allowed'; readonly why: 'downgrade' | 'channel-binding' | 'binding-type' | 'nonce' };

/**
 * Yields challenges and takes the client's answers. The first challenge of a mechanism in which the client speaks first
 * is empty; an initial response (RFC 4959) is the answer to it, without its being sent.
 */
export type Exchange = AsyncGenerator<string, Verdict, Uint8Array>;
