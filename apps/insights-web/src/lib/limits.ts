/** Every limit and interval of the dashboard, with its reason. */

/** Longest wait for an answer of the API, milliseconds: past it the page says so instead of seeming alive. */
export const REQUEST_TIMEOUT_MS = 15_000;

/** Between two refreshes of a span of an hour or less, milliseconds: five seconds feel live. */
export const REFRESH_SHORT_MS = 5_000;

/** Between two refreshes of a longer span, milliseconds: its figures hardly move in less. */
export const REFRESH_LONG_MS = 10_000;

/** An answer younger than this is not asked for again when a view mounts, milliseconds: the route has just fetched it. */
export const FRESH_MS = 2_000;

/** Wait before the one retry of a failed refresh, milliseconds: hides a restart of the API, no more. */
export const RETRY_DELAY_MS = 1_000;

/** How long a copy button says that it copied, milliseconds. */
export const COPIED_MS = 2_000;

/** Longest way back after a sign-in, characters: longer ones are not ours. */
export const RETURN_PATH_MAX = 2_000;

/** The shortest range that one can choose or zoom to, milliseconds: figures are kept by the minute. */
export const RANGE_LEAST_MS = 60_000;

/** The longest range that can be shown at once, milliseconds: the API's own bound. */
export const RANGE_MOST_MS = 31 * 86_400_000;

/** How long `g` waits for the letter of a page, milliseconds: a slow hand's time, before `g` is forgotten. */
export const CHORD_MS = 1_500;

/** Steps that a chart asks for: some three pixels each where three charts stand beside each other. */
export const CHART_POINTS = 120;

/** Rows of a long list at first, and with each "Show more": what one screen or two can hold. */
export const PAGE_ROWS = 50;

/** Rows of a list on an overview: what one takes in at a glance. */
export const TOP_ROWS = 6;

/** From this share of failed calls on, an arrow of the map counts as failing: the API's own threshold for applications. */
export const FAILING_CALLS = 0.05;

/** The longest value that a query for events may have, characters: the query language's own bound. */
export const QUERY_VALUE_MAX = 512;
