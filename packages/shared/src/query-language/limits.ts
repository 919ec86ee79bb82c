/** Longest query, in UTF-16 code units: fits an address, and what a SQL Server compares with LIKE (4,000) many times. */
export const MAX_QUERY_LENGTH = 2000;

/** Terms of one query: each is a condition in SQL, and SQLite takes expressions of a depth of 1,000. */
export const MAX_TERMS = 64;

/** How deep parentheses and negations may nest: the parser calls itself. */
export const MAX_DEPTH = 24;

/** Wildcards in one value: each may make a database look through a text once more. */
export const MAX_WILDCARDS = 8;

/** Longest value: four letters of a SQL Server's pattern for one of ours must stay below its 4,000. */
export const MAX_VALUE_LENGTH = 512;
