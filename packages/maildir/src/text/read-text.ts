/** A message's file as the text index keeps it: decoded, casemapped, and bounded. */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { endsWithCr, toCrlf } from '../content/line-ends.ts';
import { CUT, type KeptText } from '../index/text-db.ts';
import { CHUNK, TEXT_BODY, TEXT_HEADER, TEXT_WHOLE_FILE } from '../limits.ts';
import {
  casemap,
  createStructureParser,
  createTextExtractor,
  headerLine,
  headerTexts,
  type MessageStructure,
} from '../mime/index.ts';

type Chunks = () => AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** As everywhere: a symbolic link is not followed, and a pipe under a message's name does not block. */
const HOW = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Reads and decodes the file; rejects with the file system's error where it cannot be read, a link's is `ELOOP`. */
export async function readText(path: string, uid: number): Promise<KeptText> {
  await using file = await open(path, HOW);
  const stat = await file.stat();
  if (!stat.isFile()) throw Object.assign(new Error('No regular file.'), { code: 'EISDIR' });
  const { size } = stat;
  if (size > TEXT_WHOLE_FILE) return await textOf(uid, () => crlfChunks(file));
  const whole = [toCrlf(await file.readFile(), false)];
  return await textOf(uid, () => whole);
}

async function* crlfChunks(file: FileHandle): AsyncGenerator<Uint8Array, void, void> {
  let afterCr = false;
  for (let position = 0; ; ) {
    const { bytesRead, buffer } = await file.read(new Uint8Array(CHUNK), 0, CHUNK, position);
    if (bytesRead === 0) return;
    const chunk = buffer.subarray(0, bytesRead);
    yield toCrlf(chunk, afterCr);
    afterCr = endsWithCr(chunk, afterCr);
    position += bytesRead;
  }
}

/** `chunks` gives the message from its beginning, each time it is asked, every line end as CRLF. */
async function textOf(uid: number, chunks: Chunks): Promise<KeptText> {
  const parser = createStructureParser();
  for await (const chunk of chunks()) parser.push(chunk);
  const structure = parser.end();
  const { head, mime, body } = await extract(structure, chunks);
  const isHeadCut = structure.root.header.length > TEXT_HEADER;
  const fields = headerTexts(head);
  // The last field of a header that was cut may be half an encoded word, which reads as something else.
  const lines = (isHeadCut ? fields.slice(0, -1) : fields).map((field) => Buffer.from(casemap(headerLine(field))));
  return {
    uid,
    header: Buffer.concat([...lines, Buffer.from(`\0${casemap(mime.text)}`)]),
    lines: lines.map((line) => line.length),
    body: Buffer.from(casemap(body.text)),
    cut: (isHeadCut || mime.isCut ? CUT.header : 0) | (body.isCut ? CUT.body : 0),
  };
}

interface Extracted {
  /** The octets of the message's own header, as far as they are kept. */
  readonly head: Uint8Array;
  readonly mime: KeptPieces;
  readonly body: KeptPieces;
}

async function extract(structure: MessageStructure, chunks: Chunks): Promise<Extracted> {
  const headOctets = Math.min(structure.root.header.length, TEXT_HEADER);
  const head: Uint8Array[] = [];
  let offset = 0;
  const mime = new KeptPieces(createTextExtractor(structure, 'mime'), TEXT_HEADER);
  const body = new KeptPieces(createTextExtractor(structure, 'body'), TEXT_BODY);
  for await (const chunk of chunks()) {
    if (offset < headOctets) head.push(chunk.slice(0, headOctets - offset));
    offset += chunk.length;
    mime.push(chunk);
    body.push(chunk);
    if (offset >= headOctets && mime.isCut && body.isCut) break;
  }
  mime.end();
  body.end();
  return { head: Buffer.concat(head), mime, body };
}

/** What an extractor says, up to a limit. */
class KeptPieces {
  text = '';
  /** There was more. */
  isCut = false;
  readonly #extractor: ReturnType<typeof createTextExtractor>;
  readonly #limit: number;

  constructor(extractor: ReturnType<typeof createTextExtractor>, limit: number) {
    this.#extractor = extractor;
    this.#limit = limit;
  }

  push(chunk: Uint8Array): void {
    if (!this.isCut) this.#keep(this.#extractor.push(chunk));
  }

  end(): void {
    if (!this.isCut) this.#keep(this.#extractor.end());
  }

  #keep(pieces: readonly string[]): void {
    const text = this.text + pieces.join('');
    this.isCut = text.length > this.#limit;
    this.text = this.isCut ? text.slice(0, this.#limit) : text;
  }
}
