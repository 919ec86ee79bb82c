/** Limits of `scorpiox db`, each with its reason. */

/** Octets of a file that holds a database's address: an address is a line. */
export const ADDRESS_FILE_MAX = 64 * 1024;

/** How long a statement waits for somebody else's lock unless told otherwise, milliseconds: longer than a batch takes, short enough that nobody queues up behind it. */
export const LOCK_TIMEOUT_MS = 5_000;

/** Characters of a parameter that are shown: a key, a name, a time. What is longer is a document, and is none of a screen's business. */
export const PARAMETER_SHOWN = 60;

/** How often, and how often at most, it is looked whether a session that was ended is gone, milliseconds: what takes longer is told as a rollback. */
export const ENDING_LOOK_MS = 250;
export const ENDING_LOOKS = 12;

/** Characters of a statement that are shown: one that inserts a hundred rows says the same a hundred times. */
export const STATEMENT_SHOWN = 1_500;

/** A statement that only looks and takes longer on a SQL Server, milliseconds, is left: a server in trouble is not to be burdened. */
export const LOOK_MS = 30_000;
