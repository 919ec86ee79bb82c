/**
 * A file system in memory that remembers what would survive a power failure. It has the semantics of a page cache:
 *
 *  - a file's bytes and times are durable after `sync` of the file, as they were then;
 *  - a directory's entries are durable after `syncDirectory` of that directory; making a file does not make its entry;
 *  - a rename within a directory is one thing. Between two directories it is made durable by a sync of each: first the
 *    new name, then, if that is durable, the absence of the old one; until both are, a crash may leave both names;
 *  - directory operations become durable in the order they were made: none before an earlier one of its directories.
 *
 * `crashed('drop')` is the machine after a power failure that took everything that was not synced; `crashed('some')` the
 * one that took a random part of it, torn writes included, as real disks do. `snapshot` keeps the present state for a
 * later crash. `now.replaceText` is durable when it returns: its contract says so, and it is one step here.
 */
import { dirname } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FileSystem, OpenFile, Stat, SynchronousFileSystem } from '../../src/files/file-system.ts';
import {
  apply,
  type Change,
  type Crash,
  copyDirectory,
  copyPending,
  type DirectoryNode,
  type FileNode,
  keepSome,
  type Pending,
  persist,
  type Snapshot,
  settle,
  type TreeNode,
} from './volatile-tree.ts';

const failure = (code: string, path: string): Error => Object.assign(new Error(`${code}: ${path}`), { code });

/** Told of each operation of the port, before and after it. */
export type Step = (when: 'before' | 'after', what: string, path: string) => void;

export class VolatileFileSystem implements FileSystem {
  readonly now: SynchronousFileSystem;
  /** Told of each operation; replaced while a test runs. */
  step: Step = () => undefined;
  /** Syncs that are said to have happened and did not, by their number. */
  ignoredSync: number | undefined;
  /** What was synced, in order: a path relative to the root. */
  readonly syncs: string[] = [];
  /** Milliseconds by which the clock is ahead: a reboot takes time. */
  ahead = 0;
  readonly #root: DirectoryNode;
  #pending: Pending[];
  #nextId = 1_000;

  constructor(snapshot?: Snapshot) {
    this.#root = snapshot?.root ?? this.#directory();
    this.#pending = [...(snapshot?.pending ?? [])];
    this.now = this.#synchronous();
  }

  time = (): number => Date.now() + this.ahead;

