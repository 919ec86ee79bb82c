/**
 * Cost of one argon2id: OWASP's Password Storage Cheat Sheet names 19 MiB, 2 passes, 1 lane as its minimum of equal
 * strength to the larger ones. The smallest in memory is chosen, because a mail server has many sign-ins at once.
 */
export const ARGON2 = { memory: 19 * 1024, passes: 2, parallelism: 1, length: 32 } as const;

/** Bytes of salt: RFC 9106 §3.1 recommends 16. */
export const SALT_BYTES = 16;

/** Bounds on what a stored hash may ask for: it is read from a file, and must not take the host's memory or hours. */
export const ARGON2_BOUNDS = { memory: 1024 * 1024, passes: 16, parallelism: 16, length: 64 } as const;

/** Derivations at once: each takes 19 MiB and a thread of libuv's four, which files and DNS need too. */
export const MAX_DERIVATIONS = 2;

/** Sign-ins that may wait for a derivation: some seconds of work; beyond it the answer is "busy", not a longer queue. */
export const MAX_WAITING = 256;

/** Accounts whose last good password is remembered: 32 bytes each and the name; the oldest gives way. */
export const MAX_REMEMBERED = 10_000;

/** Longest password, bytes of UTF-8: longer than any phrase, and the contract of the sign-in form. */
export const MAX_PASSWORD_BYTES = 1024;

/** How long to wait for another process's write, ms: writes here take a few, and a backup may hold the file longer. */
export const BUSY_TIMEOUT_MS = 5000;

/**
 * PBKDF2's rounds of a password's SCRAM keys (RFC 7677 §4 asks for 4096 at least, and 15,000 by its rule of thumb). The
 * keys are the weaker side of a stolen file, argon2id the stronger, so as many as clients take: Cyrus SASL's refuse more
 * than 65,536. The client pays them at each sign-in, a fraction of a second on a phone; the server once, when a password is set.
 */
export const SCRAM_ITERATIONS = 50_000;

/** The same of an app password: 125 random bits need no stretching, so what RFC 7677 §4 asks for at least. */
export const APP_SCRAM_ITERATIONS = 4096;

/** Bounds on what stored SCRAM keys may say: they are read from a file and sent to clients. */
export const SCRAM_BOUNDS = { iterations: 10_000_000, salt: 64 } as const;

/** App passwords of one account: above a person's devices, and a list that can still be read. */
export const MAX_APP_PASSWORDS = 100;

/** Rounds of SHA-crypt: what it uses where none are named, its least, and half a second of work, as a bound on what is taken over. */
export const SHA_CRYPT_ROUNDS = { usual: 5000, least: 1000, most: 200_000 } as const;

/** Rounds of SHA-crypt before other work gets its turn: some milliseconds. */
export const ROUNDS_AT_ONCE = 500;

/** Cost of bcrypt that is taken over: its least, and what takes JavaScript about a second. */
export const BCRYPT_COST = { least: 4, most: 13 } as const;
