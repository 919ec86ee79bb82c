/**
 * What SEARCH sees of a message: headers with their encoded words decoded, bodies with transfer encoding and charset
 * undone, part by part, as the octets come.
 */
import { charsetDecoder } from './charset.ts';
import { parseContentType, parseDisposition } from './content-fields.ts';
import { decodeHeaderValue } from './encoded-words.ts';
import { unfold } from './header-fields.ts';
import { rawFields } from './header-filter.ts';
import { SEARCHED_HEADER_OCTETS } from './limits.ts';
import { binary } from './octets.ts';
import { extendedValues, parameter } from './parameters.ts';
import type { MessageStructure, Part, Range } from './structure.ts';
import { transferDecoder } from './transfer-encoding.ts';

/** One field of a header: its name as written ('' for a line that is none), and its value as people read it. */
interface HeaderField {
  readonly name: string;
  readonly text: string;
}

/** The fields of a header, given in octets, in order. */
export const headerTexts = (header: Uint8Array): readonly HeaderField[] =>
  [...rawFields(header)].map(({ name, octets }) => ({ name, text: fieldText(name, octets) }));

/** Decoded values of every field of that name, in order; `header` is the octets of a header. */
export function headerValues(header: Uint8Array, field: string): readonly string[] {
  const name = field.toLowerCase();
  const raw = [...rawFields(header)].filter((one) => one.name.toLowerCase() === name);
  return raw.map(({ octets }) => fieldText(name, octets));
}

/** A field's decoded value; parameters that RFC 2231 encodes follow it once more, as people read them. */
function fieldText(name: string, octets: Uint8Array): string {
  const text = binary(octets);
  const value = unfold(text.slice(text.indexOf(':') + 1));
  return [decodeHeaderValue(value), ...extendedParameters(name.toLowerCase(), value)].join(BORDER);
}

function extendedParameters(name: string, value: string): readonly string[] {
  if (!value.includes('*')) return [];
  if (name === 'content-disposition') return extendedValues(parseDisposition(value)?.parameters ?? []);
  return name === 'content-type' ? extendedValues(parseContentType(value)?.parameters ?? []) : [];
}

/** Turns a message's octets (from the first to the last) into the text that SEARCH looks at. */
interface TextExtractor {
  push(chunk: Uint8Array): readonly string[];
  end(): readonly string[];
}

/** Between parts: no search string holds NUL, so none matches across. */
const BORDER = '\0';

/**
 * What SEARCH looks at: BODY sees parts of text and the headers of messages inside, TEXT all headers as well. `mime` is
 * what TEXT sees beyond BODY and the message's own header: the headers of parts.
 */
type TextScope = 'body' | 'text' | 'mime';

/** One stretch of the message and how it is read. */
interface Segment {
  readonly of: 'header' | 'mime' | 'body';
  readonly range: Range;
  readonly open: () => SegmentReader;
}

interface SegmentReader {
  push(octets: Uint8Array): string;
  end(): string;
}

/** The decoded text of a message whose structure is known: the message's octets go in, in order, and their text comes out. */
export function createTextExtractor(structure: MessageStructure, scope: TextScope): TextExtractor {
  const segments = segmentsOf(structure.root, 'header').filter(({ of }) => scope === 'text' || of === scope);
  let offset = 0;
  let index = 0;
  let reader: SegmentReader | undefined;
  const finish = (): string => {
    const rest = reader?.end() ?? '';
    reader = undefined;
    index += 1;
    return rest + BORDER;
  };
  return {
    push(chunk) {
      const pieces: string[] = [];
      const chunkEnd = offset + chunk.length;
      for (let segment = segments[index]; segment !== undefined; segment = segments[index]) {
        const { start, length } = segment.range;
        if (start >= chunkEnd && length > 0) break;
        reader ??= segment.open();
        pieces.push(reader.push(chunk.subarray(Math.max(0, start - offset), Math.max(0, start + length - offset))));
        if (start + length > chunkEnd) break;
        pieces.push(finish());
      }
      offset = chunkEnd;
      return pieces;
    },
    end: () => (reader === undefined ? [] : [finish()]),
  };
}

/** The segments of a part in the order of the message; `header` says what its header counts as. */
function segmentsOf(part: Part, header: Segment['of']): readonly Segment[] {
  const own: Segment = { of: header, range: part.header, open: headerReader };
  const { content } = part;
  switch (content.kind) {
    case 'multipart':
      return [own, ...content.parts.flatMap((child) => segmentsOf(child, 'mime'))];
    case 'message':
      return [own, ...segmentsOf(content.message.root, 'body')];
    case 'leaf':
      return isReadable(part) ? [own, { of: 'body', range: part.body, open: () => partReader(part) }] : [own];
  }
}

/** Text, and what message/ types hold: reports on delivery, headers of returned mail. */
const isReadable = ({ type }: Part): boolean => /^(text|message)$/i.test(type);

function headerReader(): SegmentReader {
  const kept: Uint8Array[] = [];
  let octets = 0;
  return {
    push(piece) {
      const part = piece.slice(0, Math.max(0, SEARCHED_HEADER_OCTETS - octets));
      octets += part.length;
      kept.push(part);
      return '';
    },
    end: () => headerTexts(Buffer.concat(kept)).map(headerLine).join(''),
  };
}

/** How a field stands in the text. */
export const headerLine = ({ name, text }: HeaderField): string => `${name}: ${text}\r\n`;

/** The text of a part: the octets of its body go in, in order. */
export function partReader(part: Part): SegmentReader {
  const transfer = transferDecoder(part.encoding);
  const charset = charsetDecoder(parameter(part.parameters, 'charset') ?? 'us-ascii');
  return {
    push: (octets) => charset.decode(transfer.push(octets), { stream: true }),
    end: () => charset.decode(transfer.end()),
  };
}
