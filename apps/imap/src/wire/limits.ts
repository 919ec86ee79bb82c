/** Every bound on what a client may make the server hold while it reads a command. */

/** Bounds of the framer. */
export interface FramerLimits {
  /** Octets of a command outside its literals, line ends included; also of a continuation line. */
  readonly line: number;
  /** Octets of one literal outside APPEND's message. */
  readonly literal: number;
  /** Octets of all literals of a command outside APPEND's message. */
  readonly literalTotal: number;
  /** Literals in one command. */
  readonly literals: number;
  /** Octets of one literal that the client sends unasked, APPEND's message included (RFC 7888 §5). */
  readonly unasked: number;
}

/**
 * Before sign-in: 8 KiB is what Dovecot takes; LOGIN needs two short literals, and a stranger's memory is our risk.
 * 4,096 octets unasked are what LITERAL- allows (RFC 7888 §5).
 */
export const BEFORE_SIGN_IN: FramerLimits = {
  line: 8_192,
  literal: 4_096,
  literalTotal: 8_192,
  literals: 4,
  unasked: 4_096,
};

/**
 * After sign-in: 64 KiB lines carry the UID sets of 60 KB that real clients send. Literals of 100 KiB and 1 MB in a
 * command are mox's bounds; a SEARCH of many literals stays well below 100. LITERAL+ knows no bound of its own (RFC 7888 §4).
 */
export const AFTER_SIGN_IN: FramerLimits = {
  line: 65_536,
  literal: 102_400,
  literalTotal: 1_048_576,
  literals: 100,
  unasked: Number.POSITIVE_INFINITY,
};

/** Parentheses, NOT and OR inside each other in a SEARCH: people write five, and the parser and matcher recurse. */
export const SEARCH_DEPTH = 50;

/** Keys in one SEARCH; a bound on work per message, far above what a client composes. */
export const SEARCH_KEYS = 2_000;

/** Octets of a tag: clients use 1 to 20; the tag is echoed in every answer. */
export const TAG_LENGTH = 128;

/** Octets of a mailbox name on the wire; file systems hold 255 octets, modified UTF-7 may take three times as many. */
export const MAILBOX_NAME_LENGTH = 1_024;

/** Levels of a part number in a FETCH section; no message that we parse is deeper (see message/limits.ts). */
export const SECTION_DEPTH = 100;

/** Items in one FETCH: a client asks for some ten, or for a hundred parts; each costs work for every message of the set. */
export const FETCH_ITEMS = 1_000;

/** Fields of an ID, octets of a field's name and of its value (RFC 2971 §3.3). */
export const ID_FIELDS = 30;
export const ID_FIELD_LENGTH = 30;
export const ID_VALUE_LENGTH = 1_024;

/** Characters of an EMAILID or THREADID (RFC 8474 §7). */
export const OBJECT_ID_LENGTH = 255;

/** Patterns in one LIST: clients send a handful; each is tried on every mailbox. */
export const LIST_PATTERNS = 100;
