/** Every limit of the operator's tool, with its reason. */

/** Longest password read from standard input, bytes: the sign-in form takes no more either. */
export const PASSWORD_MAX_BYTES = 1024;

/** How long a one-time sign-in link works, milliseconds: long enough to notice it, short enough for a shared screen. */
export const SIGN_IN_LINK_TTL_MS = 15 * 60_000;

/**
 * A part that has not said after this that it is ready, or still starting, milliseconds, is taken for hung. Cold starts
 * take about two seconds; one that migrates its database says so every two.
 */
export const READY_TIMEOUT_MS = 60_000;

/** A part that is still there this long after SIGTERM, milliseconds, is killed with everything it started. */
export const STOP_GRACE_MS = 15_000;

/** First pause before a part is started again, milliseconds; it doubles with each death … */
export const RESTART_FIRST_MS = 500;

/** … up to this, so that a broken part costs next to nothing and a mended one is back soon. */
export const RESTART_LONGEST_MS = 30_000;

/** A part that ran this long, milliseconds, is taken for healthy: its next death starts again at the first pause. */
export const RESTART_FORGET_MS = 60_000;

/** How often a part may die before it was ever ready; after that its trouble will not pass by itself. */
export const FIRST_START_ATTEMPTS = 3;

/** Signals closer together than this, milliseconds, are one: npm, the launcher and the terminal each pass Ctrl-C on. */
export const SAME_SIGNAL_MS = 1_000;

/** Longest line of a part's output that is held back to be printed whole, characters. */
export const OUTPUT_LINE_MAX = 16_384;

/** What a part last said on stderr, kept to explain why it did not start, characters. */
export const LAST_WORDS_MAX = 2_000;

/** How far back the demonstration's history goes, milliseconds: enough for lively charts, little enough to arrive within seconds. */
export const DEMO_HISTORY_MS = 12 * 3_600_000;

/** How long before its first start the demonstration's silent application fell silent, milliseconds. */
export const DEMO_SILENT_FOR_MS = 90 * 60_000;

/** Span of history that is made and sent at a time, milliseconds: bounds what is held in memory. */
export const DEMO_STEP_MS = 10 * 60_000;

/** Events in one request of the demonstration: well below what the API takes in one body. */
export const DEMO_BATCH_EVENTS = 500;

/** Pause between two rounds of sending, milliseconds. */
export const DEMO_ROUND_MS = 2_000;

/** Pause before a batch that the API could not take now is sent again, milliseconds, where it names none. */
export const DEMO_RETRY_MS = 2_000;

/** The longest pause that is waited because the API asks for it, milliseconds. */
export const DEMO_RETRY_LONGEST_MS = 60_000;

/** A request of the demonstration without an answer after this, milliseconds, is sent again. */
export const DEMO_TIMEOUT_MS = 30_000;

/** How often the demonstration notes how far it has sent, milliseconds; what is sent again after a crash is recognised. */
export const DEMO_NOTE_MS = 30_000;

/** A request to an API without an answer after this, milliseconds, has failed: its own time limits are shorter. */
export const API_TIMEOUT_MS = 60_000;

/** How long a session of the tool's own with the API of this machine lasts at most, milliseconds: a day's tail. It is ended when that is done. */
export const LOCAL_SESSION_MS = 24 * 60 * 60_000;

/** Longest server-sent event that is read, characters: the API sends 500 events cut to some kilobytes each at most. */
export const SSE_EVENT_MAX = 16 * 1024 ** 2;

/** Events that `events query` prints at most: they are held in memory. For more the API has an export. */
export const QUERY_EVENTS_MAX = 10_000;

/** Events that `events query` prints where nobody says how many: some screens. */
export const QUERY_EVENTS_USUAL = 100;

/** Events of one page of a search: the most that the API gives. */
export const QUERY_PAGE = 1_000;

/** Before the first, second, … try after a tail was lost, milliseconds; the last is repeated: a restart is hardly seen. */
export const TAIL_RETRY_MS: readonly number[] = [1_000, 2_000, 5_000, 10_000];

/** A tail that is silent for this long is lost, milliseconds: the API says every ten seconds that it is not. */
export const TAIL_SILENCE_MS = 30_000;

/** Longest bearer token that is taken, bytes: those that are issued have 43. */
export const TOKEN_MAX_BYTES = 1024;

/** Largest body that `scorpiox api` sends, bytes: the API takes no larger one but for telemetry, which has ways of its own. */
export const API_BODY_MAX_BYTES = 16 * 1024 ** 2;

/** Findings of `mail verify` that are shown; further ones are counted: nobody reads more, and memory stays small. */
export const FINDINGS_SHOWN = 10_000;

/** Hits of `mail search` that are shown: nobody reads more, and memory stays small. */
export const HITS_SHOWN = 10_000;

/** A mail server that says nothing for this long, milliseconds, while an answer is due, has stalled: searches of large mailboxes take a while. */
export const IMAP_SILENCE_MS = 60_000;

/** A mail server that cannot be connected to within this, milliseconds, cannot be reached: a handshake takes a few round trips. */
export const IMAP_CONNECT_MS = 15_000;

