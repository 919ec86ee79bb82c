/** Every limit of `refs`, with its reason. */

/** Longest path that is looked for, characters: with each of them escaped three times over it fits into `CONTEXT_CHARS` twice. */
export const PATH_CHARS = 512;

/** How far before and after a path its surroundings are read to tell what it is part of, characters: a URL's host, a quoted name. */
export const CONTEXT_CHARS = 256;

/** Octets of a file's beginning that tell whether it is UTF-16 without a mark: as much as git reads to tell a binary. */
export const ENCODING_HEAD = 8_000;

/** Octets of a file that are read at once: what is larger is looked through in windows, so that memory stays flat. */
export const WINDOW_BYTES = 512 * 1024;

/** Octets by which windows overlap on each side: the longest spelling of a path in UTF-16 and what surrounds it fit in. Even. */
export const OVERLAP_BYTES = 64 * 1024;

/** Entries of a folder that are asked for at once: one of a million is never held whole. */
export const FOLDER_ENTRIES = 1_024;

/** How long files are looked through without a turn for signals and the progress bar, milliseconds. */
export const TURN_MS = 40;

/** Lines that are told of one file and spelling; the count is of all. */
export const LINES_TOLD = 20;

/** Findings that are kept, of hits and of near misses each: some tens of megabytes. Further ones are counted. */
export const FINDINGS_KEPT = 20_000;

/** Folders and files that could not be read and are named; further ones are counted. */
export const UNREADABLE_NAMED = 1_000;

/** Largest file of git's own for which a command is put together that edits it, octets: hooks have some kilobytes. */
export const SMALL_FILE_BYTES = 1024 ** 2;

/** Files and links that are given to a thread at once: some hundred microseconds of work, a message costs some tens. */
export const BATCH_ITEMS = 64;

/** Batches that a thread has before it: it does not run dry while the main one is busy with one of its own. */
export const BATCHES_AHEAD = 3;

/** Files after which a second thread is started: it takes about as long to start as these take to be read. */
export const FILES_FOR_THREAD = 4_000;
