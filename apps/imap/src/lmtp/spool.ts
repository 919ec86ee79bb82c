/**
 * A message between its arrival and its delivery to each recipient. A small one stays in memory; a larger one goes to a
 * file whose name is taken away as soon as it is open, so that nothing is left of it when the process dies. It is not
 * synced: until the store has it on disk, the mail server in front keeps it too.
 */
import { randomUUID } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';

export interface SpoolOptions {
  /** Where the file is made: on a disk, since memory is what it is to spare. */
  readonly folder: string;
  /** Octets that are held in memory. */
  readonly inMemory: number;
  /** Octets read at once. */
  readonly chunk: number;
}

export class Spool {
  readonly #options: SpoolOptions;
  #pieces: Uint8Array[] = [];
  #file: FileHandle | undefined;
  #size = 0;
  /** Octets that lie in the file. */
  #written = 0;

  constructor(options: SpoolOptions) {
    this.#options = options;
  }

  /** Octets of the message. */
  get size(): number {
    return this.#size;
  }

  /** Adds a piece, which may be a view: it is copied or written. Rejects with what the file system says. */
  async write(piece: Uint8Array): Promise<void> {
    this.#size += piece.length;
    if (this.#file === undefined && this.#size <= this.#options.inMemory) {
      this.#pieces.push(Uint8Array.prototype.slice.call(piece));
      return;
    }
    const held = this.#pieces;
    this.#pieces = [];
    this.#file ??= await openNameless(this.#options.folder);
    for (const one of [...held, piece]) await this.#append(this.#file, one);
  }

  /** The message, as often as it is asked for; not after `close`. */
  async *read(): AsyncGenerator<Uint8Array, void, void> {
    for (let at = 0; this.#file !== undefined && at < this.#written; ) {
      const buffer = new Uint8Array(Math.min(this.#options.chunk, this.#written - at));
      const { bytesRead } = await this.#file.read(buffer, 0, buffer.length, at);
      if (bytesRead === 0) throw new Error('The spool file is shorter than what was written to it.');
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
    yield* this.#pieces;
  }

  async close(): Promise<void> {
    this.#pieces = [];
    await this.#file?.close();
    this.#file = undefined;
  }

  async #append(file: FileHandle, piece: Uint8Array): Promise<void> {
    for (let at = 0; at < piece.length; ) {
      const { bytesWritten } = await file.write(piece, at, piece.length - at, this.#written);
      at += bytesWritten;
      this.#written += bytesWritten;
    }
  }
}

async function openNameless(folder: string): Promise<FileHandle> {
  const path = join(folder, `lmtp-${randomUUID()}`);
  const file = await open(path, 'wx+', 0o600);
  await unlink(path);
  return file;
}
