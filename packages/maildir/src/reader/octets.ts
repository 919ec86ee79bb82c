/** The octets of an open message: as they are stored, and as every mail program sees them, with each line end as CRLF. */
import type { FileHandle } from 'node:fs/promises';
import { endsWithCr, toCrlf } from '../content/line-ends.ts';
import { CHUNK } from '../limits.ts';
import { createStructureParser, type MessageStructure } from '../mime/index.ts';
import type { OpenedFile } from './folder-reader.ts';

/**
 * A file of this size from its beginning, in pieces. No piece is larger than what is left of it: whoever reads small files by the
 * thousand would hold a large buffer of each until memory is cleared.
 */
export async function* pieces(handle: FileHandle, size: number): AsyncGenerator<Uint8Array> {
  for (let position = 0; position < size; ) {
    const length = Math.min(CHUNK, size - position);
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafeSlow(length), 0, length, position);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    position += bytesRead;
  }
}

/** As they are stored. */
export const storedOctets = ({ handle, size }: OpenedFile): AsyncGenerator<Uint8Array> => pieces(handle, size);

/** With each line end as CRLF: all, or a range of them. A structure's ranges are of these. */
export async function* shownOctets(
  { handle, size }: OpenedFile,
  { start, length }: { readonly start: number; readonly length: number } = {
    start: 0,
    length: Number.MAX_SAFE_INTEGER,
  },
): AsyncGenerator<Uint8Array> {
  let offset = 0;
  let afterCr = false;
  for await (const stored of pieces(handle, size)) {
    const chunk = toCrlf(stored, afterCr);
    afterCr = endsWithCr(stored, afterCr);
    const part = chunk.subarray(Math.max(0, start - offset), Math.max(0, start + length - offset));
    if (part.length > 0) yield part;
    offset += chunk.length;
    if (offset >= start + length) return;
  }
}

/** The message's structure; it is read to its end for that. */
export async function structureOf(file: OpenedFile): Promise<MessageStructure> {
  const parser = createStructureParser();
  for await (const chunk of shownOctets(file)) parser.push(chunk);
  return parser.end();
}
