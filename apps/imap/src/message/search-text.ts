/**
 * What SEARCH sees of a message: headers with their encoded words decoded, bodies with transfer encoding and charset
 * undone, part by part, as the octets come.
 */
import { charsetDecoder } from './charset.ts';
import { parameter } from './content-fields.ts';
import { decodeHeaderValue } from './encoded-words.ts';
import { unfold } from './header-fields.ts';
import { rawFields } from './header-filter.ts';
import { SEARCHED_HEADER_OCTETS } from './limits.ts';
import { binary } from './octets.ts';
import type { MessageStructure, Part, Range } from './structure.ts';
import { transferDecoder } from './transfer-encoding.ts';

export { createMatcher, matches } from './matcher.ts';
export { sentDate } from './sent-date.ts';

/** Decoded values of every field of that name, in order; `header` is the octets of a header. */
export function headerValues(header: Uint8Array, field: string): readonly string[] {
  const name = field.toLowerCase();
  return [...rawFields(header)].filter((raw) => raw.name.toLowerCase() === name).map((raw) => fieldText(raw.octets));
}

function fieldText(octets: Uint8Array): string {
  const text = binary(octets);
  return decodeHeaderValue(unfold(text.slice(text.indexOf(':') + 1)));
}

/** Turns a message's octets (from the first to the last) into the text that SEARCH looks at. */
interface TextExtractor {
  push(chunk: Uint8Array): readonly string[];
  end(): readonly string[];
}

/** Between parts: no search string holds NUL, so none matches across. */
const BORDER = '\0';

/** One stretch of the message and how it is read. */
interface Segment {
  readonly range: Range;
  readonly open: () => SegmentReader;
}

interface SegmentReader {
  push(octets: Uint8Array): string;
  end(): string;
}

/** For SEARCH BODY (`body`: parts of text and the headers of messages inside) or TEXT (`text`: all headers as well). */
export function createTextExtractor(structure: MessageStructure, scope: 'body' | 'text'): TextExtractor {
  const segments = segmentsOf(structure.root, scope === 'text', scope === 'text');
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

/** The segments of a part in the order of the message. */
function segmentsOf(part: Part, withHeader: boolean, withMimeHeaders: boolean): readonly Segment[] {
  const header = withHeader ? [{ range: part.header, open: headerReader }] : [];
  const { content } = part;
  switch (content.kind) {
    case 'multipart':
      return [...header, ...content.parts.flatMap((child) => segmentsOf(child, withMimeHeaders, withMimeHeaders))];
    case 'message':
      return [...header, ...segmentsOf(content.message.root, true, withMimeHeaders)];
    case 'leaf':
      return isReadable(part) ? [...header, { range: part.body, open: () => bodyReader(part) }] : header;
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
    end: () => {
      const fields = [...rawFields(Buffer.concat(kept))];
      return fields.map((field) => `${field.name}: ${fieldText(field.octets)}\r\n`).join('');
    },
  };
}

function bodyReader(part: Part): SegmentReader {
  const transfer = transferDecoder(part.encoding);
  const charset = charsetDecoder(parameter(part.parameters, 'charset') ?? 'us-ascii');
  return {
    push: (octets) => charset.decode(transfer.push(octets), { stream: true }),
    end: () => charset.decode(transfer.end()),
  };
}
