/** The text of octets that came by SASL, or undefined where they are no UTF-8. A byte order mark stays in it. */
export function decodeUtf8(octets: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(octets);
  } catch {
    return undefined; // which is all that there is to say, and the caller says it
  }
}
