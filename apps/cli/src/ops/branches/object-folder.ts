import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import type { Repository } from '../git/repositories.ts';

/** A file of a tree: its mode and id, `100644 0123…`. */
export interface TreeEntry {
  readonly name: string;
  readonly state: string;
}

/** A folder of objects for trials: it has the repository's for an alternate, and is removed at the end. */
export class ObjectFolder {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  static async make({ commonDir }: Repository): Promise<ObjectFolder> {
    const path = await mkdtemp(join(tmpdir(), 'scorpiox-merges-'));
    await mkdir(join(path, 'info'));
    const alternate = quoted(Buffer.concat([commonDir, Buffer.from('/objects')]));
    await writeFile(join(path, 'info/alternates'), `${alternate}\n`);
    return new ObjectFolder(path);
  }

  /** Lets git write into it, and into nothing else. */
  get environment(): Readonly<Record<string, string>> {
    return { GIT_OBJECT_DIRECTORY: this.#path };
  }

  async remove(): Promise<void> {
    await rm(this.#path, { recursive: true, force: true });
  }

  /** Writes a commit that nobody made: this tree, these parents. */
  commit(tree: string, parents: readonly string[]): Promise<string> {
    const who = 'scorpiox <> 0 +0000';
    const lines = [`tree ${tree}`, ...parents.map((parent) => `parent ${parent}`), `author ${who}`, `committer ${who}`];
    return this.#write('commit', Buffer.from(`${lines.join('\n')}\n\n`), tree.length);
  }

  /** Writes a tree of files. */
  tree(entries: readonly TreeEntry[]): Promise<string> {
    const sorted = entries.toSorted((one, other) => (one.name < other.name ? -1 : 1));
    const parts = sorted.map(({ name, state }) => {
      const [mode = '', id = ''] = state.split(' ');
      return Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(id, 'hex')]);
    });
    return this.#write('tree', Buffer.concat(parts), sorted[0]?.state.split(' ')[1]?.length ?? 40);
  }

  /** Writes a loose object (gitrepository-layout(5), `objects/[0-9a-f][0-9a-f]`). `digits`: how long ids are here. */
  async #write(type: string, body: Buffer, digits: number): Promise<string> {
    const object = Buffer.concat([Buffer.from(`${type} ${body.length}\0`), body]);
    const id = createHash(digits === 64 ? 'sha256' : 'sha1')
      .update(object)
      .digest('hex');
    await mkdir(join(this.#path, id.slice(0, 2)), { recursive: true });
    await writeFile(join(this.#path, id.slice(0, 2), id.slice(2)), deflateSync(object));
    return id;
  }
}

/** A path as a line of `info/alternates`: in quotes, as C has them, whatever its bytes are. */
function quoted(path: Buffer): string {
  const text = [...path].map((byte) =>
    byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c
      ? String.fromCharCode(byte)
      : `\\${byte.toString(8).padStart(3, '0')}`,
  );
  return `"${text.join('')}"`;
}
