/** Every limit and waiting time of this package, with its reason. Times are milliseconds. */

/** Longest file name that common file systems hold (NAME_MAX), bytes. */
export const MAX_FILE_NAME = 255;
/** Keyword letters a–z: what `dovecot-keywords` can map to a file name. */
export const LETTER_KEYWORDS = 26;
/** Keywords of one mailbox, letters included: the rest live in the index alone, and every FLAGS response names them. */
export const MAX_KEYWORDS = 500;
/** Longest keyword, bytes: far above any in use, far below what a response line bears. */
export const MAX_KEYWORD_LENGTH = 255;
/** The last moment that RFC 9051 §9 `date-time` can name, with its four digits of a year: 9999-12-31 23:59:59 UTC. */
export const MAX_INTERNAL_DATE = 253_402_300_799_000;
/** Chunks of message content, bytes: one read, and the most that a stream yields at once. */
export const CHUNK = 64 * 1024;
/** Files handled in one transaction: some milliseconds of the event loop and of the index's write lock. */
export const BATCH = 250;
/** Files counted or copied at the same time: enough to keep a disk busy, few enough for any descriptor limit. */
export const PARALLEL = 8;
/** Line tables kept per open mailbox: clients fetch a large message in parts, rarely more than a few at a time. */
export const LINE_TABLES = 8;

/** Unfinished work of this age is nobody's any more: the 36 hours of the Maildir convention. */
export const STALE = 36 * 3_600_000;

/** SQLite waits this long for another process inside a call; longer waits happen outside the event loop's turn. */
export const BUSY_TIMEOUT = 100;
/** Until the index counts as unavailable. */
export const WRITE_DEADLINE = 10_000;
/** Between two attempts at the index's write lock. */
export const BUSY_PAUSE = 20;
/** Rendered texts are a cache: they are written together, this late or at this many. */
export const RENDERED_DELAY = 250;
export const RENDERED_BATCH = 200;

/** Directory changes closer than this to a look at the directory may share its mtime (kernel ticks are at most 10 ms). */
export const MTIME_TICK = 20;
/** An mtime younger than this is not trusted later: file systems with whole seconds exist. */
export const SETTLED = 1_000;
/** Reads of a directory before the answer counts as unstable. */
export const SCAN_ATTEMPTS = 8;
/** Looks for one message that is being renamed all the time. */
export const LOOK_ATTEMPTS = 50;

/** Events of this long are handled together: a delivery is several of them. */
export const COLLECT = 10;
/** Before a name that events say is gone is looked for with a scan: its new name is usually in the next events. */
export const GONE_DELAY = 50;
/** Between two looks at the mtimes of watched directories and at the index's data version. */
export const TICK = 1_000;
/** A tick this late means a busy loop: the kernel's event queue may have overflowed unnoticed. */
export const SUSPICIOUS_LAG = 250;
/** More names than this in one collection are answered with one scan; the kernel's queue holds 16,384 events. */
export const BURST = 1_000;
