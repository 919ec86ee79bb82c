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
/** New files entered in one transaction: some milliseconds, even where each has to be looked for once more. */
export const ENTERED = 1_000;
/** Files counted or copied at the same time: enough to keep a disk busy, few enough for any descriptor limit. */
export const PARALLEL = 8;
/** A slice of longer work between two turns of the event loop: other sessions' commands wait no longer than this. */
export const SLICE = 4;
/** A read of a small file that takes longer has waited for a disk: from the page cache it takes some ten microseconds. */
export const SLOW_READ = 1;
/** Reads that go to the thread pool after a slow one: enough that the slow one does not matter. */
export const COLD_READS = 16;
/** The most of them before another one is tried: a folder that has been read meanwhile is noticed within so many. */
export const MAX_COLD_READS = 1_024;
/** Rows read from the index at once: a millisecond or two. */
export const ROWS = 500;
/** Expunges remembered per mailbox: a client that was away for more has to compare UIDs; a few MB on disk. */
export const KEPT_EXPUNGES = 100_000;
/** Expunges beyond that before the oldest are forgotten, so that it does not happen at each one. */
export const SPARE_EXPUNGES = KEPT_EXPUNGES / 10;
/** Expunges by this process after which they are counted: counting reads as many rows as are kept. */
export const UNCOUNTED_EXPUNGES = 1_000;
/** Line tables kept per open mailbox: clients fetch a large message in parts, rarely more than a few at a time. */
export const LINE_TABLES = 8;

/**
 * A file that has had two names for this long, with nothing done to it, has been left like that: link and unlink of one
 * move are microseconds apart, and a minute is far more than a loaded machine puts between them.
 */
export const LEFTOVER = 60_000;

/** Unfinished work of this age is nobody's any more: the 36 hours of the Maildir convention. */
export const STALE = 36 * 3_600_000;

/** SQLite waits this long for another process inside a call; longer waits happen outside the event loop's turn. */
export const BUSY_TIMEOUT = 5;
/** Whoever only reads has no loop to keep turning, and waits so long for the moments in which SQLite admits no reader. */
export const READ_PATIENCE = 5_000;
/** Until the index counts as unavailable. */
export const WRITE_DEADLINE = 10_000;
/** Between two attempts at the index's write lock. */
export const BUSY_PAUSE = 20;
/** Rendered texts are a cache: they are written together, this late or at this many. */
export const RENDERED_DELAY = 250;
export const RENDERED_BATCH = 200;
/** Characters of a rendered text that is given together with others': real ones have some hundred. A longer one is given by itself. */
export const RENDERED_AT_ONCE = 16 * 1024;

/** Directory changes closer than this to a look at the directory may share its mtime (kernel ticks are at most 10 ms). */
export const MTIME_TICK = 20;
/** The same where file systems count seconds. */
export const COARSE_TICK = 1_000 + MTIME_TICK;
/** An mtime younger than this is not trusted later: file systems with whole seconds exist. */
export const SETTLED = 1_000;
/** Reads of a directory before the answer counts as unstable. */
export const SCAN_ATTEMPTS = 8;
/** Looks through all folders for files that are to be taken away again and were renamed: each reads every folder. */
export const WITHDRAWALS = 4;
/** Looks for one message that is being renamed all the time. */
export const LOOK_ATTEMPTS = 50;

/** Events of this long are handled together: a delivery is several of them. */
export const COLLECT = 10;
/** Up to this UIDNEXT a folder is watched before it is opened: that costs some tenths of a millisecond then. */
export const WATCHED_AT_ONCE = 2_000;
/** Before a name that events say is gone is looked for with a scan: its new name is usually in the next events. */
export const GONE_DELAY = 50;
/** Between two looks at the mtimes of watched directories and at the index's data version. */
export const TICK = 1_000;
/** A tick this late means a busy loop: the kernel's event queue may have overflowed unnoticed. */
export const SUSPICIOUS_LAG = 250;
/**
 * More events than this in one turn of the loop: the kernel's queue of 16,384 may have overflowed, and says nothing. Where
 * the administrator has set a smaller queue, half of that counts.
 */
export const QUEUE_ALARM = 8_000;
/** More names than this in one collection are answered with one scan; the kernel's queue holds 16,384 events. */
export const BURST = 1_000;

/** After a folder was read without anybody asking, so many times as long as that took go by before the next such reading. */
export const RESCAN_REST = 4;
/** Sets of flags that an open mailbox shares between messages: a few MB where every message has a combination of its own. */
export const FLAG_SETS = 1_000;
/** Messages whose flags are looked through in one turn of the loop: a few milliseconds. */
export const FLAGS_READ = 10_000;
/** Counts of a mailbox in slices that a change made worthless, until all its messages are counted in one turn of the loop. */
export const COUNT_ATTEMPTS = 3;
/** Changes that are told in one turn of the loop: a few milliseconds. */
export const CHANGES = 500;
/** How long a program that waits for events is kept alive by one timer: anything below the 24 days that a timer holds. */
export const STAY_AWAKE = 3_600_000;

