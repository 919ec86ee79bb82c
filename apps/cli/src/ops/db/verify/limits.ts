/** Limits of `db verify`, each with its reason. */

/** Rows of a range: some megabytes of events are held at once, and a round trip to a server is small beside reading them. */
export const RANGE_ROWS = 5_000;

/** A range that differs is halved until it has so few rows, which are compared one by one. */
export const COMPARED_ROWS = 500;

/** Rows that differ and are named, at most: nobody reads more; further ones are counted. */
export const DIFFERENCES_SHOWN = 100;
