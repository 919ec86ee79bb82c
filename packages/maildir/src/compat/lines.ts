/** Reads a text file line by line, in pieces: lists of a large mailbox have many megabytes. */
import type { FileSystem } from '../files/file-system.ts';
import { CHUNK, MAX_LIST_LINE } from '../limits.ts';

const LINE_FEED = 0x0a;

/** Calls `onLine` with each line, without its end, until it returns false; undefined stands for one beyond MAX_LIST_LINE. */
export async function readLines(
  fs: FileSystem,
  path: string,
  onLine: (line: string | undefined) => boolean,
): Promise<void> {
  const file = await fs.open(path, 'read');
  try {
    const buffer = new Uint8Array(CHUNK);
    let rest = Buffer.alloc(0);
    let tooLong = false;
    for (let at = 0; ; ) {
      const read = await file.read(buffer, at);
      at += read;
      const bytes = Buffer.concat([rest, buffer.subarray(0, read)]);
      let start = 0;
      for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
        const wanted = onLine(tooLong ? undefined : bytes.toString('utf8', start, end));
        tooLong = false;
        start = end + 1;
        if (!wanted) return;
      }
      rest = bytes.subarray(start);
      if (read === 0) {
        if (tooLong || rest.length > 0) onLine(tooLong ? undefined : rest.toString('utf8'));
        return;
      }
      if (rest.length > MAX_LIST_LINE) [tooLong, rest] = [true, Buffer.alloc(0)];
    }
  } finally {
    await file.close();
  }
}
