/** The limits of raw questions, traces, exports and live tails, each with its reason. As in ../../limits.ts. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const MIB = 1024 * 1024;

/** Characters of a message, and of the JSON of properties, that a list of events shows: a page of 1,000 stays below 10 MB. */
export const LISTED_MESSAGE = 1000;
export const LISTED_CHARACTERS = 4000;

/** Events of one page of a search, where it says nothing, and at most. */
export const SEARCH_PAGE = { usual: 100, most: 1000 } as const;

/**
 * Rows that one slice of a raw question reads: the first are few, since most pages are full soon; the largest take some
 * hundredths of a second, after which the thread is free for others.
 */
export const SLICE_ROWS = { first: 512, most: 20_000 } as const;

/** A slice that took longer than this makes the next one smaller. */
export const SLICE_SLOW_MS = 60;

/** What one raw question may take before its answer is partial: as long as somebody waits, and no more than it then shows. */
export const SEARCH_BUDGET = { ms: 3 * SECOND, rows: 5_000_000 } as const;

/** The same for the values that completion offers: it is asked while somebody types. */
export const VALUES_BUDGET = { ms: SECOND / 2, rows: 50_000 } as const;

/** Values that one answer has, and the longest of them: a list to choose from. */
export const VALUES_SHOWN = 50;
export const VALUE_CHARACTERS = 200;

/** Exports at once, and other searches: each waits for slices of few threads. */
export const EXPORTS = 2;
export const RAW_QUESTIONS = 8;

/** Threads that answer raw questions of SQLite, sessions with a SQL Server that do: two, since a dashboard asks two at once. */
export const RAW_THREADS = 2;
export const RAW_SESSIONS = 2;

/** How long a slice may take on a SQL Server. */
export const RAW_TIMEOUT_MS = 10 * SECOND;

/** Steps of a histogram, where it says nothing, and at most: two pixels each. */
export const HISTOGRAM_STEPS = { usual: 60, most: 500 } as const;

/**
 * Up to how many events a histogram whose steps are shorter than a minute counts the events themselves though sums would
 * do, and below which length of its span always: a hundredth of what a search may read, and bars that are too few.
 */
export const FINE_HISTOGRAM = { events: 100_000, ms: 5 * MINUTE } as const;

/** Bytes of a page's events after which it ends early: bounds its memory. */
export const PAGE_BYTES = 8 * MIB;

/** The same for an export, which goes on in the background: a day's events of a busy machine. */
export const EXPORT_BUDGET = { ms: 30 * MINUTE, rows: 50_000_000 } as const;

/** Events that one export has at most. */
export const EXPORT_EVENTS = 5_000_000;

/** Events of an export that are read at once. */
export const EXPORT_PAGE = 1000;

/** Events of a trace that are shown: more is no picture any more. */
export const TRACE_EVENTS = 2000;

/** How far around a moment that is given for a trace it is looked for. */
export const TRACE_NEAR_MS = HOUR;

/** Minutes that one slice of the search for a trace looks into: a day's take some milliseconds. */
export const TRACE_MINUTES = 1440;

/** Gaps of a trace that are named: the longest. */
export const TRACE_GAPS = 50;

/** Traces that are looked up at once. */
export const TRACES_AT_ONCE = 4;

/** Live tails at once: each costs a look at every event. */
export const LIVE_VIEWERS = 100;

/** How often viewers see what is new, and how long all of them together look at it: the same thread takes events. */
export const LIVE_EVERY_MS = 250;
export const LIVE_LOOK_MS = 25;

/** What is kept of what was just stored, until viewers have looked: a second at full speed. */
export const LIVE_RECENT = { events: 10_000, bytes: 32 * MIB } as const;

/** Events that wait for one viewer: more than a page shows. */
export const LIVE_BUFFER = 500;

/** How often a viewer is told that the stream is alive: proxies cut connections that say nothing for a minute. */
export const LIVE_BEAT_MS = 10 * SECOND;

/** Bytes that wait in one viewer's stream before it counts as busy. */
export const LIVE_STREAM_BYTES = 64 * 1024;

/** Saved views, of all users: a list that somebody reads. */
export const SAVED_VIEWS = 500;
