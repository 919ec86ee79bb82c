/** The limits of the insights database's control side, each with its reason. */

/** How long a statement waits for another process's lock, milliseconds. Group commits take tens of milliseconds. */
export const BUSY_TIMEOUT_MS = 10_000;

/**
 * The same for the control side once it is open, milliseconds: it shares its thread with every request, so it waits
 * asleep only as long as nobody notices, and further on between attempts, CONTROL_PAUSE_MS apart, up to BUSY_TIMEOUT_MS.
 */
export const CONTROL_BUSY_MS = 5;
export const CONTROL_PAUSE_MS = 20;

/** Attempts to switch a new file to WAL while another process does the same: that lock ignores the busy time-out. */
export const WAL_ATTEMPTS = 100;

/** Pause between those attempts, milliseconds. */
export const WAL_PAUSE_MS = 20;

/** Characters of an application's or token's name: fits a table column and a URL. */
export const NAME_LENGTH = 64;

/** Days for which an application's events may be kept: a day is the span that dashboards show, ten years is for ever. */
export const RETENTION_DAYS = { least: 1, most: 3650 } as const;

/** Up to which duration requests of an application may be said to satisfy, milliseconds: beyond a minute nobody waits. */
export const APDEX_MS = { least: 1, most: 60_000 } as const;

/** Events a second that a key may be limited to: the most is far above what one machine takes. */
export const RATE_LIMIT = { least: 1, most: 1_000_000 } as const;

/**
 * As many rows as could be read in the time that a change of the schema alone takes: what a step of a migration weighs
 * beside the rows that it reads. It decides how percent are shared out and nothing else.
 */
export const SCHEMA_CHANGE_ROWS = 1_000;

/** How long one attempt waits for the lock of a database that another process migrates, milliseconds. */
export const MIGRATION_LOCK_MS = 250;

/**
 * How long one statement of a migration may take on a SQL Server, milliseconds: it may read a table of years. Whoever
 * wants to give up sooner stops the process.
 */
export const MIGRATION_REQUEST_MS = 24 * 3_600_000;

/** Pages of the write-ahead log before SQLite copies them into the database: about 16 MB, so commits stay sequential. */
export const WAL_AUTOCHECKPOINT_PAGES = 4_000;

/** How long a session with a SQL Server may take to be made, log-in included, milliseconds: a start must not hang. */
export const CONNECT_TIMEOUT_MS = 10_000;

/** How long one statement may take on a SQL Server, milliseconds: above every lock wait below. */
export const REQUEST_TIMEOUT_MS = 30_000;

/** How long a statement waits for a free session of its pool, milliseconds: then the answer is "try again". */
export const ACQUIRE_TIMEOUT_MS = 15_000;

/** How long an unused session is kept, milliseconds. */
export const SESSION_IDLE_MS = 60_000;

/** Sessions of the control side: its statements are single look-ups by key. */
export const CONTROL_SESSIONS = 2;

/** How long to wait for an application lock, milliseconds: another process migrates or writes its sums meanwhile. */
export const APP_LOCK_TIMEOUT_MS = 20_000;

/** Attempts at work that failed for a passing reason (deadlock, lost connection), the first included. */
export const ATTEMPTS = 4;

/** Pause before the second attempt, milliseconds; it doubles each time. All attempts together stay below a second. */
export const ATTEMPT_PAUSE_MS = 50;

/** After a failed connection nobody tries another for this long, milliseconds; it doubles up to the second value. */
export const RECONNECT_FIRST_MS = 100;
export const RECONNECT_MOST_MS = 5_000;

/** How long it is waited for others to be done with a file that is to be replaced, milliseconds: a command, and no server. */
export const IN_USE_MS = 2_000;
