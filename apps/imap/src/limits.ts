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
  /**
   * Milliseconds of quiet in IDLE before the server says a word: below the 29 minutes after which clients end it themselves
   * (RFC 2177 §3), above what a phone's battery notices.
   */
  readonly keepAlive: number;
  /** Milliseconds in which a client takes nothing of what waits for it: past that it is taken for gone. */
  readonly stalled: number;
  /** Milliseconds for the TLS handshake: a few round trips on a bad line. */
  readonly handshake: number;
  /**
   * Connections at once, those that have yet to finish their TLS handshake included: each costs some 50 KiB with TLS, and
   * file descriptors are finite.
   */
  readonly connections: number;
  /** Connections from one address that have not signed in: more than an office or a webmail opens at once. */
  readonly perAddress: number;
  /** Connections that have signed in as one user: ten devices with ten each. */
  readonly perUser: number;
  /**
   * Connections above those, and from each address above `perAddress`, while they are told that they are too many. Beyond
   * that a connection is dropped without a word.
   */
  readonly refusals: number;
  /** Octets of a message in APPEND: above what mail systems pass on, below what a disk notices. */
  readonly messageSize: number;
}

export const CONNECTION: ConnectionLimits = {
  outgoing: 64 * KIB,
  incoming: 128 * KIB,
  beforeSignIn: 3 * MINUTE,
  idle: 30 * MINUTE,
  keepAlive: 28 * MINUTE,
  stalled: 5 * MINUTE,
  handshake: 30 * SECOND,
  connections: 4096,
  perAddress: 128,
  perUser: 128,
  messageSize: 256 * KIB * KIB,
  refusals: 64,
};

/**
 * COMPRESS=DEFLATE. Out: a window of 32 KiB and little memory beside it, some 160 KiB a connection instead of zlib's 256,
 * and a level that is fast: IMAP's responses are repetitive enough (RFC 4978 §4). In: the client chooses the window. A
 * chunk is what is inflated before somebody has to take it.
 */
export const DEFLATE = {
  out: { level: 3, windowBits: 15, memLevel: 6, chunkSize: 16 * KIB },
  in: { windowBits: 15, chunkSize: 16 * KIB },
} as const;

/** Illegal commands in a row before BYE: what Dovecot does after sign-in; a stranger gets a few tries by hand. */
export const BAD_COMMANDS = { beforeSignIn: 5, afterSignIn: 20 } as const;

/** How often the accounts are looked at for people who may not be here any more: soon enough for whoever disables one. */
export const ACCOUNTS_LOOK = SECOND;

/** Refused sign-ins on one connection before BYE: a person mistypes; a program that goes on is guessing. */
export const FAILED_SIGN_INS = 5;

/**
 * Delay before the next sign-in from an address, or to an account, is looked at: doubles with each failure, as far as a
 * person's patience. Before, because it is the look (argon2: memory and time) that a flood must not get for nothing.
 */
export const SIGN_IN_DELAY = { first: SECOND / 2, longest: 15 * SECOND } as const;

/**
 * Sign-ins that may be looked at together without a failure before them: a mail client opens some ten connections at
 * once, an office or a webmail with many users several times as many. What is above comes one after the other, this far
 * apart, so that a flood does not get all its guesses in before the first of them has failed.
 */
export const SIGN_IN_BURST = { address: 64, account: 16, apart: SECOND / 10 } as const;

/** The longest wait of a sign-in: clients give up after a minute. One that would wait longer is sent away at once. */
export const SIGN_IN_PATIENCE = MINUTE;

/**
 * What is remembered of sign-ins: addresses, accounts and pairs of both, of each so many (a bound on memory under attack
 * from many addresses); failures and good sign-ins, and for how long. The latter is as long as a phone lies in a drawer.
 */
export const SIGN_IN_MEMORY = { entries: 10_000, forget: 15 * MINUTE, trust: 30 * 24 * 60 * MINUTE } as const;

/**
 * Octets of an AUTHENTICATE answer, the initial response included, in base64: a name of 97 and a password of 1,024
 * octets in PLAIN (RFC 4616), or the names, nonces and channel bindings of SCRAM, with a third added by base64.
 */
export const AUTHENTICATE_LINE = 2 * KIB;

/** Messages in one APPEND (RFC 3502): all of them wait in tmp/ for the last one. Clients send some ten together. */
export const APPENDED_MESSAGES = 1_000;

/** Names subscribed to: ten times the folders of a large archive. The list is written anew at each change. */
export const SUBSCRIPTIONS = 10_000;

/**
 * Milliseconds of work before a handler lets other sessions run. Another session's command may wait for two of them, one
 * before it is read and one before its answer is written, and is to wait no longer than 20 ms.
 */
export const SLICE = 4;

/** Messages that SEARCH decides on together: what it holds of each takes some hundred octets. */
export const SEARCHED_AT_ONCE = 16_384;

/** Keys of a search that are asked of messages in one go: a few milliseconds, however many keys a program has. */
export const KEYS_AT_ONCE = 16_384;

/** Messages whose states or records are asked of the index in one go: a millisecond or two. */
export const STATES_AT_ONCE = 256;

/** Changes of a mailbox that a view takes in at once: a few milliseconds. Those of one STORE may be as many as messages. */
export const CHANGES_AT_ONCE = 1024;

/** Messages from which \Recent is taken in one go: a few milliseconds. */
export const CLAIMED_AT_ONCE = 1024;

/** Messages whose \Seen is set in one go by FETCH: few enough that the first body goes out at once. */
export const SEEN_BATCH = 16;

