/** Every limit of the API, each with its reason. Sizes in bytes, times in milliseconds unless named otherwise. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
const MIB = 1024 * 1024;

/** Largest ingest body as sent: no SDK's batch comes near it, and SDKs drop what is answered with 413. */
export const BODY_BYTES = 16 * MIB;

/** Largest ingest body as text, after decompression: larger ones are refused while they are being unpacked. */
export const DECODED_BYTES = 16 * MIB;

/**
 * A body that is no larger than the first when packed and the second when unpacked is unpacked on the event loop: what
 * SDKs send is far below, and the largest takes some two milliseconds.
 */
export const AT_ONCE_PACKED_BYTES = 64 * 1024;
export const AT_ONCE_BYTES = MIB;

/**
 * Items in one batch, and events made of them: the largest SDK batch is some hundreds; a JSON array of empties would
 * otherwise be millions.
 */
export const BATCH_ITEMS = 20_000;

/** Keys that the items of one batch may name: SDKs' batches name one, and each that is not known is a question to the database. */
export const BATCH_KEYS = 50;

/** JSON values in one batch, at any depth: fifty for each item; the event loop stands still while they are made. */
export const BATCH_VALUES = 50 * BATCH_ITEMS;

/** Metrics in one MetricData: SDKs send one. Each becomes an event with a copy of all that the metrics have in common. */
export const ITEM_METRICS = 100;

/** Buckets (or quantiles) of one data point: SDKs make 160 at most unless told otherwise; each is a row of its sums. */
export const POINT_BUCKETS = 1_000;

/**
 * Series of metrics that an application may have had within a day: combinations of a metric, an instance and values of its
 * dimensions. A question about a metric reads a row for each series and step. Beyond it points are summed up as `(other)`,
 * for which there is room for some more, so that each metric may have one.
 */
export const METRIC_SERIES = 5_000;
export const METRIC_OVERFLOW_SERIES = 1_000;

/** Cumulative streams of an application within a day whose last point is remembered, each a row that every export reads and writes. */
export const METRIC_STREAMS = 10_000;

/** Characters of the dimensions of one series as JSON: an index of thousands of them must be read in one go. */
export const DIMENSION_CHARACTERS = 4_096;

/** How long after it was last touched a series or stream still counts as one of today's. */
export const METRIC_ACTIVE_MS = 24 * HOUR;

/** How often it is noted that a series was seen: each note is a row written. */
export const METRIC_SEEN_MS = HOUR;

/**
 * A counter that began at most this long before its application's first one was received is taken from its start: nothing
 * of it can have been given. An older one would put what it counted in weeks into one minute.
 */
export const MEMORY_GRACE_MS = HOUR;

/** Least and greatest size of what is summed up: beyond, 10^17 values together would be no number of a database. */
export const METRIC_LEAST = 1e-290;
export const METRIC_GREATEST = 1e290;

/** How deep messages of OTLP may nest: spans come to six, the rest is lists in lists of attributes. */
export const MESSAGE_DEPTH = 64;

/**
 * Bytes of the attributes of an OTLP resource and its scope: every item gets a copy of them. Real ones take below 4 KiB;
 * the longest of them is a command line.
 */
export const RESOURCE_BYTES = 32 * 1024;

/** What one of them counts for beside its text: so there are 256 at most. */
export const RESOURCE_ATTRIBUTE_BYTES = 128;

/** Bytes of ingest bodies, as sent and unpacked, that may be in memory: beyond it senders are told to come back. */
export const IN_FLIGHT_BYTES = 256 * MIB;

/** What a request counts for before any of its body has come: about what its connection costs. */
export const REQUEST_BYTES = 16 * 1024;

/** What a piece of a body counts for beside its bytes: a body may come a byte at a time. */
export const PIECE_BYTES = 256;

/** Batches that are unpacked and parsed at once: parsed JSON may take ten times its text, which nothing else counts. */
export const PARSED_AT_ONCE = 2;

/** How long a request may take to arrive: 16 MiB in that time need 4.5 Mbit/s; SDKs' batches are a hundredth of it. */
export const REQUEST_TIMEOUT_MS = 30 * SECOND;

/** How often requests are looked at for being late. */
export const REQUEST_CHECK_MS = 5 * SECOND;

/** After how long without a byte either way a connection is cut: above the slowest answer, a write tried several times. */
export const CONNECTION_TIMEOUT_MS = 3 * MINUTE;

/** How long a connection is kept for its next request: longer than SDKs and proxies keep theirs, so they close it first. */
export const KEEP_ALIVE_MS = 72 * SECOND;

