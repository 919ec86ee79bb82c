/** UTF-8, strictly (RFC 3629). */
import type { Octets } from './command.ts';

const STRICT = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text, or undefined where the octets are not UTF-8. */
export function decodeUtf8(octets: Octets): string | undefined {
  try {
    return STRICT.decode(octets);
  } catch {
    return undefined; // the one way that TextDecoder has to say so
  }
}
