/** Longest secret file, bytes: a connection string is a few hundred; more than this is the wrong file. */
export const MAX_SECRET_FILE_BYTES = 64 * 1024;

/** Longest configuration file, bytes: a full one is a few KB; more than this is the wrong file. */
export const MAX_CONFIG_FILE_BYTES = 1024 * 1024;

/** A suggestion may differ from what was written by that part of its letters: beyond a third it is guesswork. */
export const SUGGESTION_DISTANCE = 1 / 3;

/** Most worker processes: above the cores of today's machines; more is a slip of the finger. */
export const MAX_WORKERS = 128;
