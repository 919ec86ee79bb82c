/**
 * A part's content without its transfer encoding, for BINARY (RFC 9051 §6.4.5, RFC 3516). A literal's length goes before
 * its octets, so a large part is decoded twice: once to learn how long it is, which is remembered, and once on its way out.
 * Marks that are left on the first way let a partial fetch begin near its place.
 */
import { isTransferEncoding, transferDecoder } from '@scorpiox/maildir/mime';
import { DECODER_MARKS, WHOLE_SECTION } from '../limits.ts';
import type { EncodedContent } from '../message/section.ts';
import type { LiteralStream } from '../wire/response.ts';
import type { RecentlyUsed } from './recently-used.ts';

/** A place where a decoder can begin: octets read and given before it, and what the decoder had left. */
interface Mark {
  readonly read: number;
  readonly given: number;
  readonly rest: string;
}

export interface Measured {
  /** Octets of the decoded content. */
  readonly length: number;
  /** It holds a NUL, so only a literal8 can carry it. */
  readonly hasNul: boolean;
  /** Ascending; the first is the beginning. */
  readonly marks: readonly Mark[];
}

/** Where the encoded octets come from. */
interface Source {
  read(): Promise<Uint8Array>;
  /** The octets from an offset on. */
  stream(from: number): Promise<AsyncIterable<Uint8Array>>;
  readonly kept: RecentlyUsed<string, Measured>;
  readonly key: string;
}

/** Octets to send, and whether there is a NUL in the part. */
interface Content {
  readonly content: Uint8Array | LiteralStream;
  readonly binary: boolean;
}

const BEGINNING: Mark = { read: 0, given: 0, rest: '' };

export class DecodedPart {
  readonly #encoding: string;
  readonly #length: number;
  readonly #source: Source;

  constructor({ encoding, range }: EncodedContent, source: Source) {
    this.#encoding = encoding;
    this.#length = range.length;
    this.#source = source;
  }

  /** Its transfer encoding is known; of another one nothing below can be asked. */
  get isKnown(): boolean {
    return isTransferEncoding(this.#encoding);
  }

  /** Octets of the content, exactly as many as `content` gives. */
  async size(): Promise<number> {
    return (await this.#measured()).length;
  }

  /** The content, or what of it lies in the partial's range. */
  async content(partial: { readonly start: number; readonly length: number } | undefined): Promise<Content> {
    const whole = this.#length <= WHOLE_SECTION ? await this.#whole() : undefined;
    const { length: all, hasNul: binary, marks } = whole?.measured ?? (await this.#measured());
    const start = Math.min(partial?.start ?? 0, all);
    const length = Math.min(partial?.length ?? all, all - start);
    if (whole !== undefined) return { content: whole.octets.subarray(start, start + length), binary };
    const mark = marks.findLast(({ given }) => given <= start) ?? BEGINNING;
    return { content: { length, chunks: this.#from(mark, start - mark.given, length) }, binary };
  }

  async #whole(): Promise<{ readonly octets: Uint8Array; readonly measured: Measured }> {
    const decoder = transferDecoder(this.#encoding);
    const octets = Buffer.concat([decoder.push(await this.#source.read()), decoder.end()]);
    const measured = { length: octets.length, hasNul: octets.includes(0), marks: [BEGINNING] };
    this.#source.kept.set(this.#source.key, measured);
    return { octets, measured };
  }

  async #measured(): Promise<Measured> {
    const { kept, key } = this.#source;
    const known = kept.get(key);
    if (known !== undefined) return known;
    if (this.#length <= WHOLE_SECTION) return (await this.#whole()).measured;
    const decoder = transferDecoder(this.#encoding);
    const marks = [BEGINNING];
    let [read, length, hasNul] = [0, 0, false];
    const count = (octets: Uint8Array) => {
      length += octets.length;
      hasNul ||= octets.includes(0);
    };
    for await (const chunk of await this.#source.stream(0)) {
      count(decoder.push(chunk));
      read += chunk.length;
      if (length - (marks.at(-1)?.given ?? 0) >= DECODER_MARKS) marks.push({ read, given: length, rest: decoder.rest });
    }
    count(decoder.end());
    const measured = { length, hasNul, marks };
    kept.set(key, measured);
    return measured;
  }

  /** `length` octets of the content, `skip` octets after a mark. */
  async *#from(mark: Mark, skip: number, length: number): AsyncGenerator<Uint8Array, void, void> {
    const decoder = transferDecoder(this.#encoding, mark.rest);
    const end = skip + length;
    let given = 0;
    const within = (octets: Uint8Array): Uint8Array => {
      const part = octets.subarray(Math.max(0, skip - given), Math.max(0, end - given));
      given += octets.length;
      return part;
    };
    if (length === 0) return;
    for await (const chunk of await this.#source.stream(mark.read)) {
      const part = within(decoder.push(chunk));
      if (part.length > 0) yield part;
      if (given >= end) return;
    }
    yield within(decoder.end());
  }
}
