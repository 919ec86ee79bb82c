/** Octets in a named charset to text. What TextDecoder does not know is read as ISO 8859-1: each octet shows. */
import { TextDecoder } from 'node:util';

const ASCII = /^(us-)?ascii$/i;

/** A decoder for text that comes in pieces; text that claims to be ASCII is often UTF-8. */
export function charsetDecoder(label: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(ASCII.test(label) ? 'utf-8' : label);
  } catch {
    return new TextDecoder('latin1');
  }
}

/** Octets of no declared charset: UTF-8 if they are that, else ISO 8859-1. */
export function decodeUndeclared(octets: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(octets);
  } catch {
    return new TextDecoder('latin1').decode(octets);
  }
}
