/** The names of messages in a folder, one by one as the directory tells them: however many there are, none is kept. */
import type { Dir } from 'node:fs';
import { opendir } from 'node:fs/promises';
import { isMissing } from '../errors.ts';
import type { Place } from '../files/places.ts';
import { directoryOf } from '../files/places.ts';
import { type FileName, kindOfName, splitFileName } from '../names/file-name.ts';

/** A message's file as its name tells of it. */
export interface NamedFile extends FileName {
  readonly place: Place;
}

/** What stands among the messages and is none that could be opened. */
export interface Passed {
  /** Names with bytes that are no UTF-8. */
  unreadable: number;
  /** Symbolic links. */
  links: number;
}

/** Entries that the kernel is asked for at once. */
const ENTRIES = 1_024;

/** The messages of new/ and then of cur/; what is passed over is counted. A directory that is not there has none. */
export async function* messageFiles(folder: string, passed: Passed): AsyncGenerator<NamedFile> {
  for (const inNew of [true, false]) {
    const directory = await openIfThere(directoryOf(folder, inNew));
    if (directory === undefined) continue;
    for await (const entry of directory) {
      const kind = kindOfName(entry.name);
      if (kind === 'other') continue;
      if (kind === 'unreadable') passed.unreadable += 1;
      else if (entry.isSymbolicLink()) passed.links += 1;
      else if (!entry.isDirectory()) {
        const { base, info } = splitFileName(entry.name);
        yield { base, info, place: { inNew, info } };
      }
    }
  }
}

async function openIfThere(path: string): Promise<Dir | undefined> {
  try {
    return await opendir(path, { bufferSize: ENTRIES });
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
