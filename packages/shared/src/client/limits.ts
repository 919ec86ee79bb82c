/** Events that may wait: some minutes of a busy server's telemetry while the API restarts. */
export const MAX_QUEUED_EVENTS = 10_000;

/** Bytes of JSON that may wait: bounds memory where events are large; 10,000 usual ones take half of it. */
export const MAX_QUEUED_BYTES = 8 * 1024 * 1024;

/** Events in a request: large enough that the API commits few times, small enough to answer in milliseconds. */
export const MAX_BATCH_EVENTS = 250;

/** Bytes of JSON in a request, and so of one event: far below the API's body limit, and below a common proxy's 1 MB. */
export const MAX_BATCH_BYTES = 512 * 1024;

/** How long the first event waits for company before a batch goes, ms: a dashboard that refreshes sees it at once. */
export const FLUSH_AFTER_MS = 1000;

/** How long one request may take, ms: the API answers after commit, below a second unless it is in trouble. */
export const REQUEST_TIMEOUT_MS = 10_000;

/** First pause after a failure, ms, doubled up to the longest: a restart takes seconds, an outage may take hours. */
export const FIRST_PAUSE_MS = 500;
export const LONGEST_PAUSE_MS = 60_000;

/** Longest Retry-After that is obeyed, ms: beyond it somebody's clock or configuration is wrong. */
export const LONGEST_RETRY_AFTER_MS = 10 * 60_000;

/** Bodies from this size on are compressed: below it they fit one packet anyway. */
export const GZIP_FROM_BYTES = 1400;

/** Bytes of an answer that are read: one with an error for every event of a batch is far below. */
export const MAX_ANSWER_BYTES = 1024 * 1024;