/** How often a server that closes reads what has come before it cuts idle connections, and the pause before each time. */
export const SETTLE = { rounds: 3, ms: 20 } as const;

/** How often a server that is closing looks for connections that have nothing more to do. */
export const IDLE_CHECK_MS = 50;

/** Largest body of every other route: sign-in is the longest. */
export const SMALL_BODY_BYTES = 16 * 1024;

/** Characters of a part of an address, as written there: ids of operations have up to 1,024, each of which may become three. */
export const PARAMETER_LENGTH = 3 * 1024;

/** Events that wait for the writer: a few seconds of work, after which a quick "later" serves the sender better. */
export const QUEUE_EVENTS = 100_000;

/** Bytes of those events, as `sizeOf` counts them: bounds memory when events are large. */
export const QUEUE_BYTES = 64 * MIB;

/** The same of one batch: it must fit into the queue. Four times a body's text, whatever that multiplies into. */
export const BATCH_BYTES = 64 * MIB;

/** What an event takes beside its texts, bytes: an object here, a row and its part of the sums there. */
export const EVENT_BYTES = 256;

/**
 * Pages of the database that the writer keeps in memory, KiB: those that the last second of every application goes into.
 * With SQLite's own 2 MiB each insert would read its page from the system again.
 */
export const WRITER_CACHE_KIB = 16 * 1024;

/**
 * The same that each reader keeps, KiB: the hours and minutes that every application's page begins with. With SQLite's own
 * 2 MiB each look at `/apps` would read them from the system again, at twice the processor time.
 */
export const READER_CACHE_KIB = 16 * 1024;

/** Bytes of the database's write-ahead log that are too many: four times what is copied into the database at once. */
export const LOG_MOST_BYTES = 64 * MIB;

/** How long a commit then waits for readers of it: a slice of a raw question or a summary takes a tenth of that. */
export const LOG_PATIENCE_MS = SECOND;

/** Events that one transaction takes: holds the write lock for tenths of a second at most. */
export const COMMIT_EVENTS = 10_000;

/** What `Retry-After` says when the queue is full or the store fails, seconds. */
export const RETRY_AFTER_SECONDS = 5;

/** Days for which the events of an application are kept that says nothing else: what people look back over. */
export const KEPT_DAYS = 30;
const KEPT_MS = KEPT_DAYS * DAY;

/**
 * How much younger than that an event must be to be taken: a replay is never older than the keys that recognise it,
 * however the clocks of senders, this process and whoever deletes differ.
 */
export const RETENTION_MARGIN_MS = HOUR;

/**
 * Events a second that a key may send which has no limit of its own, and for how many seconds it may save them up: what
 * one machine takes in all, so that a sender that runs wild leaves room in the queue for the others.
 */
export const KEY_EVENTS_PER_SECOND = 30_000;
export const KEY_BURST_SECONDS = 10;

/**
 * How long the database's word on keys and applications is believed, milliseconds: a revoked key stops within seconds,
 * and keys that do not exist are asked for once in that time. `patience`: how long its word is waited for, which holds one
 * of the places for batches; `absent`: how many keys that do not exist are remembered.
 */
export const LOOK_UP = { fresh: 5 * SECOND, old: MINUTE, patience: 2 * SECOND, absent: 1000 } as const;

/** Applications up to which one more is added because an event under a shared key names it: names can be made up. */
export const SHARED_KEY_APPS = 500;

/**
 * Days for which sums are kept. Those by minute at least as long as any span that can be asked for reaches back, and as
 * long as their events; by hour a year and a month, to compare with the year before; by day for ever, as far as anybody cares.
 */
export const SUMS_KEPT_DAYS = { minutes: 32, hours: 400, days: 3650 } as const;

/**
 * Days for which names are known after they were last seen, those of sums by minute and by hour: instances have new ones
 * with every release.
 */
export const NAMED_DAYS = { instances: SUMS_KEPT_DAYS.minutes, exceptions: SUMS_KEPT_DAYS.hours } as const;

/**
 * Operations of one application and kind that are told apart in a minute, an hour and a day; all others are one sum. A
 * sender that puts ids into names would make a row for each event otherwise.
 */
export const OPERATIONS_KEPT = { 1: 200, 60: 500, 1440: 1000 } as const;

/** Groups of exceptions of one application: more is no list that anybody reads. */
export const EXCEPTION_GROUPS_KEPT = 2_000;

/** Instances and versions of one application: a hundred deployments of fifty instances in the time for which they are kept. */
export const INSTANCES_KEPT = 5_000;

