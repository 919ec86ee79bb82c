/**
 * The structure of a message: what ENVELOPE, BODYSTRUCTURE, section fetches and SEARCH need to know of it. Strings are
 * as they stand in the message, one character per octet (0–255), unfolded. Offsets count octets of the CRLF view.
 */

/** A run of octets. */
export interface Range {
  readonly start: number;
  readonly length: number;
}

/** A parameter of a structured field, as it stands (RFC 2045 §5.1). */
export interface Parameter {
  readonly name: string;
  readonly value: string;
}

/** The header fields that ENVELOPE shows, raw and unfolded; null where absent (RFC 3501 §7.4.2). */
export interface EnvelopeFields {
  readonly date: string | null;
  readonly subject: string | null;
  readonly from: string | null;
  readonly sender: string | null;
  readonly replyTo: string | null;
  readonly to: string | null;
  readonly cc: string | null;
  readonly bcc: string | null;
  readonly inReplyTo: string | null;
  readonly messageId: string | null;
}

/** What is in a part: nothing further, parts (at least one), or a message. */
export type PartContent =
  | { readonly kind: 'leaf' }
  | { readonly kind: 'multipart'; readonly parts: readonly Part[] }
  | { readonly kind: 'message'; readonly message: MessagePart };

/** One MIME entity (RFC 2045). */
export interface Part {
  /** The header with the blank line that ends it. */
  readonly header: Range;
  /** The body, without the line end that belongs to a following boundary (RFC 2046 §5.1.1). */
  readonly body: Range;
  /** Line ends in the body. */
  readonly lines: number;
  readonly type: string;
  readonly subtype: string;
  readonly parameters: readonly Parameter[];
  readonly id: string | null;
  readonly description: string | null;
  readonly encoding: string;
  readonly md5: string | null;
  readonly disposition: { readonly type: string; readonly parameters: readonly Parameter[] } | null;
  readonly language: readonly string[];
  readonly location: string | null;
  readonly content: PartContent;
}

/** A message: its outermost part and the fields of its envelope. */
export interface MessagePart {
  readonly root: Part;
  readonly envelope: EnvelopeFields;
}

/** What reading a message from its first octet to its last finds out. */
export interface MessageStructure extends MessagePart {
  /** Octets in all. */
  readonly size: number;
  /** Fields and parts that limits kept out of this structure, or cut short. */
  readonly cut: number;
}