/** Octets of one response of a mail server that are held, without what is streamed: a SEARCH that names a million UIDs fits in. */
export const IMAP_RESPONSE_MAX = 16 * 1024 ** 2;

/** Octets of a literal that is held where nobody takes it: names of mailboxes, subjects; a message is always streamed. */
export const IMAP_LITERAL_HELD = 256 * 1024;

/**
 * Faults that one `mail repair` mends: their plan is held in memory and in the journal, some megabytes, and what is left is
 * found again by the next one.
 */
export const REPAIRS_AT_ONCE = 10_000;

/** A second name of a file that is younger than this, milliseconds, may be a move that is just being done. */
export const MOVE_TAKES_MS = 60_000;

/** A progress bar is drawn again after so long at the earliest, milliseconds: ten times a second looks alive and costs nothing. */
export const PROGRESS_REDRAW_MS = 100;

/** Steps of a plan that are shown before somebody is asked whether to apply it: what fits a screen; all are shown without --apply. */
export const STEPS_SHOWN = 40;

/** How often `mail text-index build` looks how far it is, milliseconds: each look reads the counts of all mailboxes. */
export const TEXT_BUILD_LOOK_MS = 1_000;

/** Characters of a message's text that `mail show` prints, before HTML is taken off: a person reads no more, and it is held in memory. */
export const TEXT_SHOWN_CHARS = 1024 ** 2;

/** Octets of a message's header that `mail show` prints: 2,000 recipients have 100 KB. */
export const HEADER_SHOWN_BYTES = 256 * 1024;

/** Days before its end at which a certificate is a warning, an urgent one, and a fault: time for people, for today, for now. */
export const CERTIFICATE_WARNINGS_DAYS = { soon: 30, week: 7, last: 1 } as const;

/** A server that has not shown its certificate within this, milliseconds, shows none: on one machine it takes some hundredths. */
export const PEEK_MS = 10_000;

/** Octets of a greeting before STARTTLS that are read: RFC 9051 knows no longer line. */
export const PEEK_OCTETS = 8192;

/** A database up to this size, bytes, is read to its end by `doctor`: a second or two. */
export const QUICK_CHECK_BYTES = 256 * 1024 ** 2;

/** When a disk is nearly full: a share of it, or bytes. A database copied for a migration or a large import takes so much at once. */
export const DISK_LOW = {
  warning: { share: 0.05, bytes: 1024 ** 3 },
  fault: { share: 0.01, bytes: 200 * 1024 ** 2 },
} as const;

/** The part of its bound from which on a spool is worth a warning: time to look before events are refused. */
export const SPOOL_WARNING = 0.8;

/** Files that an IMAP process has open beside its connections: mailboxes, indexes, messages under way. */
export const FILES_BESIDE_CONNECTIONS = 1024;

/** How far ahead of the clock a file may be written, milliseconds: file servers and virtual machines differ a little. */
export const CLOCK_SLACK_MS = 5 * 60_000;

/** Characters of a session's or a trace's id that are enough to name it: with a thousand of them four hex digits are rarely two's. */
export const ID_PREFIX_LEAST = 4;

/** Between two looks of `imap sessions --watch`, milliseconds: as often as a person reads a table. */
export const WATCH_MS = 1_000;

/** Stalled, where `imap sessions --stalled` names no time, milliseconds: longer than a bad line pauses. */
export const STALLED_MS = 30_000;

/** Between two looks at the log or at a trace that is followed, milliseconds: soon enough to a reader, cheap to the server. */
export const FOLLOW_MS = 400;

/** Lines of the log that are shown unless told otherwise: what was there a moment ago. */
export const LOG_LINES_SHOWN = 50;

/** Octets of a trace's file that are read at once: some hundred lines. */
export const TRACE_CHUNK_BYTES = 64 * 1024;

/** The small message of `imap probe`, bytes: an ordinary mail without attachments. */
export const PROBE_SMALL_BYTES = 4 * 1024;

/** The large one unless told otherwise, bytes: more than any socket's buffers, little enough for a slow line. */
export const PROBE_LARGE_BYTES = 8 * 1024 ** 2;

/** `imap probe --slow`, bytes a second, unless told otherwise: a server on the same machine sends some hundred times as fast. */
export const PROBE_SLOW_RATE = 4 * 1024 ** 2;

/** How often `imap probe` sets a flag and fetches: a fault that is there only sometimes shows. */
export const PROBE_ROUNDS = 10;

/** Between two commands of the session that looks whether others are answered meanwhile, milliseconds. */
export const PROBE_BEAT_MS = 100;

/** Largest passwd-file, bytes: some hundred thousand accounts. */
export const PASSWD_FILE_MAX = 64 * 1024 ** 2;

/** Names that are shown of accounts that need a password: more are not read, and `user list` has them. */
export const NAMES_SHOWN = 20;

/** Octets that another program (tmux, podman) may say, both streams together: a whole history of a pane fits in. */
export const PROGRAM_OUTPUT_MAX = 16 * 1024 ** 2;
