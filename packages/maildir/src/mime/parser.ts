/**
 * The structure of a message from its octets, in one pass, line by line.
 *
 * A stack holds the open entities, the message outermost. A line means something only where an entity's header is being
 * read, or where it begins with a boundary of an open multipart (RFC 2046 §5.1.1): such a line closes all entities inside
 * that multipart. The line end before it belongs to the boundary, so the entities end before that. Nothing else of a body
 * is looked at or kept, so a message of 100 MB costs its headers.
 *
 * Whatever comes, a structure comes out: a header that meets a boundary has no body; a multipart without a boundary is
 * read as what RFC 2045 §5.2 makes of a Content-Type that cannot be read; parts that do not end, end with the message.
 */
import {
  type ContentType,
  parseContentType,
  parseDisposition,
  parseEncoding,
  parseLanguages,
} from './content-fields.ts';
import { type HeaderBudget, HeaderFields } from './header-fields.ts';
import { BOUNDARY_OCTETS, STRUCTURE_LIMITS, type StructureLimits } from './limits.ts';
import { LineSplitter } from './lines.ts';
import { binary } from './octets.ts';
import { parameter } from './parameters.ts';
import type { EnvelopeFields, MessagePart, MessageStructure, Part, PartContent } from './structure.ts';

interface StructureParser {
  /** The next octets of the message, lines ended by CRLF. */
  push(chunk: Uint8Array): void;
  /** There are no more. */
  end(): MessageStructure;
}

/** An entity while it is being read. */
interface Entity {
  readonly isMessage: boolean;
  readonly fields: HeaderFields;
  readonly headerStart: number;
  bodyStart: number;
  /** Line ends before the body. */
  linesBefore: number;
  end: number;
  lines: number;
  contentType: ContentType;
  state: 'header' | 'leaf' | 'multipart' | 'message';
  /** What separates the parts, while further ones may come. */
  boundary: string | undefined;
  readonly children: Entity[];
}

const TEXT_PLAIN: ContentType = { type: 'text', subtype: 'plain', parameters: [] };
const MESSAGE_RFC822: ContentType = { type: 'message', subtype: 'rfc822', parameters: [] };
/** What stands for parts deeper than we look: something to save, not to show. */
const UNREAD: ContentType = { type: 'application', subtype: 'octet-stream', parameters: [] };

const is = (text: string, lower: string): boolean => text.toLowerCase() === lower;

class Parser implements StructureParser {
  readonly #limits: StructureLimits;
  readonly #budget: HeaderBudget;
  readonly #lines = new LineSplitter(this);
  readonly #root: Entity;
  readonly #open: Entity[] = [];
  #current: Entity;
  #parts = 0;
  #boundaries = 0;
  #lineEnds = 0;
  /** How many octets of line end the line before had. */
  #lastEnd = 0;

  constructor(limits: StructureLimits) {
    this.#limits = limits;
    this.#budget = { octets: limits.headerOctets, cut: 0 };
    this.#root = this.#begin(true, 0);
    this.#current = this.#root;
  }