/** Dependencies of one application whose type and target are known. */
export const DEPENDENCIES_KEPT = 2_000;

/** How often calls between applications are put together: an arrow on the map is that much late. */
export const LINK_EVERY_MS = 5 * SECOND;

/** How far apart the two ends of a call may be stored; SDKs send within half a minute. */
export const LINK_KEPT_MS = 15 * MINUTE;

/** Callers, and callees, that are remembered to be put together: some 60 MB; at 5,000 calls a second those of 50 seconds. */
export const LINK_ENDS = 250_000;

/** Rows of ends that one transaction puts together: holds the write lock for tenths of a second at most. */
export const LINK_ROWS = 100;

/**
 * Rows deleted in one transaction: holds the write lock for some hundredths of a second, and stays below the 5,000 locks
 * at which a SQL Server would lock the whole table.
 */
export const PURGE_ROWS = 2_000;

/** How often what is too old is looked for: daily would delete a day at once. */
export const PURGE_EVERY_MS = 10 * MINUTE;

/** The pause after a deletion, as a multiple of the time it took: ingest has the database for most of the time. */
export const PURGE_REST = 3;

/** How far ahead of this clock an event may be: senders' clocks are wrong, and Azure allows as much. */
export const AHEAD_MS = 2 * HOUR;

/** An event that is stored later than this after it happened counts as late. */
export const LATE_MS = HOUR;

/** How long SDKs are asked to wait before they ask again whether somebody watches their live metrics. */
export const LIVE_METRICS_POLL_MS = MINUTE;

/** The span of a query that names none. */
export const DEFAULT_SPAN = 'now-24h';

/** The longest span of a query: what may have been taken, and a day more, which costs nothing. */
export const LONGEST_SPAN_MS = KEPT_MS + DAY;

/** Beyond this a span is answered in whole hours: its sparkline's steps are longer than that anyway. */
export const LONG_SPAN_MS = 2 * DAY;

/** The last moment that a query may name: its minute fits the 32-bit column of a SQL Server. */
export const LAST_MOMENT = Date.UTC(6000, 0, 1);

/** Questions about spans under way at once: callers that have gone leave theirs behind, one thread answers them all. */
export const QUESTIONS = 8;

/** The same of questions about single applications: a page asks six at once, and five people may open theirs together. */
export const PAGE_QUESTIONS = 32;

/** Questions that wait for one of those to end: a hundred dashboards that open at once, three pages each. */
export const QUESTIONS_WAITING = 300;

/** How long they do: answers take milliseconds, so whoever waits for longer waits for a database that is in trouble. */
export const QUESTION_PATIENCE_MS = 2 * SECOND;

/** How long an answer is given again: dashboards that are open at once share it, and nobody sees that it is so old. */
export const ANSWER_MS = 2 * SECOND;

/** Answers that are kept for that: some hundred KB each with many applications. */
export const ANSWERS = 32;

/** How an application is now is known for that long, milliseconds: it is told by minutes. */
export const STANDING_MS = 10 * SECOND;

/** Requests of that many minutes say whether an application is failing: a hiccup of one is none. */
export const FAILING_MINUTES = 15;

/** It is failing when at least so many of them failed, and at least that part: a lone failure at night wakes nobody. */
export const FAILING = { requests: 5, rate: 0.05 } as const;

/** How often a process of the API says that it is there, and for how long others believe that. */
export const PRESENCE_EVERY_MS = 30 * SECOND;
export const PRESENCE_KEPT_MS = 2 * MINUTE;

/** Days over which it is learnt how often an application usually says something: a week has every kind of day. */
export const USUAL_DAYS = 7;

/** Minutes in which it must have said something in that time, before anything is called usual. */
export const USUAL_MINUTES = 10;

/** It is quiet beyond this many times its usual interval, and beyond this many minutes: SDKs send within one, and retry. */
export const QUIET = { times: 3, minutes: 5 } as const;

/** Up to which a request satisfies of an application that says nothing else (Apdex), milliseconds. */
export const APDEX_MS = 500;

/** Points of a chart that says nothing else, and at most: more than pixels of a wide screen cannot be seen. */
export const POINTS = { usual: 200, most: 2_000 } as const;

/** Rows of a page that says nothing else, and at most. */
export const PAGE_ROWS = { usual: 50, most: 500 } as const;

/** Groups of exceptions on a page: each comes with a stack of up to 8 KiB. */
export const PAGE_GROUPS = { usual: 20, most: 100 } as const;

/** About as many steps has a sparkline: half an hour each over a day, two pixels each in the dashboard. */
export const SPARKLINE_STEPS = 48;

