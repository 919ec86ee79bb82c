/**
 * Mailbox names on the wire: modified UTF-7 (RFC 3501 §5.1.3). Printable US-ASCII stands for itself but `&`, which is
 * `&-`; everything else is UTF-16BE in base64 with `,` for `/` and no padding, between `&` and `-`. Each name has exactly
 * one legal spelling, so a name is legal if it is what its own decoding encodes to.
 */

const PRINTABLE = /^[\x20-\x7e]*$/;
const SHIFTED = /&([^-]*)-/g;
const TO_SHIFT = /[^\x20-\x7e]+|&/g;

/** Unicode from a mailbox name in modified UTF-7, or undefined when it is not legal. */
export function decodeMailboxName(wire: string): string | undefined {
  if (!PRINTABLE.test(wire)) return undefined;
  const name = wire.replace(SHIFTED, (_, base64: string) => (base64 === '' ? '&' : decodeShifted(base64)));
  return name.isWellFormed() && encodeMailboxName(name) === wire ? name : undefined;
}

/** Modified UTF-7 of a mailbox name in Unicode; what no client could send (a lone surrogate) becomes U+FFFD. */
export function encodeMailboxName(name: string): string {
  return name.toWellFormed().replace(TO_SHIFT, (run) => (run === '&' ? '&-' : `&${encodeShifted(run)}-`));
}

function decodeShifted(base64: string): string {
  const octets = Buffer.from(base64.replaceAll(',', '/'), 'base64');
  return octets.length % 2 === 0 ? octets.swap16().toString('utf16le') : '';
}

function encodeShifted(run: string): string {
  const base64 = Buffer.from(run, 'utf16le').swap16().toString('base64');
  return base64.replace(/=+$/, '').replaceAll('/', ',');
}
