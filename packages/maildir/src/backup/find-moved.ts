import type { BaseName } from '../api.ts';
import type { FolderReader, ReadMessage } from '../reader/folder-reader.ts';

/** A message that is not in its mailbox any more, and the file that it is now. */
export interface Moved {
  readonly message: ReadMessage;
  readonly folder: FolderReader;
  readonly at: ReadMessage;
}

/** Where these messages of `own` lie by now: a move keeps the base name. All names are read for it. */
export async function findMoved(
  folders: readonly FolderReader[],
  own: FolderReader,
  lost: readonly ReadMessage[],
): Promise<readonly Moved[]> {
  const left = new Map<BaseName, ReadMessage>(lost.map((message) => [message.base, message]));
  const found: Moved[] = [];
  for (const folder of folders) {
    if (left.size === 0) break;
    for await (const { base, place } of folder.files()) {
      const message = left.get(base);
      // A file that the index has there by itself is a message of its own: somebody's copy under the same name.
      if (message === undefined || (folder !== own && folder.uidOf(base) !== undefined)) continue;
      left.delete(base);
      found.push({ message, folder, at: { base, place, flags: message.flags } });
    }
  }
  return found;
}
