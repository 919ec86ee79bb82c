/**
 * The end of a line that announces a literal (RFC 3501 §9, RFC 7888 §3):
 *
 *     literal = "{" number ["+"] "}" CRLF *CHAR8
 *
 * Outside a literal a `{` stands nowhere else, and a quoted string cannot end in `}`: what looks like an announcement
 * at the end of a line is one, or the line is illegal.
 */

export interface Announcement {
  /** Octets that follow; Infinity where the number is past counting. */
  readonly length: number;
  /** The client waits for `+` before it sends them. */
  readonly synchronizing: boolean;
  /** Octets of the announcement itself, from `{` to `}`. */
  readonly width: number;
}

/** As many octets of a line's end as an announcement can take. */
export const ANNOUNCEMENT_WIDTH = 32;

const FORM = /\{([0-9]{1,20})(\+?)\}$/;
const ENDLESS = /[0-9]{21}(\+?)\}$/;

/** Reads the announcement at the end of `text` (a line without its line end), if there is one. */
export function readAnnouncement(text: Uint8Array): Announcement | undefined {
  if (text[text.length - 1] !== 0x7d) return undefined;
  const tail = Buffer.from(text.subarray(-ANNOUNCEMENT_WIDTH)).toString('latin1');
  const match = FORM.exec(tail);
  if (match !== null) {
    const length = Number(match[1]);
    return {
      length: Number.isSafeInteger(length) ? length : Number.POSITIVE_INFINITY,
      synchronizing: match[2] === '',
      width: match[0].length,
    };
  }
  const endless = ENDLESS.exec(tail);
  if (endless === null) return undefined;
  return { length: Number.POSITIVE_INFINITY, synchronizing: endless[1] === '', width: endless[0].length };
}
