/** Limits of `scorpiox db`, each with its reason. */

/** Octets of a file that holds a database's address: an address is a line. */
export const ADDRESS_FILE_MAX = 64 * 1024;

/** Characters of a parameter that are shown: a key, a name, a time. What is longer is a document, and is none of a screen's business. */
export const PARAMETER_SHOWN = 60;
