/** Addresses shown of one field: big enough for every real list; a client shows hundreds at most. */
export const ADDRESSES = 5_000;
