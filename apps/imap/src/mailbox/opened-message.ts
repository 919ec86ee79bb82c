/**
 * One message while FETCH or SEARCH is at it: its file is opened when something in it is needed, and no more of it is
 * read than that takes. Answers that cost a whole reading are remembered by the hub and the store.
 */
import type { MessageContent, Rendered, StoreError, Uid } from '@scorpiox/maildir';
import { createStructureParser, createTextExtractor, type MessageStructure } from '@scorpiox/maildir/mime';
import { HEADER_SIZE, PARSED_AT_ONCE } from '../limits.ts';
import { bodyStructureWire, bodyWire, envelopeWire, RENDER_VERSION } from '../message/render.ts';
import { locateContent, locateSection, type SectionLocation, type SectionRequest } from '../message/section.ts';
import { DecodedPart } from './decoded-part.ts';
import { type Hub, TEXTS } from './hub.ts';
import { isIndexReplaced } from './store.ts';

/** The message's file cannot be read: it was expunged, or the store says why; `cause` is what it did not foresee. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
  readonly reason: StoreError;
  readonly code: StoreError['code'];

  constructor(reason: StoreError, cause?: unknown) {
    super(reason.message, cause === undefined ? undefined : { cause });
    this.reason = reason;
    this.code = reason.code;
  }
}

/** One message's file that fails must not take the other messages of a command with it, whatever is wrong with it. */
function unreadable(error: unknown): Unreadable {
  if (error instanceof Unreadable) return error;
  if (isIndexReplaced(error)) return new Unreadable({ code: 'index-replaced', message: 'The index was replaced.' });
  return new Unreadable({ code: 'unavailable', message: 'The file of a message cannot be read.' }, error);
}

/** The date that an envelope begins with, where it is no literal. */
const SHOWN_DATE = /^\((NIL|"(?:[^"\\]|\\.)*") /;

/** What part of a header is read at first: most headers are smaller. */
const FIRST_READ = 16 * 1024;

/** Every method but `close` may throw `Unreadable`. */
export class OpenedMessage {
  readonly #hub: Hub;
  readonly #uid: Uid;
  readonly #breathe: () => Promise<void>;
  #content: MessageContent | undefined;
  #top: MessageStructure | undefined;
  #rendered: Rendered | undefined;

  /** @param breathe lets others run where there is much to parse. */
  constructor(hub: Hub, uid: Uid, breathe: () => Promise<void>) {
    this.#hub = hub;
    this.#uid = uid;
    this.#breathe = breathe;
  }

