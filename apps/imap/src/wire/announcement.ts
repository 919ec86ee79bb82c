/**
 * The end of a line that announces a literal (RFC 3501 §9, RFC 7888 §8, RFC 9051 §9):
 *
 *     literal  = "{" number ["+"] "}" CRLF *CHAR8
 *     literal8 = "~{" number ["+"] "}" CRLF *OCTET
 *
 * Outside a literal a `{` stands nowhere else, and a quoted string cannot end in `}`: what looks like an announcement
 * at the end of a line is one, or the line is illegal.
 */

export interface Announcement {
  /** Octets that follow; Infinity where the number is past counting. */
  readonly length: number;
  /** The client waits for `+` before it sends them. */
  readonly synchronizing: boolean;
  /** A literal8, which may hold NUL octets. */
  readonly binary: boolean;
  /** Octets of the announcement itself, from `{` or `~{` to `}`. */
  readonly width: number;
}

/** As many octets of a line's end as an announcement can take. */
export const ANNOUNCEMENT_WIDTH = 32;

const FORM = /(~?)\{([0-9]{1,20})(\+?)\}$/;
const ENDLESS = /[0-9]{21}(\+?)\}$/;

/** Reads the announcement at the end of `text` (a line without its line end), if there is one. */
export function readAnnouncement(text: Uint8Array): Announcement | undefined {
  if (text[text.length - 1] !== 0x7d) return undefined;
  const tail = Buffer.from(text.subarray(-ANNOUNCEMENT_WIDTH)).toString('latin1');
  const match = FORM.exec(tail);
  if (match !== null) {
    const length = Number(match[2]);
    return {
      length: Number.isSafeInteger(length) ? length : Number.POSITIVE_INFINITY,
      synchronizing: match[3] === '',
      binary: match[1] === '~',
      width: match[0].length,
    };
  }
  const endless = ENDLESS.exec(tail);
  if (endless === null) return undefined;
  const synchronizing = endless[1] === '';
  return { length: Number.POSITIVE_INFINITY, synchronizing, binary: false, width: endless[0].length };
}
