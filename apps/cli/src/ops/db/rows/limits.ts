/** Limits of the commands that change rows, each with its reason. */

/** Rows that one transaction removes, archives or puts back: SQL Server locks a whole table from about 5,000 locks on. */
export const DEDUPE_BATCH = 2_000;

/** How often it is looked again for duplicates that came while others were removed: whoever goes on making them is not caught up with. */
export const DEDUPE_ROUNDS = 3;

/** So many more duplicates than were planned and rows came, and this percentage, are taken for chance (others remove rows too); with more the table is another one. */
export const DEDUPE_DRIFT = 100;
export const DEDUPE_DRIFT_PERCENT = 20;

/** How often a unique index is tried: from the second time on what came late goes in the same transaction, so a third is for more than a batch of it. */
export const UNIQUE_ATTEMPTS = 6;

/** Longest key of a nonclustered index of SQL Server, bytes. */
export const INDEX_KEY_MAX_BYTES = 1_700;

/** Keys that `db dupes` shows where nobody says how many, and the first rows of each: a screen. */
export const KEYS_SHOWN = 10;
export const ROWS_SAMPLED = 3;

/** Characters of a value that are shown: a path, a URL. */
export const VALUE_SHOWN = 200;

/** Rows of a backfill's first batch: a beginning; what comes after fits the time that it took. */
export const BACKFILL_BATCH_FIRST = 500;

/** Fewest rows of a batch: with fewer, commits are all that is done. */
export const BACKFILL_BATCH_LEAST = 10;

/** Most rows of a batch: SQL Server locks a whole table from about 5,000 locks on. */
export const BACKFILL_BATCH_MOST = 4_000;

/** How long a batch is to take, milliseconds: worth a commit, and its locks are hardly noticed. */
export const BACKFILL_SHORT_MS = 250;
export const BACKFILL_LONG_MS = 500;

/** What takes less, milliseconds, is not called slow: such times are chance. */
export const BACKFILL_SLOW_MS = 100;

/** Pause before the next batch where something speaks against it, milliseconds, and between two looks at a backfill that is paused. */
export const BACKFILL_WAIT_MS = 1_000;

/** How full SQL Server's log may be, percent: above it growing or a log backup may be too late. */
export const BACKFILL_LOG_PERCENT = 70;

/** Pages of SQLite's write-ahead log that are waited for (64 MB): it grows as long as somebody reads an old state. */
export const BACKFILL_WAL_PAGES = 16_384;

/** How often in a row a batch may be kept from being done by others' locks: with 5 seconds each that is minutes, and somebody should look. */
export const BACKFILL_LOCKED_MOST = 30;

/** A worker on another machine that was not heard of for so long, milliseconds, is taken for dead: many batches' time. */
export const BACKFILL_LEASE_MS = 60_000;

/** How often a transaction is tried that others' locks are in the way of, and the pause between, milliseconds: they get through in it. */
export const LOCKED_ATTEMPTS = 5;
export const LOCKED_PAUSE_MS = 500;
