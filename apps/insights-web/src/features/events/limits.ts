/** Limits of the pages of events, each with its reason. */

/** How long a value is waited for to stay the same before the API is asked for its completion, milliseconds. */
export const COMPLETION_PAUSE_MS = 150;

/** Options that the completion shows: more are not read. */
export const OPTIONS_SHOWN = 12;

/** Events loaded into a page: past them one narrows the query, or exports. A thousand take about a megabyte. */
export const EVENTS_LOADED_MAX = 10_000;
