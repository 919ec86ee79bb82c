/** The messages of SCRAM (RFC 5802 §5.1, §7). Pure: reads what a client sent, strictly, and never throws. */
import { decodeUtf8 } from './utf8.ts';

export interface ClientFirst {
  /** Whether and how the client binds to the channel: no, "yes, but the server cannot", or by this type. */
  readonly binding: { readonly flag: 'n' | 'y' } | { readonly flag: 'p'; readonly type: string };
  /** As it came: the client repeats it in its final message. */
  readonly gs2Header: string;
  readonly authzid?: string;
  readonly name: string;
  readonly nonce: string;
  /** client-first-message-bare. */
  readonly bare: string;
}

export interface ClientFinal {
  /** gs2-header and channel binding data. */
  readonly binding: Uint8Array;
  readonly nonce: string;
  readonly proof: Uint8Array;
  /** client-final-message-without-proof. */
  readonly withoutProof: string;
}

/** `printable`: anything between 0x21 and 0x7e but a comma. */
const FIRST =
  /^((?:([ny])|p=([A-Za-z0-9.-]+)),(?:a=([^,\0]+))?,)(n=([^,\0]+),r=([\x21-\x2b\x2d-\x7e]+)(?:,[A-Za-z]=[^,\0]+)*)$/;

/**
 * client-first-message. An extension that must be understood (`m=`) is none that we know, which RFC 5802 §5.1 makes a
 * failure; others are passed over.
 */
export function parseClientFirst(message: Uint8Array): ClientFirst | undefined {
  const [, gs2Header = '', flag, type, identity, bare = '', encodedName = '', nonce = ''] =
    FIRST.exec(decodeUtf8(message) ?? '') ?? [];
  const name = decodeName(encodedName);
  const authzid = identity === undefined ? undefined : decodeName(identity);
  if (!name || (identity !== undefined && authzid === undefined)) return undefined;
  const said = authzid === undefined ? {} : { authzid };
  if (flag === 'n' || flag === 'y') return { binding: { flag }, gs2Header, ...said, name, nonce, bare };
  return type === undefined ? undefined : { binding: { flag: 'p', type }, gs2Header, ...said, name, nonce, bare };
}

const FINAL = /^(c=([A-Za-z0-9+/]+=*),r=([\x21-\x2b\x2d-\x7e]+)(?:,[A-Za-oq-z]=[^,\0]+)*),p=([A-Za-z0-9+/]{43}=)$/;

/** client-final-message. */
export function parseClientFinal(message: Uint8Array): ClientFinal | undefined {
  const [, withoutProof, binding, nonce, proof] = FINAL.exec(decodeUtf8(message) ?? '') ?? [];
  if (withoutProof === undefined || binding === undefined || nonce === undefined || proof === undefined)
    return undefined;
  const [boundTo, proved] = [octetsOf(binding), octetsOf(proof)];
  return boundTo && proved && { binding: boundTo, nonce, proof: proved, withoutProof };
}

/**
 * The octets, or undefined where it is another spelling of them: bits that nothing is made of are zero (RFC 4648 §3.5).
 * One proof has one spelling, so nobody who sees an exchange can make another that is as good.
 */
function octetsOf(base64: string): Uint8Array | undefined {
  const octets = Buffer.from(base64, 'base64');
  return octets.toString('base64') === base64 ? octets : undefined;
}

/** `saslname`: commas and equals signs are written `=2C` and `=3D`, and nothing else begins with `=`. */
function decodeName(text: string): string | undefined {
  if (/=(?!2C|3D)/.test(text)) return undefined;
  return text.replaceAll('=2C', ',').replaceAll('=3D', '=');
}
