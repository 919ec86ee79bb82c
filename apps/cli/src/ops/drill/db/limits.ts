/** The journal's night in numbers, and what bounds its drill. */

/** Rows of the table. */
export const CRISIS_ROWS = 900_000;

/** Rows of it that are there twice. */
export const CRISIS_DUPLICATES = 1_131;

/** Sessions that insert at once. */
export const CRISIS_SESSIONS = 81;

/** Applications that send. */
export const CRISIS_APPS = 15;

/** For how long each load runs unless told otherwise, seconds: the old way does some dozens of inserts a second. */
export const LOAD_SECONDS = 15;

/** The longest that it may be told to run, seconds: nobody holds a drill of a day. */
export const LOAD_SECONDS_MOST = 3600;

/** The least and the most rows that may be asked for: below, a scan costs nothing; above, the file takes tens of gigabytes. */
export const ROWS_LEAST = 10_000;
export const ROWS_MOST = 100_000_000;

/** Rows that one statement makes: a second's work, so that Ctrl-C is heard. */
export const FILL_BATCH = 50_000;

/**
 * Processes that the sessions of the embedded database are spread over: its calls stand still, so only processes wait for
 * each other as sessions do. One for each session would take gigabytes.
 */
export const LOAD_PROCESSES = 9;

/** How long a statement of the load waits for a lock, milliseconds: longer than any should have to, so waits are measured. */
export const LOAD_LOCK_TIMEOUT_MS = 60_000;

/** How long the processes of the load may take to be ready, and to end after their time is up, milliseconds. */
export const LOAD_PATIENCE_MS = 120_000;

/** Bytes on the disk that a row of the drill takes at most: the table, its index, its archive, and the log. */
export const BYTES_PER_ROW = 700;

/** How long it is the same attempt of two sessions to send an event, milliseconds: a sender that gave up waiting sends again. */
export const RESEND_MS = 1_000;

/** One in this many inserts is such an event. */
export const RESEND_EVERY = 2;
