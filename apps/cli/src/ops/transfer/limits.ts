/** Every limit of bringing mail over, with its reason. */

/** Octets of a file that are read at once while mail is brought over: few enough to be held, enough to keep a disk busy. */
export const TRANSFER_CHUNK = 64 * 1024;

/** A message up to this size, octets, is held in memory while it is brought over; a larger one is streamed, and read twice. */
export const TRANSFER_HELD_BYTES = 1024 ** 2;

/** Messages that are written together, so that they share their syncs … */
export const TRANSFER_BATCH_MESSAGES = 100;

/** … up to so many octets, which bounds what is held. */
export const TRANSFER_BATCH_BYTES = 4 * 1024 ** 2;

/** Longest header of an mbox's message that is looked at, octets: real ones have some tens of kilobytes at most. */
export const MBOX_HEADER_MAX = 256 * 1024;

/** Names of a Maildir's folder that are held at once, some hundred bytes each: a larger one is read several times. */
export const MAILDIR_NAMES_HELD = 50_000;

/** Messages that were not brought over and are named; further ones are counted. */
export const TROUBLES_SHOWN = 10_000;

/** Messages of another IMAP server whose flags, dates and sizes are asked for at once: some hundred bytes each. */
export const IMAP_WINDOW = 500;

/** Small messages of another IMAP server that are fetched by one command, so that each does not wait for the network. */
export const IMAP_AT_ONCE = 50;