/** About as many steps has a metric over a span: points of a line, ten pixels apart. */
export const METRIC_STEPS = 60;

/** Values of a dimension that a metric is split into, the others together: what a chart can show apart. */
export const METRIC_PARTS = 10;

/** How long a dashboard session lasts. */
export const SESSION_MS = 7 * DAY;

/** Failed sign-ins before further ones are turned away, within SIGN_IN_WINDOW_MS. */
export const SIGN_IN_FAILURES_PER_ADDRESS = 30;
export const SIGN_IN_FAILURES_PER_ACCOUNT = 10;
export const SIGN_IN_WINDOW_MS = 15 * MINUTE;

/** Addresses and accounts whose failures are remembered: bounds memory under a spray; the oldest are forgotten first. */
export const SIGN_IN_REMEMBERED = 10_000;

/** How often a start that takes long says so to whoever started the process: well below what that waits for a word. */
export const STARTING_TOLD_MS = 2 * SECOND;

/** How often it is written to the log: a line that is worth reading each time. */
export const STARTING_LOG_MS = 10 * SECOND;

/** How long the process waits for open requests when it is told to stop. */
export const DRAIN_MS = 10 * SECOND;

/** Rows of one INSERT on a SQL Server: well below the 5,000 locks at which it would lock the whole table instead. */
export const INSERT_ROWS = 2_000;

/**
 * Events from which on a batch is loaded in bulk. That takes three round trips more than one INSERT, and JSON of fewer rows
 * is parsed faster than they take: some thousand is where a bulk load is said to win. To be measured on a server.
 */
export const BULK_ROWS = 3_000;

/** Characters of JSON of one INSERT on a SQL Server: what the statement costs in memory on both sides. */
export const INSERT_CHARACTERS = 8 * MIB;

/** Sessions with a SQL Server for questions, beside the one that writes: a dashboard must not crowd a small server. */
export const READ_SESSIONS = 2;

/** Bytes that a spool leaves free on its disk: logs, mail and other databases live there too. */
export const DISK_RESERVE_BYTES = 256 * MIB;

/** Pages of the spool's write-ahead log before SQLite copies them into the file: about 16 MB, so commits stay sequential. */
export const SPOOL_CHECKPOINT_PAGES = 4_000;

/** Empty pages of the spool that are kept for what comes next; beyond, as many at a time go back to the disk. */
export const VACUUM_PAGES = 2_000;

/** Refused events that a spool keeps to be looked at: the newest; their count is in the application's counters anyway. */
export const KEPT_ASIDE = 10_000;

/** Refused events that one answer shows. */
export const ASIDE_SHOWN = 100;

/** Events that one shipment takes at most, and at least tries: a transaction of a second or less on a small server. */
export const SHIP_MOST_EVENTS = 10_000;
export const SHIP_LEAST_EVENTS = 250;

/** Bytes of one shipment, unpacked: one thread holds a few times as much. A parcel above it goes alone. */
export const SHIP_BYTES = 32 * MIB;

/** A shipment that took longer than this halves the next, one below a quarter of it doubles it. */
export const SHIP_SLOW_MS = 2 * SECOND;

/** While more waits, this part of a shipment's time is left to the server's other users before the next, up to a second. */
export const SHIP_YIELD = 1 / 4;

/** The first pause after a shipment failed; it doubles up to the second value. Half of each is chance. */
export const SHIP_PAUSE_FIRST_MS = 250;
export const SHIP_PAUSE_MOST_MS = 30 * SECOND;

/** How long a stop waits for the spool to be shipped; what is left stays for the next start. */
export const SHIP_ON_STOP_MS = 5 * SECOND;

/** How often a process looks for files that neighbours left behind. */
export const ADOPT_MS = MINUTE;

/** The span over which the rate of shipping is told. */
export const RATE_MS = MINUTE;

/** How long a server remembers up to where a spool was shipped: longer than any spool is kept to be shipped. */
export const MARK_KEPT_MS = 400 * DAY;

/** Ingest keys that are remembered for a time without the database. */
export const KNOWN_KEYS = 10_000;

/** How long a token or session is let in by what the database last said, while it cannot be asked. */
export const PRINCIPAL_KEPT_MS = 12 * HOUR;

/** Tokens and sessions of which that is remembered, each. */
export const KNOWN_PRINCIPALS = 1_000;

/** How long after a failed attempt a database that was away at the start is tried again. */
export const OPEN_AGAIN_MS = 5 * SECOND;

/** How often it is looked how far a copy of the database is, milliseconds. */
export const BACKUP_LOOK_MS = SECOND;

