/** The limits of the insights database's control side, each with its reason. */

/** How long a statement waits for another process's lock, milliseconds. Group commits take tens of milliseconds. */
export const BUSY_TIMEOUT_MS = 10_000;

/** Attempts to switch a new file to WAL while another process does the same: that lock ignores the busy time-out. */
export const WAL_ATTEMPTS = 100;

/** Pause between those attempts, milliseconds. */
export const WAL_PAUSE_MS = 20;

/** Characters of an application's or token's name: fits a table column and a URL. */
export const NAME_LENGTH = 64;

/** Pages of the write-ahead log before SQLite copies them into the database: about 16 MB, so commits stay sequential. */
export const WAL_AUTOCHECKPOINT_PAGES = 4_000;
