/** Limits of the live tail in the browser, each with its reason. */

/** Entries that are kept: an hour's reading, some megabytes. */
export const ENTRIES_KEPT = 2_000;

/** Between two drawings of what arrives, milliseconds: seen as at once, and ten a second is no load at any rate. */
export const PACE_MS = 100;

/** Before the first, second, … try after a loss, milliseconds: a restart of the API is hardly seen, a long absence not hammered. */
export const RETRY_MS: readonly number[] = [1_000, 2_000, 5_000, 10_000];

/** A stream that is silent for this long is dead, milliseconds: the API says every few seconds that it is not. */
export const SILENCE_MS = 30_000;
