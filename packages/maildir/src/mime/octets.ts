/** Octets as strings with one character per octet, and back. */

export const binary = (octets: Uint8Array): string =>
  Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('latin1');

export const fromBinary = (text: string): Uint8Array => Buffer.from(text, 'latin1');
