/**
 * Every bound on what a message can make its parser hold or do. A message past one of them keeps a legal structure that
 * shows less; `MessageStructure.cut` counts what is not shown.
 */
export interface StructureLimits {
  /** Parts inside each other. */
  readonly depth: number;
  /** Parts in all. */
  readonly parts: number;
  /** Octets kept of one header field. */
  readonly fieldOctets: number;
  /** Octets kept of all header fields of a message, its parts' included. */
  readonly headerOctets: number;
}

/**
 * Depth and parts are Dovecot's bounds; the recursion of renderer and section look-up stays shallow. A To field of 2,000
 * recipients has 100 KB; four megabytes of shown header in one message is a flood.
 */
export const STRUCTURE_LIMITS: StructureLimits = {
  depth: 100,
  parts: 10_000,
  fieldOctets: 256 * 1024,
  headerOctets: 4 * 1024 * 1024,
};

/** Parameters read of one field: real mail has five; RFC 2231 splits a long file name into some dozens. */
export const PARAMETERS = 200;

/** Octets of a boundary that is recognised: RFC 2046 §5.1.1 allows 70, and longer ones are in use. */
export const BOUNDARY_OCTETS = 250;

/** Octets of a header that SEARCH decodes: one that is longer is searched up to there. */
export const SEARCHED_HEADER_OCTETS = 1024 * 1024;
