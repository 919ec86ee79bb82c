/** Every limit of what is found out about branches, with its reason. */

/** Commits of a branch, from its tip back, before which the rest may have landed: each is one more comparison of two trees. */
export const PREFIXES_MAX = 100;

/** A branch whose last commit is older than this, days, is called stale unless told otherwise: a quarter of a year. */
export const STALE_DAYS = 90;

/** How long a remote may take to tell what it has, milliseconds: a slow one takes seconds, one that is away is not waited for. */
export const REMOTE_LIST_MS = 60_000;

/** How long a remote may take to change branches, milliseconds: its hooks may run for minutes. */
export const REMOTE_PUSH_MS = 600_000;

/** Branches in one push: each is named twice on git's command line, which takes two megabytes. */
export const PUSHED_MAX = 1_000;
