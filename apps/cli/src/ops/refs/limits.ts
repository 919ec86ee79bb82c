/** Every limit of `refs`, with its reason. */

/** Longest path that is looked for, characters: with each of them escaped three times over it fits into `CONTEXT_CHARS` twice. */
export const PATH_CHARS = 512;

/** How far before and after a path its surroundings are read to tell what it is part of, characters: a URL's host, a quoted name. */
export const CONTEXT_CHARS = 256;

/** Octets of a file's beginning that tell whether it is UTF-16 without a mark: as much as git reads to tell a binary. */
export const ENCODING_HEAD = 8_000;
