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

/** From this share of failed requests on, an application counts as failing. */
export const FAILING_RATE = 0.05;

/** An application that was heard of, but not for this long, counts as silent, milliseconds. */
export const SILENT_AFTER_MS = 15 * 60_000;

/** How long a copy button says that it copied, milliseconds. */
export const COPIED_MS = 2_000;

/** Longest way back after a sign-in, characters: longer ones are not ours. */
export const RETURN_PATH_MAX = 2_000;

/** The shortest range that one can choose or zoom to, milliseconds: figures are kept by the minute. */
export const RANGE_LEAST_MS = 60_000;

/** How long `g` waits for the letter of a page, milliseconds: a slow hand's time, before `g` is forgotten. */
export const CHORD_MS = 1_500;
