/** Keeps octets in a backup's objects, and says in a manifest's lines what was kept. */
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { errno, isMissing } from '../errors.ts';
import type { FolderReader, ReadMessage } from '../reader/folder-reader.ts';
import { BackupFailure } from './failure.ts';
import type { Kept, Line, MessageLine } from './manifest.ts';
import type { Objects } from './objects.ts';

/** A message that is to be kept. */
export interface Task {
  /** Where its file is. */
  readonly folder: FolderReader;
  /** As the manifest tells of it. */
  readonly message: ReadMessage;
  readonly path: string;
  /** What an earlier manifest knows of it. */
  readonly hint: Kept | undefined;
  /** Called where it has no file any more. */
  readonly onGone: () => unknown;
  /** The file, where it is another mailbox's by now. */
  readonly at?: ReadMessage;
}

export class Keeper {
  readonly #objects: Objects;
  readonly #onMessage: (messages: number) => void;
  readonly #count = { messages: 0, bytes: 0, copied: 0, copiedBytes: 0, unreadable: 0 };
  #firstUnreadable: string | undefined;

  /** `onMessage` hears after each message how many there were. */
  constructor(objects: Objects, onMessage: (messages: number) => void) {
    this.#objects = objects;
    this.#onMessage = onMessage;
  }

  /** Messages and their octets, how much of that was not kept before, and how many files could not be read. */
  get count(): Readonly<Record<'messages' | 'bytes' | 'copied' | 'copiedBytes' | 'unreadable', number>> {
    return this.#count;
  }

  /** A file that could not be read; undefined where all could. */
  get firstUnreadable(): string | undefined {
    return this.#firstUnreadable;
  }

  /** Keeps a message's octets, and tells of it in a line; in none where it is gone. */
  async keep({ folder, message, path, hint, onGone, at = message }: Task): Promise<readonly Line[]> {
    try {
      const facts = await folder.facts(at);
      if (hint !== undefined && facts?.size === hint.size) return [this.#told(message, path, hint, facts.internalDate)];
      const file = await folder.open(at);
      if (file === undefined) {
        onGone();
        return [];
      }
      try {
        const stored = await this.#objects.keep(file.handle, file.size);
        if (stored.isNew) {
          this.#count.copied += 1;
          this.#count.copiedBytes += stored.size;
        }
        return [this.#told(message, path, stored, facts?.internalDate ?? file.internalDate)];
      } finally {
        await file.handle.close();
      }
    } catch (error) {
      const code = errno(error);
      if (code === undefined || error instanceof BackupFailure || code.startsWith('ERR_')) throw error;
      return [this.unreadable(path, code)];
    }
  }

  /** Keeps small files, as far as they are there. */
  async files(maildir: string, paths: readonly string[]): Promise<readonly Line[]> {
    const lines: Line[] = [];
    for (const path of paths) {
      const file = await open(join(maildir, path), 'r').catch((error: unknown) => {
        if (isMissing(error)) return undefined;
        throw error;
      });
      if (file === undefined) continue;
      try {
        const { size, sha256 } = await this.#objects.keep(file, (await file.stat()).size);
        lines.push({ kind: 'file', path, size, sha256 });
      } finally {
        await file.close();
      }
    }
    return lines;
  }

  /** Counts what cannot be read. `code` is the system's. */
  unreadable(path: string, code: string): Line {
    this.#count.unreadable += 1;
    this.#firstUnreadable ??= path;
    return { kind: 'unreadable', path, code };
  }

  #told(message: ReadMessage, path: string, { size, sha256 }: Omit<Kept, 'path'>, internalDate: number): MessageLine {
    this.#count.messages += 1;
    this.#count.bytes += size;
    this.#onMessage(this.#count.messages);
    const { uid = null, flags } = message;
    return { kind: 'message', path, uid, flags: [...flags], date: new Date(internalDate).toISOString(), size, sha256 };
  }
}