  /** Octets of the message. */
  async size(): Promise<number> {
    return (await this.#open()).size;
  }

  async read(start: number, length: number): Promise<Uint8Array> {
    const content = await this.#open();
    return content.read(start, length).catch((error: unknown) => {
      throw unreadable(error);
    });
  }

  /** The same in chunks; the message must be left open until they are read. */
  async stream(start: number, length: number): Promise<AsyncIterable<Uint8Array>> {
    return guarded((await this.#open()).stream(start, length));
  }

  /** The octets of the message's own header, with the blank line after it. */
  async header(): Promise<Uint8Array> {
    const { root } = await this.#headerStructure();
    return this.read(root.header.start, root.header.length);
  }

  /** As much of the header as tells when the message was sent: what ENVELOPE showed of it before, else all of it. */
  async dateHeader(): Promise<Uint8Array> {
    const [, date] = SHOWN_DATE.exec(this.#kept()?.envelope ?? '') ?? [];
    if (date === undefined) return this.header();
    return Buffer.from(
      date === 'NIL' ? '\r\n' : `Date: ${date.slice(1, -1).replace(/\\(.)/g, '$1')}\r\n\r\n`,
      'latin1',
    );
  }

  /** Where a section lies. Sections of the message itself take no more than its header to find. */
  async locate(section: SectionRequest): Promise<SectionLocation> {
    if (section.part.length > 0) return locateSection(await this.#structure(), section);
    const size = await this.size();
    if (section.text === '') return { kind: 'range', range: { start: 0, length: size } };
    const top = await this.#headerStructure();
    if (section.text !== 'TEXT') return locateSection(top, section);
    const start = top.root.header.start + top.root.header.length;
    return { kind: 'range', range: { start, length: size - start } };
  }

  /** The content of a part without its transfer encoding; undefined where there is no such part. */
  async decoded(part: readonly number[]): Promise<DecodedPart | undefined> {
    const content = locateContent(await this.#structure(), part);
    if (content === undefined) return undefined;
    const { start: first, length } = content.range;
    return new DecodedPart(content, {
      read: () => this.read(first, length),
      stream: (from) => this.stream(first + from, length - from),
      kept: this.#hub.measured,
      key: `${this.#uid} ${part.join('.')}`,
    });
  }

  /** The wire text of an item: what was kept, or what is made now. */
  async wireText(item: keyof typeof TEXTS): Promise<string> {
    const kept = this.#kept()?.[TEXTS[item]];
    return kept === undefined || kept === '' ? this.makeText(item) : kept;
  }

  /** Makes the wire text of an item, and keeps it. */
  async makeText(item: keyof typeof TEXTS): Promise<string> {
    const made = this.#rendered?.[TEXTS[item]];
    if (made !== undefined && made !== '') return made;
    // An envelope needs no more than the header; the other texts are made when somebody asks for them.
    const rendered = item === 'ENVELOPE' ? await this.#renderHeader() : await this.#render();
    this.#rendered = rendered;
    this.#hub.mailbox.keepRendered(this.#uid, rendered);
    return rendered[TEXTS[item]];
  }

  /** The message's text in pieces, as SEARCH sees it. */
  async *text(scope: 'body' | 'text'): AsyncGenerator<string, void, void> {
    const structure = await this.#structure();
    const extractor = createTextExtractor(structure, scope);
    for await (const chunk of await this.stream(0, structure.size)) yield* extractor.push(chunk);
    yield* extractor.end();
  }

  async close(): Promise<void> {
    const content = this.#content;
    this.#content = undefined;
    await content?.close();
  }

  async #render(): Promise<Rendered> {
    const structure = await this.#structure();
    return {
      version: RENDER_VERSION,
      envelope: envelopeWire(structure),
      body: bodyWire(structure),
      bodyStructure: bodyStructureWire(structure),
    };
  }

  async #renderHeader(): Promise<Rendered> {
    const envelope = envelopeWire(await this.#headerStructure());
    return { version: RENDER_VERSION, envelope, body: '', bodyStructure: '' };
  }

  #kept(): Rendered | undefined {
    this.#rendered ??= this.#hub.mailbox.rendered(this.#uid, RENDER_VERSION);
    return this.#rendered;
  }

  async #structure(): Promise<MessageStructure> {
    const known = this.#hub.structures.get(this.#uid);
    if (known !== undefined) return known;
    const parser = createStructureParser();
    const size = await this.size();
    if (size <= PARSED_AT_ONCE) parser.push(await this.read(0, size));
    else for await (const chunk of await this.stream(0, size)) parser.push(chunk);
    const structure = parser.end();
    this.#hub.structures.set(this.#uid, structure);
    return structure;
  }

  /** A structure of which only what the header says is true: parsed from the message's beginning. */
  async #headerStructure(): Promise<MessageStructure> {
    this.#top ??= this.#hub.structures.get(this.#uid) ?? (await this.#parseHeader());
    return this.#top;
  }

  async #parseHeader(): Promise<MessageStructure> {
    const size = Math.min(await this.size(), HEADER_SIZE);
    for (let length = Math.min(FIRST_READ, size); ; length = Math.min(length * 4, size)) {
      const bytes = Buffer.from(await this.read(0, length));
      const end = endOfHeader(bytes);
      if (end === -1 && length < size) continue;
      const parser = createStructureParser();
      const header = end === -1 ? bytes : bytes.subarray(0, end);
      for (let at = 0; at < header.length; at += PARSED_AT_ONCE) {
        parser.push(header.subarray(at, at + PARSED_AT_ONCE));
        await this.#breathe();
      }
      return parser.end();
    }
  }

  async #open(): Promise<MessageContent> {
    if (this.#content !== undefined) return this.#content;
    const opened = await this.#hub.mailbox.open(this.#uid).catch((error: unknown) => {
      throw unreadable(error);
    });
    if (!opened.ok) throw new Unreadable(opened.error);
    this.#content = opened.value;
    return opened.value;
  }
}

async function* guarded(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  try {
    yield* chunks;
  } catch (error) {
    throw unreadable(error);
  }
}

/** The offset after the first blank line, or -1. */
function endOfHeader(bytes: Buffer): number {
  if (bytes[0] === 0x0d && bytes[1] === 0x0a) return 2;
  const blank = bytes.indexOf('\r\n\r\n', 0, 'latin1');
  return blank === -1 ? -1 : blank + 4;
}
