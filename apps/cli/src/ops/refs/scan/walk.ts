/**
 * Everything below some folders: files, links, and what cannot be read, each with what it belongs to.
 *
 * - Nothing is left out because of its name, nor because git ignores it. Of a repository's own folder the objects are: they
 *   are compressed, and what they hold cannot be changed.
 * - Links are told and not followed. Roots that lie in others are walked once.
 * - Folders are read piece by piece, and what the caller does with an entry is done before the next is read.
 */
import { type Dirent, lstatSync, opendirSync, type PathLike } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { type Failure, systemErrorCode } from '../../failure.ts';
import { pathText } from '../../plan/actions/path.ts';
import { FOLDER_ENTRIES } from '../limits.ts';
import type { Excludes } from './glob.ts';
import { type Home, homeOf, homeOfRoot } from './home.ts';
import { below, isWithin, joined, type OctetText, octetsOfText, octetText } from './octets.ts';

export type Entry = { readonly path: OctetText; readonly home: Home } & (
  | { readonly kind: 'file' | 'link' | 'folder' | 'excluded' }
  | { readonly kind: 'unreadable'; readonly code: string }
);

export interface Folder {
  readonly home: Home;
  /** What is in it; read as it is asked for. */
  readonly entries: Iterable<Entry>;
}

/** Folders and files without links in their paths, none within another. */
export async function resolveRoots(roots: readonly string[]): Promise<Result<readonly OctetText[], Failure>> {
  const found: OctetText[] = [];
  for (const root of roots) {
    try {
      found.push(octetText(await realpath(root, 'buffer')));
    } catch (error) {
      const code = systemErrorCode(error);
      const why = code === 'ENOENT' || code === 'ENOTDIR' ? 'is not there' : `cannot be read: ${code ?? String(error)}`;
      return err({ kind: 'usage', message: `${pathText(Buffer.from(root))} ${why}.` });
    }
  }
  return ok([...new Set(found)].filter((one) => !found.some((other) => other !== one && isWithin(one, other))));
}

/** Kernels' own file systems: what is in them is no file, and some of it has no end. */
const NO_FILES: ReadonlySet<OctetText> = new Set(['/proc', '/sys', '/dev']);

/** The folders below a root, one after the other. What is within `excludes` is not entered. */
export async function* walk(root: OctetText, excludes?: Excludes): AsyncGenerator<Folder, void, undefined> {
  const around = await homeOfRoot(root);
  if (!(await stat(octetsOfText(root))).isDirectory()) {
    yield { home: around, entries: [{ kind: 'file', path: root, home: around }] };
    return;
  }
  const open: { readonly path: OctetText; readonly above: Home }[] = [{ path: root, above: around }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const home = await homeOf(next.path, next.above);
    yield { home, entries: entriesOf(next.path, home) };
  }

  /** What is in a folder; last the error that ended it, if one did and the folder is still there. */
  function* entriesOf(folder: OctetText, home: Home): Generator<Entry, void, undefined> {
    let opened: BufferDir | undefined;
    try {
      opened = openFolder(octetsOfText(folder));
      for (let found = opened.readSync(); found !== null; found = opened.readSync()) {
        const entry = entryOf(folder, home, found);
        if (entry?.kind === 'folder') open.push({ path: entry.path, above: home });
        else if (entry !== undefined) yield entry;
      }
    } catch (error) {
      const code = systemErrorCode(error);
      if (code === undefined) throw error;
      if (code !== 'ENOENT' && code !== 'ENOTDIR') yield { kind: 'unreadable', path: folder, home, code };
    } finally {
      opened?.closeSync();
    }
  }

  function entryOf(folder: OctetText, home: Home, found: Dirent<Buffer>): Entry | undefined {
    const name = octetText(found.name);
    const path = joined(folder, name);
    const kind = kindOf(found, path);
    if (kind === undefined) return undefined;
    if (kind === 'folder' && (NO_FILES.has(path) || isObjects(home, path))) return undefined;
    return { kind: excludes?.(below(path, root), name) === true ? 'excluded' : kind, path, home };
  }
}

interface BufferDir {
  readSync(): Dirent<Buffer> | null;
  closeSync(): void;
}

/** Node opens folders by octets and gives their names so where it is asked to; its types know only texts. */
const openFolder: (path: Buffer) => BufferDir = (path) =>
  (opendirSync as unknown as (path: PathLike, options: object) => BufferDir)(path, {
    encoding: 'buffer',
    bufferSize: FOLDER_ENTRIES,
  });

/** Undefined for what has no content: pipes, sockets, devices. */
function kindOf(entry: Dirent<Buffer>, path: OctetText): 'file' | 'link' | 'folder' | undefined {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  if (entry.isSymbolicLink()) return 'link';
  if (entry.isFIFO() || entry.isSocket() || entry.isCharacterDevice() || entry.isBlockDevice()) return undefined;
  // A file system that does not tell kinds with names.
  const found = lstatSync(octetsOfText(path), { throwIfNoEntry: false });
  if (found?.isFile() === true) return 'file';
  if (found?.isDirectory() === true) return 'folder';
  return found?.isSymbolicLink() === true ? 'link' : undefined;
}

/** Loose objects and packs, of the repository itself and of those that it keeps for submodules. */
const isObjects = (home: Home, path: OctetText): boolean =>
  home.kind === 'git-folder' && /\/objects\/(?:[0-9a-f]{2}|pack)$/.test(path);