/** Longest name of an annotation, bytes: several times the longest that is registered. */
export const MAX_METADATA_ENTRY = 255;
/** Largest annotation, bytes: notes, colours and settings, not files. It is held in memory and sent as one literal. */
export const MAX_METADATA_VALUE = 64 * 1024;
/** Annotations of one mailbox, or of the store: a few for each program that a person uses. */
export const MAX_METADATA_ENTRIES = 100;

/** The index is copied this often where it changed: what only the index holds is lost for a day at the most. */
export const COPY_EVERY = 24 * 3_600_000;
/** Between two looks, while a store is open, at whether a copy is due. */
export const COPY_CHECK = 600_000;
/** A process that has been copying for longer than this has died, or would have made gigabytes by now. */
export const COPY_CLAIM = 3_600_000;
/** Pages of an index copied in one step, outside the event loop: a megabyte, some milliseconds of a disk. */
export const COPY_PAGES = 256;
/** A mailbox whose folder has been gone this long is forgotten: long enough to mount or restore what is missing. */
export const GONE_KEPT = 7 * 24 * 3_600_000;

/** A rename of a folder that was begun longer ago than this is nobody's any more. */
export const RENAME_CLAIM = 3_600_000;

/** Messages moved into place together: their rows are one transaction of some milliseconds. */
export const GROUP = 100;
/** Flags are on disk this long after their answer at the latest (a background fsync). */
export const FLAG_SYNC = 1_000;
/** Between two attempts at a sync of flags that fails, at the most: the pause begins with FLAG_SYNC and doubles. */
export const FLAG_SYNC_PAUSE = 60_000;
/** Added to every highestmodseq after a reboot: more changes than can have been answered within FLAG_SYNC. */
export const REBOOT_JUMP = 1_000_000;

/** Added to the next UID of every mailbox that is restored: more messages than come between a backup and its use. */
export const RESTORE_JUMP = 1_000_000;
/** Messages of this size are read whole for a backup, bytes; of a larger one only pieces are held. */
export const BACKUP_WHOLE = 1024 * 1024;
/** Messages that a backup or a restore has underway at once: their syncs share what the disk does. */
export const BACKUP_PARALLEL = 16;
/** Messages that are not where the index has them, and are looked for in all folders at once: some MB. */
export const BACKUP_LOST = 10_000;
/** Looks in a row that find none of those until they count as gone: a message may be moved while it is looked for. */
export const BACKUP_LOOKS = 3;
/** Longest line of a backup's manifest, characters: a path and its flags, several times over. */
export const MAX_MANIFEST_LINE = 256 * 1024;

/** The highest quota, bytes or messages: the fifteen digits that are read of `maildirsize`, exact in a number. */
export const MAX_QUOTA = 999_999_999_999_999;
/** `maildirsize` is counted anew at this size, bytes: what Maildir++ says. */
export const QUOTA_FILE_SIZE = 5_120;
/** A `maildirsize` that says "no room" is believed this long after it was counted: what Maildir++ says. */
export const QUOTA_STALE = 15 * 60_000;
/** Counts of a store until one is taken although `maildirsize` was changed meanwhile. */
export const QUOTA_ATTEMPTS = 3;

/** A mailbox with more messages than this gets a text index by itself: fewer are read from a warm cache in about a second. */
export const TEXT_ABOVE = 500;
/** Kept of a message's decoded body for searching, UTF-16 units: more than any mail that a person wrote; pasted logs are cut. */
export const TEXT_BODY = 512 * 1024;
/** The same for its headers, octets: 2,000 recipients have 100 KB. */
export const TEXT_HEADER = 128 * 1024;
/** Messages whose files are read at once and in turn for the text index; a larger one is read in chunks, twice. */
export const TEXT_WHOLE_FILE = 1024 * 1024;
/** Messages that go into the text index in one transaction: about a tenth of a second, which is what a search may wait. */
export const TEXT_BATCH = 64;
/** Texts that a search looks at before it lets other requests be heard. */
export const TEXT_SLICE = 500;
/** Trigrams of a needle that are looked up: every further one would exclude next to nothing, and each hit is verified. */
export const TEXT_GRAMS = 24;
/** Users whose text index stays open: each costs two connections with their page caches. */
export const TEXT_HANDLES = 16;
/** A mailbox is looked at this long after its last change, so that a run of deliveries is one round. */
export const TEXT_SETTLE = 1_000;
/** A process that builds a mailbox's texts keeps others from doing the same for this long after each batch. */
export const TEXT_LEASE = 5_000;

/** UIDVALIDITYs and UIDs of other servers are adopted up to this: those above would leave too few for what comes. */
export const MAX_ADOPTED_NUMBER = 0xf000_0000;
/** UIDs adopted for one mailbox: ten times the largest that is planned for; they are held in memory once. */
export const MAX_ADOPTED_UIDS = 1_000_000;
/** Longest line of another server's list, bytes: a file name and some fields. */
export const MAX_LIST_LINE = 8 * 1024;
