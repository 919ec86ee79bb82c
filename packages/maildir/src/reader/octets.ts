/** The octets of an open message: as they are stored, and as every mail program sees them, with each line end as CRLF. */
import { CHUNK } from '../limits.ts';
import { createStructureParser, type MessageStructure } from '../mime/index.ts';
import { crlfChunks } from '../text/read-text.ts';
import type { OpenedFile } from './folder-reader.ts';

/** As they are stored. */
export async function* storedOctets({ handle }: OpenedFile): AsyncGenerator<Uint8Array> {
  for (let position = 0; ; ) {
    const { bytesRead, buffer } = await handle.read(new Uint8Array(CHUNK), 0, CHUNK, position);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    position += bytesRead;
  }
}

/** With each line end as CRLF: all, or a range of them. A structure's ranges are of these. */
export async function* shownOctets(
  { handle }: OpenedFile,
  { start, length }: { readonly start: number; readonly length: number } = {
    start: 0,
    length: Number.MAX_SAFE_INTEGER,
  },
): AsyncGenerator<Uint8Array> {
  let offset = 0;
  for await (const chunk of crlfChunks(handle)) {
    const part = chunk.subarray(Math.max(0, start - offset), Math.max(0, start + length - offset));
    if (part.length > 0) yield part;
    offset += chunk.length;
    if (offset >= start + length) return;
  }
}

/** The message's structure; it is read to its end for that. */
export async function structureOf(file: OpenedFile): Promise<MessageStructure> {
  const parser = createStructureParser();
  for await (const chunk of crlfChunks(file.handle)) parser.push(chunk);
  return parser.end();
}
