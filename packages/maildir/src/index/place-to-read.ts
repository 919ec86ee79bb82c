import { accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { errno } from '../errors.ts';

/**
 * What SQLite is to open to read a database with a write-ahead log. On a disk that cannot be written (a snapshot) it would
 * have to make files beside it, and refuses (https://sqlite.org/wal.html, "Read-Only Databases"). One whose log is empty is
 * whole as it lies there, and nobody changes it: it is opened as such ("immutable"). One with a log is read with what is there.
 */
export function placeToRead(file: string): string | URL {
  const log = statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  if (log > 0 || !cannotBeWritten(dirname(file))) return file;
  const place = pathToFileURL(file);
  place.searchParams.set('immutable', '1');
  return place;
}

function cannotBeWritten(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return false;
  } catch (error) {
    return errno(error) === 'EROFS';
  }
}
