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
