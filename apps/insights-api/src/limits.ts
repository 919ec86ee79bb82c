/** Every limit of the API, each with its reason. Sizes in bytes, times in milliseconds unless named otherwise. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MIB = 1024 * 1024;

/** Largest ingest body as sent: no SDK's batch comes near it, and SDKs drop what is answered with 413. */
export const BODY_BYTES = 16 * MIB;

/** Largest ingest body after decompression: what one request may cost in memory, whatever it was packed into. */
export const DECODED_BYTES = 16 * MIB;

/** Items in one batch: the largest SDK batch is some hundreds; a JSON array of empties would otherwise be millions. */
export const BATCH_ITEMS = 20_000;

/** Bytes of ingest bodies that may be in memory on their way to the queue: beyond it senders are told to come back. */
export const IN_FLIGHT_BYTES = 256 * MIB;

/** How much larger a packed body is taken to be before it is unpacked: JSON rarely packs better. */
export const PACKING_GUESS = 20;

/** Largest body of every other route: sign-in is the longest. */
export const SMALL_BODY_BYTES = 16 * 1024;

/** Events that wait for the writer: a few seconds of work, after which a quick "later" serves the sender better. */
export const QUEUE_EVENTS = 100_000;

/** Decoded bytes behind those events: bounds memory when events are large. */
export const QUEUE_BYTES = 64 * MIB;

/** Events that one transaction takes: holds the write lock for tenths of a second at most. */
export const COMMIT_EVENTS = 10_000;

/** What `Retry-After` says when the queue is full or the store fails, seconds. */
export const RETRY_AFTER_SECONDS = 5;

/** How long events are kept. */
const RETENTION_MS = 30 * DAY;

/** Events are refused an hour before retention would take them: the keys that recognise a replay must still be there. */
export const OLDEST_MS = RETENTION_MS - HOUR;

/** How far ahead of this clock an event may be: senders' clocks are wrong, and Azure allows as much. */
export const AHEAD_MS = 2 * HOUR;

/** An event that is stored later than this after it happened counts as late. */
export const LATE_MS = HOUR;

/** The span of a query that names none. */
export const DEFAULT_SPAN = 'now-24h';

/** The longest span of a query: nothing older is kept, and a day more costs nothing. */
export const LONGEST_SPAN_MS = RETENTION_MS + DAY;

/** About as many steps has a sparkline: half an hour each over a day, two pixels each in the dashboard. */
export const SPARKLINE_STEPS = 48;

/** How long a dashboard session lasts. */
export const SESSION_MS = 7 * DAY;

/** Failed sign-ins before further ones are turned away, within SIGN_IN_WINDOW_MS. */
export const SIGN_IN_FAILURES_PER_ADDRESS = 30;
export const SIGN_IN_FAILURES_PER_ACCOUNT = 10;
export const SIGN_IN_WINDOW_MS = 15 * MINUTE;

/** Addresses and accounts whose failures are remembered: bounds memory under a spray; the oldest are forgotten first. */
export const SIGN_IN_REMEMBERED = 10_000;

/** How long the process waits for open requests when it is told to stop. */
export const DRAIN_MS = 10 * SECOND;

/** Rows of one INSERT on a SQL Server: well below the 5,000 locks at which it would lock the whole table instead. */
export const INSERT_ROWS = 2_000;

/** Characters of JSON of one INSERT on a SQL Server: what the statement costs in memory on both sides. */
export const INSERT_CHARACTERS = 8 * MIB;

/** Sessions with a SQL Server for questions, beside the one that writes: a dashboard must not crowd a small server. */
export const READ_SESSIONS = 2;
