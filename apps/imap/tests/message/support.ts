// What the tests of message/ share: messages in, structures out, and what must hold for every one of them.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  createStructureParser,
  type MessageStructure,
  type Part,
  type Range,
  type StructureLimits,
} from '@scorpiox/maildir/mime';
import { expect } from 'vitest';
import { bodyStructureWire, bodyWire, envelopeWire } from '../../src/message/render.ts';
import { locateSection } from '../../src/message/section.ts';
import { checkBody, checkBodyStructure, checkEnvelope } from './grammar.ts';

export const octets = (text: string): Buffer => Buffer.from(text, 'latin1');

/** The message with every line end as CRLF. */
export const crlf = (text: string): string => text.replace(/\r?\n/g, '\r\n');

export function structureOf(message: string | Uint8Array, limits?: StructureLimits): MessageStructure {
  const parser = createStructureParser(limits);
  parser.push(typeof message === 'string' ? octets(message) : message);
  return parser.end();
}

export function structureInChunks(message: Uint8Array, places: readonly number[]): MessageStructure {
  const parser = createStructureParser();
  let start = 0;
  for (const end of [...places, message.length]) {
    parser.push(message.slice(start, end));
    start = end;
  }
  return parser.end();
}

/** The octets of a section as text, or null. */
export function section(
  message: string,
  part: readonly number[],
  text: Parameters<typeof locateSection>[1]['text'] = '',
  fields: string[] = [],
) {
  const found = locateSection(structureOf(message), { part, text, fields });
  if (found.kind === 'missing') return null;
  const slice = (range: Range) => message.slice(range.start, range.start + range.length);
  if (found.kind === 'range') return slice(found.range);
  return Buffer.from(found.select(octets(slice(found.header)))).toString('latin1');
}

/** The messages of our own making, by file name. */
export function ownMessages(): readonly { readonly name: string; readonly message: string }[] {
  const folder = fileURLToPath(new URL('../messages/', import.meta.url));
  return readdirSync(folder).map((name) => ({ name, message: crlf(readFileSync(`${folder}${name}`, 'latin1')) }));
}

/** What holds for every message: legal wire text, and every part inside what holds it. */
export function expectSound(structure: MessageStructure): void {
  checkEnvelope(envelopeWire(structure));
  checkBody(bodyWire(structure));
  checkBodyStructure(bodyStructureWire(structure));
  expect(structure.root.header.start).toBe(0);
  expectInside(structure.root, { start: 0, length: structure.size });
  expect(structure.root.body.start + structure.root.body.length).toBe(structure.size);
}

function expectInside(part: Part, within: Range): void {
  for (const range of [part.header, part.body]) {
    if (range.length < 0 || range.start < within.start || range.start + range.length > within.start + within.length) {
      throw new Error(`${JSON.stringify(range)} is not inside ${JSON.stringify(within)}`);
    }
  }
  if (part.content.kind === 'message') expectInside(part.content.message.root, part.body);
  if (part.content.kind === 'multipart') for (const child of part.content.parts) expectInside(child, part.body);
}