  /** A copy of the present state. */
  snapshot(): Snapshot {
    const copies = new Map<TreeNode, TreeNode>();
    const root = copyDirectory(this.#root, copies);
    const before = new Map<Pending, Pending>();
    const pending = this.#pending.map((one) => {
      const after = one.after && before.get(one.after);
      const copy = { ...copyPending(one, copies), ...(after && { after }) };
      before.set(one, copy);
      return copy;
    });
    return { root, pending };
  }

  /** The machine an hour after a power failure in the state of this snapshot. The snapshot is used up. */
  static crashed(snapshot: Snapshot, crash: Crash): VolatileFileSystem {
    if (crash !== 'drop') keepSome(snapshot.pending, crash.random);
    settle(snapshot.root, crash, new Set());
    const machine = new VolatileFileSystem({ root: snapshot.root, pending: [] });
    machine.ahead = 3_600_000;
    return machine;
  }

  async open(path: string, how: 'read' | 'create'): Promise<OpenFile> {
    if (how === 'create') return this.#openFile(path, this.#create(path));
    const known = this.#existing(path);
    if (known.kind === 'directory') throw failure('EISDIR', path);
    return this.#openFile(path, known);
  }

  async names(directory: string): Promise<string[]> {
    return this.now.names(directory);
  }

  async files(directory: string, onName: (name: string) => void): Promise<void> {
    for (const name of this.now.names(directory)) {
      if (this.now.stat(`${directory}/${name}`)?.kind === 'file') onName(name);
    }
  }

  async stat(path: string): Promise<Stat | undefined> {
    return this.now.stat(path);
  }

  async link(from: string, to: string): Promise<void> {
    this.now.link(from, to);
  }

  async rename(from: string, to: string): Promise<void> {
    this.now.rename(from, to);
  }

  async unlink(path: string): Promise<void> {
    this.now.unlink(path);
  }

  async makeDirectory(path: string): Promise<void> {
    const { directory, name } = this.#parent(path);
    if (directory.entries.has(name)) return;
    this.#do('mkdir', path, directory, [{ directory, name, node: this.#directory() }]);
  }

  async removeTree(path: string): Promise<void> {
    const node = this.#find(path);
    if (node === undefined) return;
    if (node.kind === 'directory')
      for (const name of [...node.entries.keys()]) await this.removeTree(`${path}/${name}`);
    const { directory, name } = this.#parent(path);
    this.#do('remove', path, directory, [{ directory, name, node: undefined }]);
  }

  async syncDirectory(path: string): Promise<void> {
    const directory = this.#existing(path);
    if (directory.kind !== 'directory') throw failure('ENOTDIR', path);
    this.step('before', 'sync', path);
    const covered = new Set(this.#pending); // what happens while it runs is not covered by it
    await nextTurn();
    if (this.#counts(path)) this.#commit(directory, covered);
    this.step('after', 'sync', path);
  }

  watch(path: string, onName: (name: string | undefined) => void): () => void {
    const directory = this.#existing(path);
    if (directory.kind !== 'directory') throw failure('ENOTDIR', path);
    directory.watchers.add(onName);
    return () => directory.watchers.delete(onName);
  }

  #synchronous(): SynchronousFileSystem {
    return {
      names: (path) => {
        const node = this.#existing(path);
        if (node.kind !== 'directory') throw failure('ENOTDIR', path);
        return [...node.entries.keys()];
      },
      stat: (path) => {
        const node = this.#find(path);
        if (node === undefined) return undefined;
        const size = node.kind === 'file' ? node.data.length : 4096;
        return { id: `memory:${node.id}`, kind: node.kind, size, mtime: node.mtime, ctime: node.ctime };
      },
      exists: (path) => this.#find(path) !== undefined,
      isLink: () => false, // there are none here
      create: (path, bytes, time) => {
        const file = this.#create(path);
        file.data = Buffer.from(bytes);
        const { setTime, sync } = this.#openFile(path, file);
        void setTime(time);
        return { sync, close: () => undefined };
      },
      link: (from, to) => {
        const node = this.#existing(from);
        const { directory, name } = this.#parent(to);
        if (directory.entries.has(name)) throw failure('EEXIST', to);
        this.#do('link', to, directory, [{ directory, name, node }]);
      },
      rename: (from, to) => this.#rename(from, to),
      unlink: (path) => {
        const node = this.#existing(path);
        if (node.kind === 'directory') throw failure('EISDIR', path);
        const { directory, name } = this.#parent(path);
        this.#do('unlink', path, directory, [{ directory, name, node: undefined }]);
      },
      readText: (path) => {
        const node = this.#find(path);
        return node?.kind === 'file' ? node.data.toString('utf8') : undefined;
      },
      appendText: (path, text) => {
        const node = this.#find(path);
        if (node?.kind !== 'file') return false;
        node.data = Buffer.concat([node.data, Buffer.from(text)]);
        return true;
      },
      replaceText: (path, text) => {
        const { directory, name } = this.#parent(path);
        const file = this.#file();
        file.data = file.durable = Buffer.from(text);
        this.#do('replace', path, directory, [{ directory, name, node: file }]);
        this.#commit(directory, new Set(this.#pending));
      },
    };
  }

  #create(path: string): FileNode {
    const { directory, name } = this.#parent(path);
    if (directory.entries.has(name)) throw failure('EEXIST', path);
    const file = this.#file();
    this.#do('create', path, directory, [{ directory, name, node: file }]);
    return file;
  }

  #rename(from: string, to: string): void {
    const node = this.#existing(from);
    const source = this.#parent(from);
    const { directory, name } = this.#parent(to);
    const there = directory.entries.get(name);
    if (there !== undefined && node.kind === 'directory') {
      if (there.kind === 'file') throw failure('ENOTDIR', to);
      if (there.entries.size > 0) throw failure('ENOTEMPTY', to);
    }
    const added = { directory, name, node };
    const removed = { directory: source.directory, name: source.name, node: undefined };
    this.#do('rename', to, directory, source.directory === directory ? [removed, added] : [added], removed);
  }

  #openFile(path: string, file: FileNode): OpenFile {
    return {
      read: async (buffer, position) => file.data.copy(buffer, 0, position),
      write: async (bytes) => {
        this.step('before', 'write', path);
        file.data = Buffer.concat([file.data, bytes]);
        file.mtime = this.#stamp();
        this.step('after', 'write', path);
      },
      setTime: async (time) => {
        file.mtime = BigInt(Math.round(time)) * 1_000_000n;
      },
      sync: async () => {
        this.step('before', 'sync', path);
        const { data, mtime } = file;
        await nextTurn();
        if (this.#counts(path)) [file.durable, file.durableMtime] = [data, mtime];
        this.step('after', 'sync', path);
      },
      stat: async () => ({
        id: `memory:${file.id}`,
        kind: 'file',
        size: file.data.length,
        mtime: file.mtime,
        ctime: file.ctime,
      }),
      close: async () => undefined,
    };
  }

  #counts(path: string): boolean {
    this.syncs.push(path);
    return this.syncs.length - 1 !== this.ignoredSync;
  }

  /** One operation; `then` is the second half of a rename between directories. */
  #do(what: string, path: string, durableBy: DirectoryNode, sets: Pending['sets'], then?: Change): void {
    this.step('before', what, path);
    const mtime = this.#stamp();
    const first: Pending = { sets, durableBy, mtime };
    this.#pending.push(first);
    const isTwofold = then !== undefined && then.directory !== durableBy;
    if (isTwofold) this.#pending.push({ sets: [then], durableBy: then.directory, mtime, after: first });
    for (const { directory, name, node } of isTwofold ? [...sets, then] : sets) {
      apply(directory.entries, name, node);
      directory.mtime = mtime;
      for (const tell of directory.watchers) setImmediate(() => directory.watchers.has(tell) && tell(name));
    }
    this.step('after', what, path);
  }

  /** Makes a directory's operations durable, with the earlier ones of every directory that they concern. */
  #commit(directory: DirectoryNode, covered: ReadonlySet<Pending>): void {
    const concerned = new Set<DirectoryNode>();
    const kept: Pending[] = [];
    const due: Pending[] = [];
    for (const one of this.#pending.toReversed()) {
      const isAsked = covered.has(one) && one.durableBy === directory;
      const isFree = one.after === undefined || !this.#pending.includes(one.after);
      const isDue = isFree && (isAsked || one.sets.some((set) => concerned.has(set.directory)));
      (isDue ? due : kept).push(one);
      if (isDue) for (const set of one.sets) concerned.add(set.directory);
    }
    for (const one of due.reverse()) persist(one);
    this.#pending = kept.reverse();
  }

  #find(path: string): TreeNode | undefined {
    let node: TreeNode | undefined = this.#root;
    for (const part of path.split('/').filter((one) => one !== '')) {
      if (node?.kind !== 'directory') return undefined;
      node = node.entries.get(part);
    }
    return node;
  }

  #existing(path: string): TreeNode {
    const node = this.#find(path);
    if (node === undefined) throw failure('ENOENT', path);
    return node;
  }

  #parent(path: string): { directory: DirectoryNode; name: string } {
    const directory = this.#existing(dirname(path));
    if (directory.kind !== 'directory') throw failure('ENOTDIR', path);
    return { directory, name: path.slice(path.lastIndexOf('/') + 1) };
  }

  #stamp = (): bigint =>
    BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000)) * 1000n + BigInt(this.ahead) * 1_000_000n;

  #file(): FileNode {
    const [mtime, ctime] = [this.#stamp(), this.time()];
    this.#nextId += 1;
    return {
      kind: 'file',
      id: this.#nextId,
      data: Buffer.alloc(0),
      durable: Buffer.alloc(0),
      mtime,
      durableMtime: mtime,
      ctime,
    };
  }

  #directory(): DirectoryNode {
    this.#nextId += 1;
    const [mtime, ctime] = [this.#stamp(), this.time()];
    const empty = { entries: new Map(), durable: new Map(), watchers: new Set<(name: string) => void>() };
    return { kind: 'directory', id: this.#nextId, ...empty, mtime, durableMtime: mtime, ctime };
  }
}
