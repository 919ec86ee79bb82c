/** Every limit of how git is asked, with its reason. */

/** Longest answer of git that is held at once, bytes. What may be longer is read record by record. */
export const ANSWER_MAX_BYTES = 64 * 1024 ** 2;

/** Longest single record of what is read that way, bytes: a path or a line of a diff is some kilobytes, a message rarely more. */
export const RECORD_MAX_BYTES = 16 * 1024 ** 2;

/** What git says on standard error and is kept, characters: its first lines tell what is wrong. */
export const SAID_MAX = 4_000;

/** Longest `.git` file, `HEAD`, `commondir` or configuration that is looked into, bytes. */
export const SMALL_FILE_BYTES = 1024 ** 2;
