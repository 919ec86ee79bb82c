/** From when on `db health` speaks of something, each with its reason. */

/** Between two looks at the waits of a SQL Server, milliseconds: enough waits to tell by, little enough to wait for. */
export const WAITS_SAMPLE_MS = 2_000;

/** Rows of a section that people see; programs get all. */
export const ROWS_SHOWN = 8;

/** Percent of the host from which on its processors are busy, and from which on nothing is left. */
export const PROCESSOR_PERCENT = { warning: 70, fault: 90 } as const;

/** Tasks per core that wait for one: more than one each is a queue. */
export const TASKS_WAITING_PER_CORE = 1;

/** Sessions from which on a pool somewhere is too large or leaks: an API process of this platform has seven at most. */
export const SESSIONS_MANY = 50;

/** How long a session may hold a transaction open and run nothing, milliseconds: a client that works needs far less. */
export const IDLE_TRANSACTION_MS = 60_000;

/** Tasks that wait all the time for the same kind of thing, on average over the sample. */
export const WAITING_TASKS = 1;

/** Pages that a statement reads each time, and how often it ran, from which on a scan is worth a word. */
export const SCAN_READS = 1_000;
export const SCAN_RUNS = 100;

/** Rows from which on reading a whole table is no small thing. */
export const LARGE_TABLE_ROWS = 10_000;

/** Rows from which on a table should have a key: below, anything works. */
export const KEYLESS_ROWS = 1_000;

/** Changes that an index had to follow, from which on it costs something that nobody reads it. */
export const UNUSED_INDEX_UPDATES = 10_000;

/** Percent of the log that is used: from the first on backfills wait (they pause at 70), from the second writers will. */
export const LOG_PERCENT = { warning: 70, fault: 90 } as const;

/** Share of a limit (a file's, an edition's) from which on there is time to do something, and from which on there is none. */
export const LIMIT_SHARE = { warning: 0.8, fault: 0.95 } as const;

/** A cost threshold below this spreads small statements over all cores. */
export const COST_THRESHOLD_LOW = 25;

/** What an Express edition may use: bytes of a database (10 GB before version 17), cores, megabytes of buffers. */
export const EXPRESS = { bytes: 50 * 1024 ** 3, bytesBefore17: 10 * 1024 ** 3, cores: 4, bufferMb: 1_410 } as const;

/** A write-ahead log of this size, bytes, is four times what is usually copied back at once: somebody reads for long. */
export const WAL_LARGE_BYTES = 64 * 1024 ** 2;

/** Share of a file's pages that are free, and how many bytes, from which on giving them back is worth it. */
export const FREE_PAGES = { share: 0.25, bytes: 100 * 1024 ** 2 } as const;

/** How far back samples of the size are read, milliseconds: a week has its slow days in it. */
export const GROWTH_SPAN_MS = 7 * 86_400_000;

/** Days until something is full, from which on that is soon. */
export const FULL_SOON_DAYS = 30;

/** So many times as long as it was watched, a pace is believed to go on: an hour tells of a day, and nothing of a month. */
export const PACE_BELIEVED = 24;

/** Lines of an integrity check that are read: nobody mends a database by the hundredth. */
export const PROBLEMS_SHOWN = 10;

/** Octets of a saved report that are read: thousands of findings. */
export const REPORT_MAX = 16 * 1024 ** 2;

/** Share by which a number must differ from a saved one to be called better or worse: less is noise. */
export const CHANGE_SHARE = 0.1;