/** Sections up to this many octets are read whole, larger ones streamed: one chunk of the store. */
export const WHOLE_SECTION = 64 * KIB;

/** Octets between the places of a decoded part from where a partial fetch can begin: a few milliseconds' decoding. */
export const DECODER_MARKS = 1024 * KIB;

/** Octets of a header that are looked at, as when its text is searched: ten times what 2,000 recipients take. */
export const HEADER_SIZE = KIB * KIB;

/** Octets of a header parsed before other sessions may run: one chunk of the store. */
export const PARSED_AT_ONCE = 64 * KIB;

/** Characters of an ENVELOPE or BODYSTRUCTURE that is held together with those of its batch: real ones have some hundred. */
export const TEXT_AT_ONCE = 16 * KIB;

/** Structures remembered per open mailbox: clients fetch one large message in many partial fetches. */
export const STRUCTURES = 32;

/** Telemetry events a second and session before they are counted together. */
export const TELEMETRY_RATE = 50;

/** Characters kept of what a client says of itself in each field of ID: names and versions are shorter. */
export const CLIENT_IDENTITY = 100;

/**
 * The operator's port. Octets of a request's header and of its body, which is a few words; milliseconds for a request to
 * arrive, for the next one on the same connection, for a client that takes none of its answer, and between looks at all
 * of that; connections at once: a scraper, a probe, a few people.
 */
export const ADMIN = {
  header: 8 * KIB,
  body: 16 * KIB,
  request: 10 * SECOND,
  keepAlive: 5 * SECOND,
  stalled: 30 * SECOND,
  check: SECOND,
  connections: 64,
} as const;

/** Milliseconds from which a command is logged as slow: what a person takes for hanging. */
export const SLOW_COMMAND = 5 * SECOND;

/** Seconds up to which commands are counted apart: from what the index answers to what clients give up on. */
export const COMMAND_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60];

/**
 * Milliseconds between looks at the event loop, few enough that 20 ms of delay show; and how long a bad moment is shown at
 * least: longer than Prometheus is away between two scrapes.
 */
export const LOOP_DELAY = { resolution: 20, window: MINUTE / 2 } as const;

/**
 * Protocol traces: minutes and octets of one, by default and at most; octets that may wait for the disk before lines are
 * dropped; characters of a
 * response, and of any line, that are shown; traces that run at once, and that are remembered after their end;
 * milliseconds for which files are kept: until the next trace after a week.
 */
export const TRACE = {
  minutes: { usual: 10, most: 24 * 60 },
  octets: { usual: 16 * KIB * KIB, most: KIB * KIB * KIB },
  waiting: KIB * KIB,
  response: 1000,
  line: 4000,
  running: 16,
  remembered: 32,
  kept: 7 * 24 * 60 * MINUTE,
} as const;

/** Of a process's log, what is kept for an operator who asks: a busy minute or a quiet day, and little memory. */
export const RECENT_LOG = { lines: 2000, characters: KIB * KIB } as const;

/** Milliseconds for the last octets to reach a client after BYE. */
export const LINGER = 2 * SECOND;

/** Milliseconds for telemetry and sessions to finish at shutdown. */
export const SHUTDOWN = { telemetry: 2 * SECOND, sessions: 3 * SECOND } as const;

/** What local delivery by LMTP bears. Its clients are mail servers of this machine. */
export interface LmtpLimits {
  /**
   * Octets of a command's line, CRLF included: RFC 5321 §4.5.3.1 allows 512 and the extensions some more, addresses in UTF-8
   * three times theirs.
   */
  readonly line: number;
  /** Recipients of a message: RFC 5321 §4.5.3.1.8 asks for 100 at least, Postfix sends 50 together. The rest comes again. */
  readonly recipients: number;
  /** Recipients that a message is written for at once: enough that their fsyncs overlap, and a few files each. */
  readonly deliveries: number;
  /** Mistakes of the protocol before 421: Postfix's own limit. A mail server makes none; what makes many speaks another. */
  readonly errors: number;
  /**
   * Milliseconds without a line, or a piece of a message: RFC 5321 §4.5.3.2.7 asks for five minutes at least. Noticed when
   * twice as much has passed at the latest.
   */
  readonly idle: number;
  /** Connections at once: above the hundred processes that a Postfix has at most, unless told otherwise. */
  readonly connections: number;
  /** Connections above those, while they are told so. */
  readonly refusals: number;
  /** Octets received and not yet handled before reading pauses: a few reads of a socket. */
  readonly incoming: number;
  /** Octets of a message held in memory; what is larger is spooled to a file. Most mail is smaller. */
  readonly inMemory: number;
  /** Octets of a spooled message read at once: one chunk of the store. */
  readonly chunk: number;
}

export const LMTP: LmtpLimits = {
  line: 2 * KIB,
  recipients: 1000,
  deliveries: 8,
  errors: 20,
  idle: 5 * MINUTE,
  connections: 128,
  refusals: 16,
  incoming: 128 * KIB,
  inMemory: 128 * KIB,
  chunk: 64 * KIB,
};

/**
 * Several workers, in milliseconds. A worker that dies is started again after `restart.first`, which doubles from death to
 * death up to `longest`, so that a broken one costs next to nothing; one that ran for `forget` is taken for healthy. One
 * that is not `ready` in time hangs: cold starts take a second or two. `answer`: to what is asked within the machine, a
 * thousand times what it takes. `stop`: a little more than sessions, telemetry and the last octets may take together.
 */
export const FLEET = {
  restart: { first: SECOND / 5, longest: 30 * SECOND, forget: MINUTE },
  ready: MINUTE,
  answer: 5 * SECOND,
  stop: 10 * SECOND,
} as const;
