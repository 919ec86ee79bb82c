/** Octets kept under their SHA-256, each once: written beside, synced, and only then given their name. */
import { createHash, type Hash, randomBytes } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncPath } from '../files/sync-path.ts';
import { BACKUP_WHOLE } from '../limits.ts';
import { pieces } from '../reader/octets.ts';
import { atTarget, BackupFailure } from './failure.ts';
import type { Kept } from './manifest.ts';
import { makeFolder, messagesIn } from './places.ts';

/** What keeping something told. */
export interface Stored extends Omit<Kept, 'path'> {
  /** False where the same octets were there already. */
  readonly isNew: boolean;
}

export class Objects {
  readonly #root: string;
  /** Where files lie while they are written. */
  readonly #beside: string;
  readonly #touched = new Set<string>();

  constructor(root: string, beside: string) {
    this.#root = messagesIn(root);
    this.#beside = beside;
  }

  pathOf(sha256: string): string {
    return join(this.#root, sha256.slice(0, 2), sha256);
  }

  /** Whether octets of this hash are there, as many as they should be. */
  has({ sha256, size }: Pick<Kept, 'sha256' | 'size'>): boolean {
    return statSync(this.pathOf(sha256), { throwIfNoEntry: false })?.size === size;
  }

  /** The octets, in pieces. Throws `damaged`, after the last piece, where they are not what they should be. */
  async *verified({ path, sha256, size }: Kept): AsyncGenerator<Uint8Array> {
    const damaged = (why: string, cause?: unknown) =>
      new BackupFailure(
        'damaged',
        `${path} cannot be brought back: ${this.pathOf(sha256)} ${why}. Verify the backup.`,
        cause,
      );
    const file = await open(this.pathOf(sha256), 'r').catch((error: unknown) => {
      throw damaged('cannot be read', error);
    });
    try {
      const hash = createHash('sha256');
      let read = 0;
      for await (const chunk of pieces(file, (await file.stat()).size)) {
        hash.update(chunk);
        read += chunk.length;
        yield chunk;
      }
      if (read !== size || hash.digest('hex') !== sha256) throw damaged('is not what was backed up');
    } finally {
      await file.close();
    }
  }

  /** Keeps what an open file holds. On disk when it resolves, but for names, which `sync` sees to. */
  async keep(source: FileHandle, size: number): Promise<Stored> {
    return size <= BACKUP_WHOLE ? this.#keepWhole(await readWhole(source, size)) : this.#keepLarge(source, size);
  }

  /** Makes the names durable of all that was kept so far. */
  async sync(): Promise<void> {
    await atTarget(this.#root, async () => {
      for (const directory of this.#touched) await syncPath(directory);
      if (existsSync(this.#root)) await syncPath(this.#root);
    });
    this.#touched.clear();
  }

  async #keepWhole(octets: Uint8Array): Promise<Stored> {
    const stored = { size: octets.length, sha256: createHash('sha256').update(octets).digest('hex') };
    if (this.has(stored)) return { ...stored, isNew: false };
    await this.#write(async (file) => {
      await atTarget(this.#root, () => file.writeFile(octets));
      return stored.sha256;
    });
    return { ...stored, isNew: true };
  }

  async #keepLarge(source: FileHandle, whole: number): Promise<Stored> {
    const hash = createHash('sha256');
    const known = await hashOf(source, whole, hash);
    if (this.has(known)) return { ...known, isNew: false };
    await this.#write(async (file) => {
      const written = createHash('sha256');
      for await (const chunk of pieces(source, whole)) {
        written.update(chunk);
        await atTarget(this.#root, () => file.writeFile(chunk));
      }
      return written.digest('hex');
    });
    return { ...known, isNew: true };
  }

  /** Writes a file under a name of its own, and gives it the name of what `fill` says that it holds. */
  async #write(fill: (file: FileHandle) => Promise<string>): Promise<void> {
    const beside = join(this.#beside, `writing-${randomBytes(8).toString('hex')}`);
    const file = await atTarget(beside, () => open(beside, 'wx', 0o600));
    try {
      const sha256 = await fill(file);
      await atTarget(beside, async () => {
        await file.sync();
        const path = this.pathOf(sha256);
        await makeFolder(dirname(path));
        await rename(beside, path);
        this.#touched.add(dirname(path));
      });
    } catch (error) {
      await rm(beside, { force: true });
      throw error;
    } finally {
      await file.close();
    }
  }
}

async function readWhole(source: FileHandle, size: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of pieces(source, size)) chunks.push(chunk);
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
}

async function hashOf(source: FileHandle, whole: number, hash: Hash): Promise<Omit<Kept, 'path'>> {
  let size = 0;
  for await (const chunk of pieces(source, whole)) {
    hash.update(chunk);
    size += chunk.length;
  }
  return { size, sha256: hash.digest('hex') };
}

/** The hash of a file's octets, and how many they are. */
export async function hashFile(path: string): Promise<Omit<Kept, 'path'>> {
  const file = await open(path, 'r');
  try {
    return await hashOf(file, (await file.stat()).size, createHash('sha256'));
  } finally {
    await file.close();
  }
}
