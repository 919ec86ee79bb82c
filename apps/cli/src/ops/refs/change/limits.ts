/** Every limit of replacing a path in files, with its reason. */

/** Octets of a file that are read at once: enough for few calls, and a file of any size costs no more. */
export const WINDOW_BYTES = 64 * 1024;

/** And at least so many, where a file says that it is empty: those of /proc do. */
export const LEAST_BYTES = 4 * 1024;

/**
 * Octets of a file that a character of the path may take: in UTF-8 it is three octets at most, each escaped three times over
 * as `%252525E4`, in UTF-16.
 */
export const CHARACTER_BYTES = 3 * 9 * 2;

/**
 * Files that one `refs replace` changes: their plan is held in memory and in the journal, which an undoing reads. What is left is found
 * again by the next one.
 */
export const CHANGES_AT_ONCE = 4_000;
