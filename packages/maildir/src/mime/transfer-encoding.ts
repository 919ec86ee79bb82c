/** Content-Transfer-Encodings undone piece by piece (RFC 2045 §6.7, §6.8), tolerantly: what is not legal is passed over or shown. */
import { binary, fromBinary } from './octets.ts';

export interface TransferDecoder {
  /** What waits for more octets: with it another decoder goes on from here. */
  readonly rest: string;
  push(octets: Uint8Array): Uint8Array;
  end(): Uint8Array;
}

const NOTHING = new Uint8Array(0);
const IDENTITY: TransferDecoder = { rest: '', push: (octets) => octets, end: () => NOTHING };

/** Whether content in this encoding can be decoded: those of RFC 2045 §6.1. */
export const isTransferEncoding = (encoding: string): boolean =>
  ['7bit', '8bit', 'binary', 'base64', 'quoted-printable'].includes(encoding.toLowerCase());

/**
 * Of an encoding that is not known the octets come through as they are.
 *
 * @param rest what another decoder had left where this one goes on.
 */
export function transferDecoder(encoding: string, rest = ''): TransferDecoder {
  switch (encoding.toLowerCase()) {
    case 'base64':
      return base64Decoder(rest);
    case 'quoted-printable':
      return quotedPrintableDecoder(rest);
    default:
      return IDENTITY;
  }
}

/** Padding ends a run of octets; what follows it begins anew, as where somebody put two encoded texts one after the other. */
function base64Decoder(before: string): TransferDecoder {
  let rest = before;
  return {
    get rest() {
      return rest;
    },
    push(octets) {
      const runs = (rest + binary(octets).replace(/[^A-Za-z0-9+/=]+/g, '')).split(/=+/);
      const last = runs.pop() ?? '';
      const whole = last.length - (last.length % 4);
      rest = last.slice(whole);
      if (runs.length === 0) return Buffer.from(last.slice(0, whole), 'base64');
      return Buffer.concat([...runs, last.slice(0, whole)].map((run) => Buffer.from(run, 'base64')));
    },
    end: () => Buffer.from(rest, 'base64'),
  };
}

/** The look-behind keeps a long run of blanks from being tried from each of its blanks. */
const BLANKS_AT_END = /(?<![ \t])[ \t]+(\r?\n|$)/g;

/** Lines are decoded when they are whole, so that soft breaks and blanks before a line end are known. */
function quotedPrintableDecoder(before: string): TransferDecoder {
  let rest = before;
  const decode = (text: string): Uint8Array => decodeQuoted(text.replace(BLANKS_AT_END, '$1').replace(/=\r?\n/g, ''));
  return {
    get rest() {
      return rest;
    },
    push(octets) {
      const text = rest + binary(octets);
      const lines = text.lastIndexOf('\n') + 1;
      const whole = text.length - lines > LONGEST_LINE ? text.length - openEnd(text) : lines;
      rest = text.slice(whole);
      return decode(text.slice(0, whole));
    },
    end: () => decode(rest),
  };
}

/** A line that is longer is no quoted-printable; it is decoded in pieces rather than held. */
const LONGEST_LINE = 65_536;

/** How much of the end of a piece may belong together with what comes: half an escape, or blanks before a line end. */
const openEnd = (text: string): number => /(?:=[0-9A-Fa-f]?|(?<![ \t])[ \t]{1,998})\r?$/.exec(text)?.[0].length ?? 0;

/** `=3D` and the like; an equals sign that escapes nothing stays. */
export const decodeQuoted = (text: string): Uint8Array =>
  fromBinary(text.replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))));
