/** Content-Transfer-Encodings undone piece by piece (RFC 2045 §6.7, §6.8), tolerantly: what is not legal is passed over or shown. */
import { binary, fromBinary } from './octets.ts';

interface TransferDecoder {
  push(octets: Uint8Array): Uint8Array;
  end(): Uint8Array;
}

const NOTHING = new Uint8Array(0);
const IDENTITY: TransferDecoder = { push: (octets) => octets, end: () => NOTHING };

export function transferDecoder(encoding: string): TransferDecoder {
  switch (encoding.toLowerCase()) {
    case 'base64':
      return base64Decoder();
    case 'quoted-printable':
      return quotedPrintableDecoder();
    default:
      return IDENTITY;
  }
}

function base64Decoder(): TransferDecoder {
  let rest = '';
  return {
    push(octets) {
      const text = rest + binary(octets).replace(/[^A-Za-z0-9+/]+/g, '');
      const whole = text.length - (text.length % 4);
      rest = text.slice(whole);
      return Buffer.from(text.slice(0, whole), 'base64');
    },
    end: () => Buffer.from(rest, 'base64'),
  };
}

/** The look-behind keeps a long run of blanks from being tried from each of its blanks. */
const BLANKS_AT_END = /(?<![ \t])[ \t]+(\r?\n|$)/g;

/** Lines are decoded when they are whole, so that soft breaks and blanks before a line end are known. */
function quotedPrintableDecoder(): TransferDecoder {
  let rest = '';
  const decode = (text: string): Uint8Array => decodeQuoted(text.replace(BLANKS_AT_END, '$1').replace(/=\r?\n/g, ''));
  return {
    push(octets) {
      const text = rest + binary(octets);
      const whole = text.length > LONGEST_LINE ? text.length : text.lastIndexOf('\n') + 1;
      rest = text.slice(whole);
      return decode(text.slice(0, whole));
    },
    end: () => decode(rest),
  };
}

/** A line that is longer is no quoted-printable; it is decoded in pieces rather than held. */
const LONGEST_LINE = 65_536;

/** `=3D` and the like; an equals sign that escapes nothing stays. */
export const decodeQuoted = (text: string): Uint8Array =>
  fromBinary(text.replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))));
