/** Limits of what the dashboard asks the API for, each with its reason. */

/** Events a page of a search: a screen or four, and an answer of some 100 KB. */
export const EVENTS_PAGE = 200;

/** Steps of the histogram over a search: bars that a finger still hits on a wide screen. */
export const HISTOGRAM_STEPS = 90;

/** How long values of a field are good for completion, milliseconds: typing must not ask again at every letter taken back. */
export const VALUES_FRESH_MS = 60_000;

/** How long pages of a search are kept that nobody looks at, milliseconds: long enough for Back, not for the day. */
export const EVENTS_KEPT_MS = 60_000;
