/** What of the wire depends on what the session has enabled. The session hands these along with each call. */

export interface ParseOptions {
  /**
   * UTF8=ACCEPT or IMAP4rev2 is enabled: mailbox names are UTF-8 as they stand, and octets above 127 in quoted strings must
   * be UTF-8 (RFC 6855 §3, RFC 9051 §5.1). Otherwise names are modified UTF-7 (RFC 3501 §5.1.3).
   */
  readonly utf8: boolean;
}

export interface SerializeOptions {
  /** As for `ParseOptions`: names and quoted strings go out in UTF-8. */
  readonly utf8: boolean;
  /** IMAP4rev2 is enabled: all that `utf8` means, and the text for people may be UTF-8 as well (RFC 9051 §9, resp-text). */
  readonly rev2: boolean;
}

/** A session that has enabled nothing. */
export const NOTHING_ENABLED: ParseOptions & SerializeOptions = { utf8: false, rev2: false };
