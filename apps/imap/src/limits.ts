/** Every bound of this server outside the wire's and the MIME parser's own (wire/limits.ts, message/limits.ts). */

const KIB = 1024;
const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** What a connection may hold and how long it may be silent. */
export interface ConnectionLimits {
  /** Octets of responses waiting for the socket before handlers have to wait: a few TLS records, small beside a message. */
  readonly outgoing: number;
  /** Octets received and not yet handled before reading pauses: more than a line of the largest size. */
  readonly incoming: number;
  /** Milliseconds without sign-in: Dovecot's 3 minutes. */
  readonly beforeSignIn: number;
  /** Milliseconds without a word from a client that has signed in: RFC 3501 §5.4 asks for 30 minutes at least. */
  readonly idle: number;
  /** Milliseconds in which a client takes nothing of what waits for it: past that it is taken for gone. */
  readonly stalled: number;
  /** Milliseconds for the TLS handshake: a few round trips on a bad line. */
  readonly handshake: number;
  /** Connections at once: each costs some 50 KiB with TLS, and the process's file descriptors are finite. */
  readonly connections: number;
  /**
   * Connections on each port above those, while they are told that they are too many, or have yet to finish their TLS
   * handshake. Beyond that a connection is dropped without a word.
   */
  readonly refusals: number;
}

export const CONNECTION: ConnectionLimits = {
  outgoing: 64 * KIB,
  incoming: 128 * KIB,
  beforeSignIn: 3 * MINUTE,
  idle: 30 * MINUTE,
  stalled: 5 * MINUTE,
  handshake: 30 * SECOND,
  connections: 4096,
  refusals: 64,
};

/** Illegal commands in a row before BYE: what Dovecot does after sign-in; a stranger gets a few tries by hand. */
export const BAD_COMMANDS = { beforeSignIn: 5, afterSignIn: 20 } as const;

/** Refused sign-ins on one connection before BYE: a person mistypes; a program that goes on is guessing. */
export const FAILED_SIGN_INS = 5;

/**
 * Delay before the next sign-in from an address is looked at: doubles with each failure, as far as a person's patience.
 * Before, because it is the look (argon2: memory and time) that a flood must not get for nothing.
 */
export const SIGN_IN_DELAY = { first: SECOND / 2, longest: 15 * SECOND } as const;

/** Addresses whose failures are remembered, and for how long: a bound on memory under attack from many addresses. */
export const SIGN_IN_MEMORY = { addresses: 10_000, forget: 15 * MINUTE } as const;

/** Octets of an AUTHENTICATE answer: RFC 4616 allows 255 octets each for three names; base64 adds a third. */
export const AUTHENTICATE_LINE = 2 * KIB;

/** Octets of a message in APPEND: above what mail systems pass on, below what a disk notices. */
export const MESSAGE_SIZE = 256 * KIB * KIB;

/** Milliseconds of work before a handler lets other sessions run: well below what a person notices as a delay. */
export const SLICE = 10;

/** Messages whose states or records are asked of the index in one go: a millisecond or two. */
export const STATES_AT_ONCE = 256;

/** Messages whose \Seen is set in one go by FETCH: few enough that the first body goes out at once. */
export const SEEN_BATCH = 16;

/** Sections up to this many octets are read whole, larger ones streamed: one chunk of the store. */
export const WHOLE_SECTION = 64 * KIB;

/** Messages up to this size are parsed whole for an ENVELOPE so that it can be kept; of larger ones only the header is read. */
export const PARSE_FOR_ENVELOPE = 64 * KIB;

/** Octets of a header that are looked at: the reference servers read at most some MiB. */
export const HEADER_SIZE = 4 * KIB * KIB;

/** Octets of a header parsed before other sessions may run: one chunk of the store. */
export const PARSED_AT_ONCE = 64 * KIB;

/** Structures remembered per open mailbox: clients fetch one large message in many partial fetches. */
export const STRUCTURES = 32;

/** Telemetry events a second and session before they are counted together. */
export const TELEMETRY_RATE = 50;

/** Milliseconds for the last octets to reach a client after BYE. */
export const LINGER = 2 * SECOND;

/** Milliseconds for telemetry and sessions to finish at shutdown. */
export const SHUTDOWN = { telemetry: 2 * SECOND, sessions: 3 * SECOND } as const;