/** Rows that an import reads and writes at once: holds the write lock for some hundredths of a second. */
export const IMPORT_ROWS = 1_000;

/** Bytes of a page of them after which it ends early: rows may be large. */
export const IMPORT_PAGE_BYTES = 8 * MIB;

/** Characters of a value that are asked of a SQL Server: more than any field of an event holds, so cutting is still seen. */
export const IMPORT_CHARACTERS = 40_000;

/**
 * How long a SQL Server may take for one statement of an import: it counts all rows of the old table first, and where the
 * key has no index it reads all of them for every page. Below CONNECTION_TIMEOUT_MS, after which nobody waits any more.
 */
export const IMPORT_STATEMENT_MS = 2 * MINUTE;

/** The pause after a page, as a multiple of the time it took: those who send now come first. */
export const IMPORT_REST = 1;

/** The pause before a page is written again that the database would not take. */
export const IMPORT_RETRY_MS = 2 * SECOND;

/** Rows left out that are shown, for each reason: enough to see what is wrong with the others. */
export const IMPORT_EXAMPLES = 5;

/** Longest address of a SQL Server in a file. */
export const IMPORT_ADDRESS_BYTES = 4 * 1024;

/** Rules of alerts: each is evaluated once a minute, and nobody reads more. */
export const ALERT_RULES = 200;

/** How often rules are evaluated. */
export const ALERT_EVERY_MS = MINUTE;

/** Looks at the figures further apart than this leave a hole in what is known: two may be missed. */
export const ALERT_GAP_MS = 3 * MINUTE + 30 * SECOND;

/** How long ago an exception may have happened that is new, however late it comes: a spool's day, and no import's year. */
export const ALERT_PAST_MS = 24 * HOUR;

/** How long the lease of the process that evaluates lasts: another takes over within that time when it dies. */
export const ALERT_LEASE_MS = 3 * MINUTE;

/** Below this part of a threshold something counts as well again, so that what swings around it does not flap. */
export const ALERT_MARGIN = 0.9;

/** Subjects that one message names; it says how many more there are. */
export const ALERT_SUBJECTS_NAMED = 50;

/** Messages that are tried in one round, and how many of them at once: if all hang, the round ends before the lease does. */
export const ALERT_DELIVERIES = 40;
export const ALERT_DELIVERIES_AT_ONCE = 4;

/** The pause after the first attempt of a message that failed; it doubles up to the second value. */
export const ALERT_RETRY_FIRST_MS = 30 * SECOND;
export const ALERT_RETRY_MOST_MS = 30 * MINUTE;

/** How long a message is tried: then it is about what happened a day ago. */
export const ALERT_TRIED_MS = 24 * HOUR;

/** How long one attempt may take, name look-up included: a receiver that hangs must not keep the others waiting. */
export const ALERT_ATTEMPT_MS = 10 * SECOND;

/** Bytes of a webhook's answer, or characters of an LMTP reply, that are read: only its status is wanted. */
export const ALERT_ANSWER_BYTES = 64 * 1024;

/** Days for which history is kept, and messages that are done. */
export const ALERT_KEPT_DAYS = { history: 90, deliveries: 30 } as const;

/** Messages that the page shows. */
export const ALERT_DELIVERIES_SHOWN = 50;

/** Changes to alerts that wait in memory while the database is away: beyond it the oldest are given up, and counted. */
export const ALERT_UNSAVED = 1_000;

/** Minutes over which recent latencies are told: long enough for a percentile, short enough to be now. */
export const RECENT_MINUTES = 5;

/** The slowest questions that are kept, and for how long: what was slow yesterday has passed. Nobody waits for less than the last. */
export const SLOWEST_KEPT = 20;
export const SLOW_MS = 10;
export const SLOWEST_KEPT_MS = 24 * HOUR;

/** How often the size of the database is noted, and for how long it is kept: some ten thousand rows. */
export const SIZE_EVERY_MS = HOUR;
export const SIZES_KEPT_MS = 400 * DAY;

/** How far back the page shows sizes, and over how long growth is told: a week evens out its days. */
export const SIZES_SHOWN_MS = 30 * DAY;
export const GROWTH_MS = 7 * DAY;

/** Less free than this part of the disk, or than so many bytes, is said: retention takes days to help. */
export const DISK_LOW = { part: 0.05, bytes: 1024 * MIB } as const;

/** A queue fuller than this part of its bound is said: beyond it senders are turned away. */
export const QUEUE_NEARLY_FULL = 0.8;

/** An application of which more than this part of the last events was rejected is said. */
export const REJECTED_MUCH = 0.01;
