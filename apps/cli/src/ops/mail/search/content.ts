/** What a message's file says: opened only where the answer hangs on it, and read no further than that takes. */
import { type FolderReader, type OpenedFile, type ReadMessage, shownOctets, structureOf } from '@scorpiox/maildir';
import { createMatcher, createTextExtractor, headerValues, matches, sentDate } from '@scorpiox/maildir/mime';
import { HEADER_SHOWN_BYTES } from '../../limits.ts';
import type { TextTerm } from './term.ts';

/** An open message. */
export class Content {
  readonly #file: OpenedFile;
  #header: Uint8Array | undefined;

  private constructor(file: OpenedFile) {
    this.#file = file;
  }

  /** Runs `use` with the message open; undefined where it is gone. */
  static async of<T>(
    folder: FolderReader,
    message: ReadMessage,
    use: (content: Content) => Promise<T>,
  ): Promise<T | undefined> {
    const file = await folder.open(message);
    if (file === undefined) return undefined;
    try {
      return await use(new Content(file));
    } finally {
      await file.handle.close();
    }
  }

  /** INTERNALDATE. */
  get internalDate(): number {
    return this.#file.internalDate;
  }

  async sentOn(): Promise<string | null> {
    return sentDate(await this.header());
  }

  /** The first field of this name, decoded; empty where there is none. */
  async field(name: string): Promise<string> {
    return headerValues(await this.header(), name)[0] ?? '';
  }

  async holds({ text, scope }: TextTerm): Promise<boolean> {
    if (typeof scope === 'object') {
      const values = headerValues(await this.header(), scope.header);
      return values.some((value) => text === '' || matches([value], text));
    }
    const extractor = createTextExtractor(await structureOf(this.#file), scope);
    const matcher = createMatcher(text);
    for await (const chunk of shownOctets(this.#file)) {
      for (const piece of extractor.push(chunk)) if (matcher.push(piece)) return true;
    }
    return extractor.end().some((piece) => matcher.push(piece)) || matcher.push('');
  }

  /** The octets of its header, up to what is ever shown of one. */
  async header(): Promise<Uint8Array> {
    if (this.#header !== undefined) return this.#header;
    let read = Buffer.alloc(0);
    for await (const chunk of shownOctets(this.#file, { start: 0, length: HEADER_SHOWN_BYTES })) {
      read = Buffer.concat([read, chunk]);
      const end = read.indexOf('\r\n\r\n');
      if (end === -1) continue;
      read = read.subarray(0, end + 4);
      break;
    }
    this.#header = read;
    return read;
  }
}
