/** Every limit of what is found out about branches, with its reason. */

/** Commits of a branch, from its tip back, before which the rest may have landed: each is one more comparison of two trees. */
export const PREFIXES_MAX = 100;

/** A branch whose last commit is older than this, days, is called stale unless told otherwise: a quarter of a year. */
export const STALE_DAYS = 90;