  get keep(): number {
    if (this.#current.state === 'header') return this.#limits.fieldOctets;
    return this.#boundaries > 0 ? BOUNDARY_OCTETS + 8 : 2;
  }

  push(chunk: Uint8Array): void {
    this.#lines.push(chunk);
  }

  /** In a body nothing but a boundary means anything. */
  ignores(first: number): boolean {
    return this.#current.state !== 'header' && (this.#boundaries === 0 || first !== 0x2d);
  }

  pass(lineEnd: number): void {
    this.#lineEnds += lineEnd > 0 ? 1 : 0;
    this.#lastEnd = lineEnd;
  }

  line(kept: Uint8Array, start: number, length: number, lineEnd: number): void {
    if (this.#boundaries === 0 || kept[0] !== 0x2d || kept[1] !== 0x2d || !this.#boundary(kept, start, length)) {
      if (this.#current.state === 'header') this.#headerLine(kept, start, length);
    }
    this.pass(lineEnd);
  }

  end(): MessageStructure {
    this.#lines.end();
    const size = this.#lines.offset;
    this.#closeInside(-1, size, this.#lineEnds, size);
    return { ...messageOf(this.#root), size, cut: this.#budget.cut };
  }

  #begin(isMessage: boolean, start: number): Entity {
    const entity: Entity = {
      isMessage,
      fields: new HeaderFields(isMessage, this.#limits, this.#budget),
      headerStart: start,
      bodyStart: start,
      linesBefore: 0,
      end: start,
      lines: 0,
      contentType: TEXT_PLAIN,
      state: 'header',
      boundary: undefined,
      children: [],
    };
    this.#parts += 1;
    this.#open.push(entity);
    this.#current = entity;
    return entity;
  }

  #headerLine(kept: Uint8Array, start: number, length: number): void {
    const blank = kept[0] === 0x0a || (kept[0] === 0x0d && kept[1] === 0x0a);
    if (!blank) {
      this.#current.fields.line(kept, length);
      return;
    }
    this.#endHeader(start + length, this.#lineEnds + 1);
  }

  #endHeader(bodyStart: number, linesBefore: number): void {
    const entity = this.#current;
    entity.bodyStart = bodyStart;
    entity.linesBefore = linesBefore;
    this.#readContent(entity);
    if (entity.state === 'message') entity.children.push(this.#begin(true, bodyStart));
  }

  /** What the header says of the body. */
  #readContent(entity: Entity): void {
    const parent = this.#open[this.#open.length - 2];
    const inDigest = parent?.state === 'multipart' && is(parent.contentType.subtype, 'digest');
    const fallback = inDigest ? MESSAGE_RFC822 : TEXT_PLAIN;
    const declared = parseContentType(entity.fields.first('content-type') ?? '') ?? fallback;
    entity.contentType = declared;
    entity.state = 'leaf';
    const isMultipart = is(declared.type, 'multipart');
    const message = isMultipart ? undefined : messageType(declared, entity.fields);
    if (!isMultipart && message === undefined) return;
    const boundary = isMultipart ? parameter(declared.parameters, 'boundary')?.trimEnd() : undefined;
    if (isMultipart && (boundary === undefined || boundary.length > BOUNDARY_OCTETS)) {
      entity.contentType = TEXT_PLAIN;
    } else if (this.#open.length >= this.#limits.depth || this.#parts >= this.#limits.parts) {
      entity.contentType = UNREAD;
      this.#budget.cut += 1;
    } else {
      entity.state = isMultipart ? 'multipart' : 'message';
      if (message !== undefined) entity.contentType = message;
      entity.boundary = boundary;
      if (isMultipart) this.#boundaries += 1;
    }
  }

  /** Whether the line is a boundary of an open multipart; if so, what it divides is closed and the next part begun. */
  #boundary(kept: Uint8Array, start: number, length: number): boolean {
    const line = binary(kept.subarray(2)).trimEnd();
    const at = this.#matching(line);
    const multipart = this.#open[at];
    if (multipart?.boundary === undefined) return false;
    this.#closeInside(at, start - this.#lastEnd, this.#lineEnds - (this.#lastEnd > 0 ? 1 : 0), start);
    const isLast = line.startsWith('--', multipart.boundary.length);
    if (isLast) {
      this.#forgetBoundary(multipart);
    } else if (this.#parts >= this.#limits.parts) {
      this.#budget.cut += 1;
      for (const entity of this.#open) this.#forgetBoundary(entity);
    } else {
      multipart.children.push(this.#begin(false, start + length));
    }
    return true;
  }

  /** The place of the open multipart whose boundary begins the line; the longest, then the innermost. */
  #matching(line: string): number {
    let best = -1;
    let longest = -1; // an empty boundary is one, too: every line that begins with two dashes
    for (let i = this.#open.length - 1; i >= 0; i--) {
      const boundary = this.#open[i]?.boundary;
      if (boundary === undefined || boundary.length <= longest || !line.startsWith(boundary)) continue;
      best = i;
      longest = boundary.length;
    }
    return best;
  }

  /**
   * Closes every entity inside the one at `at`: bodies end at `end`, before which there were `lineEnds` line ends; a
   * header that is still being read ends at `stop`, where the boundary begins. What holds such a header ends there too.
   */
  #closeInside(at: number, end: number, lineEnds: number, stop: number): void {
    let before = { end, lineEnds };
    while (this.#open.length > at + 1) {
      if (this.#current.state === 'header') this.#endHeader(stop, this.#lineEnds);
      const entity = this.#current;
      if (entity.bodyStart > before.end) before = { end: entity.bodyStart, lineEnds: this.#lineEnds };
      entity.end = before.end;
      entity.lines = before.lineEnds - entity.linesBefore;
      this.#forgetBoundary(entity);
      this.#open.pop();
      this.#current = this.#open[this.#open.length - 1] ?? this.#root;
    }
  }

  #forgetBoundary(entity: Entity): void {
    if (entity.boundary === undefined) return;
    entity.boundary = undefined;
    this.#boundaries -= 1;
  }
}

/**
 * The type of a part that holds a message, written as clients compare it: message/rfc822, and message/global (RFC 6532
 * §3.7), which, other than the former, may be encoded; then its structure cannot be seen and it is a leaf.
 */
function messageType(declared: ContentType, fields: HeaderFields): ContentType | undefined {
  if (!is(declared.type, 'message')) return undefined;
  if (is(declared.subtype, 'rfc822')) return { ...declared, type: 'message', subtype: 'rfc822' };
  const encoding = parseEncoding(fields.first('content-transfer-encoding')).toLowerCase();
  const isPlain = encoding === '7bit' || encoding === '8bit' || encoding === 'binary';
  return is(declared.subtype, 'global') && isPlain ? { ...declared, type: 'message', subtype: 'global' } : undefined;
}

/** Octets of a message go in, its structure comes out. */
export function createStructureParser(limits: StructureLimits = STRUCTURE_LIMITS): StructureParser {
  return new Parser(limits);
}

function messageOf(root: Entity): MessagePart {
  return { root: partOf(root), envelope: envelopeOf(root.fields) };
}

function partOf(entity: Entity): Part {
  const { fields, headerStart, bodyStart } = entity;
  return {
    header: { start: headerStart, length: bodyStart - headerStart },
    body: { start: bodyStart, length: entity.end - bodyStart },
    lines: entity.lines,
    ...entity.contentType,
    id: fields.first('content-id') ?? null,
    description: fields.first('content-description') ?? null,
    encoding: parseEncoding(fields.first('content-transfer-encoding')),
    md5: fields.first('content-md5') ?? null,
    disposition: parseDisposition(fields.first('content-disposition') ?? ''),
    language: parseLanguages(fields.first('content-language')),
    location: fields.first('content-location') ?? null,
    content: contentOf(entity),
  };
}

function contentOf(entity: Entity): PartContent {
  const [child] = entity.children;
  if (entity.state === 'message' && child !== undefined) return { kind: 'message', message: messageOf(child) };
  if (entity.state !== 'multipart') return { kind: 'leaf' };
  return {
    kind: 'multipart',
    parts: child === undefined ? [emptyPart(entity.bodyStart)] : entity.children.map(partOf),
  };
}

/** The grammar wants a part in every multipart (RFC 3501 §9, body-type-mpart). */
function emptyPart(start: number): Part {
  const nothing = { start, length: 0 };
  return {
    ...{ header: nothing, body: nothing, lines: 0, ...TEXT_PLAIN, id: null, description: null, encoding: '7bit' },
    ...{ md5: null, disposition: null, language: [], location: null, content: { kind: 'leaf' } },
  };
}

function envelopeOf(fields: HeaderFields): EnvelopeFields {
  const text = (name: string): string | null => fields.first(name) ?? null;
  const addresses = (name: string): string | null => {
    const values = fields.all(name);
    return values.length === 0 ? null : values.join(', ');
  };
  return {
    date: text('date'),
    subject: text('subject'),
    from: addresses('from'),
    sender: addresses('sender'),
    replyTo: addresses('reply-to'),
    to: addresses('to'),
    cc: addresses('cc'),
    bcc: addresses('bcc'),
    inReplyTo: text('in-reply-to'),
    messageId: text('message-id'),
  };
}
