/** Where the sections that FETCH names lie in a message (RFC 3501 §6.4.5). */
import { type MessageStructure, type Part, type Range, selectFields } from '@scorpiox/maildir/mime';

/** A section as FETCH asks for it; wire's `SectionText` fits. */
export interface SectionRequest {
  readonly part: readonly number[];
  readonly text: '' | 'HEADER' | 'TEXT' | 'MIME' | 'HEADER.FIELDS' | 'HEADER.FIELDS.NOT';
  readonly fields: readonly string[];
}

/** Where a section lies in the CRLF view. `fields`: read `header`, and send what `select` makes of it. */
export type SectionLocation =
  | { readonly kind: 'range'; readonly range: Range }
  | { readonly kind: 'fields'; readonly header: Range; readonly select: (header: Uint8Array) => Uint8Array }
  /** There is no such part: NIL. */
  | { readonly kind: 'missing' };

/** What BINARY names in a message: octets and how they are encoded (RFC 9051 §6.4.5, RFC 3516 §4.2). */
export interface EncodedContent {
  readonly range: Range;
  readonly encoding: string;
}

/**
 * The content of a part; undefined where there is no such part. A message or a multipart may not be encoded itself
 * (RFC 2045 §6.4), so its octets are its content, and so are the whole message's.
 */
export function locateContent({ root, size }: MessageStructure, path: readonly number[]): EncodedContent | undefined {
  if (path.length === 0) return { range: { start: 0, length: size }, encoding: 'binary' };
  const part = findPart(root, path);
  if (part === undefined) return undefined;
  return { range: part.body, encoding: part.content.kind === 'leaf' ? part.encoding : 'binary' };
}

const MISSING: SectionLocation = { kind: 'missing' };

export function locateSection(structure: MessageStructure, section: SectionRequest): SectionLocation {
  if (section.part.length === 0) {
    if (section.text === '') return { kind: 'range', range: { start: 0, length: structure.size } };
    return inEntity(structure.root, section);
  }
  const part = findPart(structure.root, section.part);
  if (part === undefined) return MISSING;
  if (section.text === '') return { kind: 'range', range: part.body };
  if (section.text === 'MIME') return { kind: 'range', range: part.header };
  // HEADER and TEXT speak of the message inside a message/rfc822 or message/global part
  return part.content.kind === 'message' ? inEntity(part.content.message.root, section) : MISSING;
}

/** HEADER, TEXT and the like of a message whose outermost part is `root`. */
function inEntity(root: Part, { text, fields }: SectionRequest): SectionLocation {
  switch (text) {
    case 'HEADER':
      return { kind: 'range', range: root.header };
    case 'TEXT':
      return { kind: 'range', range: root.body };
    case 'HEADER.FIELDS':
    case 'HEADER.FIELDS.NOT': {
      const keepNamed = text === 'HEADER.FIELDS';
      return { kind: 'fields', header: root.header, select: (header) => selectFields(header, fields, keepNamed) };
    }
    case '':
    case 'MIME':
      return MISSING;
  }
}

/** The part with that number: those of a multipart from 1; a message that is no multipart has one part, 1. */
function findPart(root: Part, path: readonly number[]): Part | undefined {
  let found: Part | undefined;
  let within: Part | undefined = root;
  for (const number of path) {
    if (within === undefined) return undefined;
    if (within.content.kind === 'multipart') found = within.content.parts[number - 1];
    else found = number === 1 ? within : undefined;
    within = found === undefined ? undefined : inside(found, found === within);
  }
  return found;
}

/** What the next number counts in: the part itself where it is a multipart, the message in it, or nothing. */
function inside(part: Part, wasWhole: boolean): Part | undefined {
  if (part.content.kind === 'message') return part.content.message.root;
  return part.content.kind === 'multipart' && !wasWhole ? part : undefined;
}
