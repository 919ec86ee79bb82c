// What the tests of mime/ share: messages in, structures and text out.
import { readFileSync } from 'node:fs';
import { createStructureParser, createTextExtractor, type MessageStructure } from '../../src/mime/index.ts';

export const octets = (text: string): Buffer => Buffer.from(text, 'latin1');

/** The message with every line end as CRLF. */
export const crlf = (text: string): string => text.replace(/\r?\n/g, '\r\n');

export function structureOf(message: string | Uint8Array): MessageStructure {
  const parser = createStructureParser();
  parser.push(typeof message === 'string' ? octets(message) : message);
  return parser.end();
}

/** A message of our own, by file name. */
export const own = (name: string): string =>
  crlf(readFileSync(new URL(`./messages/${name}.eml`, import.meta.url), 'latin1'));

/** The message's text as SEARCH sees it, read in chunks of that size. */
export function textOf(message: string, scope: 'body' | 'text', size = message.length): string {
  const all = octets(message);
  const extractor = createTextExtractor(structureOf(message), scope);
  const pieces: string[] = [];
  for (let at = 0; at < all.length; at += size) pieces.push(...extractor.push(all.slice(at, at + size)));
  return [...pieces, ...extractor.end()].join('');
}
