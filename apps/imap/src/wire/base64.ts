/** Base64 as SASL exchanges it (RFC 4648 §4), strictly. */

const FORM = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

export const isBase64Char = (octet: number | undefined): boolean =>
  octet !== undefined && /[A-Za-z0-9+/=]/.test(String.fromCharCode(octet));

/** The octets, or undefined where the text is not base64: AUTHENTICATE answers that with BAD (RFC 3501 §6.2.2). */
export function decodeBase64(text: string): Uint8Array | undefined {
  return FORM.test(text) ? Uint8Array.from(Buffer.from(text, 'base64')) : undefined;
}
