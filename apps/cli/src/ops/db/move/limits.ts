/** Limits of `db migrate`, each with its reason. */

/** Rows that are copied in one transaction: some megabytes of events, some tenths of a second; what a kill costs. */
export const COPY_ROWS = 2_000;

/** Rows in one statement: a document of a megabyte or two. */
export const DOCUMENT_ROWS = 500;

/** Notes of changes that are read at once: they are few octets each. */
export const NOTES_READ = 5_000;

/** Places that changed and are brought over as one range, if not too many rows lie between them. */
export const PLACES_TOGETHER = 500;

/** After so many rows were copied, what changed meanwhile is brought over: notes do not pile up. */
export const ROWS_BETWEEN = 50_000;

/** How often a range that differs from its source is caught up with before it is left for the time when nothing changes. */
export const PROOFS = 3;

/** A source is closed once a pass brings over so few changes: then the last pass takes a second or so … */
export const CLOSE_AT_CHANGES = 500;

/** … or after so many passes: a source that changes faster than that is closed as it is. */
export const PASSES_BEFORE_CLOSING = 5;

/** How often something is tried that a lock, or a row that was made a moment ago, stands in the way of. */
export const ATTEMPTS = 5;

/** An API that said later than this that it is there is taken for one that is, milliseconds: it says so every half minute. */
export const API_SEEN_MS = 120_000;
