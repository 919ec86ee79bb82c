/**
 * SASLprep (RFC 4013): what SCRAM's clients do to a password before they derive keys from it, so the server has to
 * do the same.
 *
 * What is left out decides nothing here. The bidirectional rule (§2.4) and unassigned code points (§2.5) only ever
 * refuse a password, and a client that keeps to them refuses it itself; whatever both sides take comes out the same.
 * The normalisation is that of today's Unicode and not of 3.2, as in the clients.
 */

/** RFC 3454 table C.1.2, mapped to a blank; U+200B stands in B.1 as well, and blank comes first (RFC 4013 §2.1). */
const BLANKS = /[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/gu;

/** RFC 3454 table B.1, mapped to nothing. */
const NOTHING = /\u00ad|\u034f|\u1806|[\u180b-\u180d]|\u200c|\u200d|\u2060|[\ufe00-\ufe0f]|\ufeff/gu;

/** RFC 3454 tables C.2.1 to C.9: controls, private use, non-characters, surrogates, and what changes display. */
const PROHIBITED = [
  /\p{Cc}|\p{Co}|\p{Cs}|\p{Noncharacter_Code_Point}|[\u2028-\u202e\u2061-\u2063\u206a-\u206f\ufff9-\ufffd]/u,
  /\u06dd|\u070f|\u180e|\u200e|\u200f|\u0340|\u0341|[\u2ff0-\u2ffb]/u,
  /[\u{1d173}-\u{1d17a}]|\u{e0001}|[\u{e0020}-\u{e007f}]/u,
];

/**
 * The password as SCRAM takes it. One that SASLprep prohibits or leaves empty is taken as it is: clients either refuse
 * it, or send it so.
 */
export function saslprep(password: string): string {
  const prepared = password.replace(BLANKS, ' ').replace(NOTHING, '').normalize('NFKC');
  return prepared === '' || PROHIBITED.some((table) => table.test(prepared)) ? password : prepared;
}
