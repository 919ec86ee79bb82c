/** Limits of what the dashboard asks the API for, each with its reason. */

/** Events a page of a search: a screen or four, and an answer of some 100 KB. */
export const EVENTS_PAGE = 200;

/** Steps of the histogram over a search: bars that a finger still hits on a wide screen. */
export const HISTOGRAM_STEPS = 90;

/** Events that an answer may read which is asked for as often as every page is refreshed: some hundredths of a second. */
export const CHEAP_ROWS = 100_000;

/** Newer events that wait until they are asked for: more are not read one by one, and the list begins anew. */
export const NEWER_MAX = 200;

/**
 * How far before the last look newer events are looked for, milliseconds: senders gather for up to half a minute, and what
 * comes later than that is found by a refresh.
 */
export const NEWER_OVERLAP_MS = 60_000;

/** How long values of a field are good for completion, milliseconds: typing must not ask again at every letter taken back. */
export const VALUES_FRESH_MS = 60_000;

/** How long pages of a search are kept that nobody looks at, milliseconds: long enough for Back, not for the day. */
export const EVENTS_KEPT_MS = 60_000;
