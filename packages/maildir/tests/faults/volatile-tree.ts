/** What lies in a `VolatileFileSystem`: directories and files as they are and as they would survive, and what a crash leaves. */
export interface FileNode {
  readonly kind: 'file';
  readonly id: number;
  /** Replaced, never written into: snapshots share it. */
  data: Buffer;
  durable: Buffer;
  mtime: bigint;
  durableMtime: bigint;
  ctime: number;
}

export interface DirectoryNode {
  readonly kind: 'directory';
  readonly id: number;
  readonly entries: Map<string, TreeNode>;
  readonly durable: Map<string, TreeNode>;
  readonly watchers: Set<(name: string) => void>;
  mtime: bigint;
  durableMtime: bigint;
  ctime: number;
}

export type TreeNode = FileNode | DirectoryNode;

export interface Change {
  readonly directory: DirectoryNode;
  readonly name: string;
  /** Undefined removes the entry. */
  readonly node: TreeNode | undefined;
}

/** One operation on directories, and the directory whose sync makes it durable. */
export interface Pending {
  readonly sets: readonly Change[];
  readonly durableBy: DirectoryNode;
  /** The directories' time after it. */
  readonly mtime: bigint;
  /** What has to be durable before. */
  readonly after?: Pending;
}

export function apply(map: Map<string, TreeNode>, name: string, node: TreeNode | undefined): void {
  if (node === undefined) map.delete(name);
  else map.set(name, node);
}

export function persist({ sets, mtime }: Pending): void {
  for (const { directory, name, node } of sets) {
    apply(directory.durable, name, node);
    directory.durableMtime = mtime;
  }
}

/** What a crash leaves of what was not synced. */
export type Crash = 'drop' | { readonly random: () => number };

/** A state that a crash can go back to. */
export interface Snapshot {
  readonly root: DirectoryNode;
  readonly pending: readonly Pending[];
}

export function copyPending({ sets, durableBy, mtime }: Pending, copies: Map<TreeNode, TreeNode>): Pending {
  const copied = sets.map(({ directory, name, node }) => {
    return { directory: copyDirectory(directory, copies), name, node: node && copyNode(node, copies) };
  });
  return { sets: copied, durableBy: copyDirectory(durableBy, copies), mtime };
}

function copyNode(node: TreeNode, copies: Map<TreeNode, TreeNode>): TreeNode {
  if (node.kind === 'directory') return copyDirectory(node, copies);
  const known = copies.get(node);
  if (known !== undefined) return known;
  const copy = { ...node };
  copies.set(node, copy);
  return copy;
}

export function copyDirectory(node: DirectoryNode, copies: Map<TreeNode, TreeNode>): DirectoryNode {
  const known = copies.get(node);
  if (known?.kind === 'directory') return known;
  const copy: DirectoryNode = { ...node, entries: new Map(), durable: new Map(), watchers: new Set() };
  copies.set(node, copy);
  for (const [name, child] of node.entries) copy.entries.set(name, copyNode(child, copies));
  for (const [name, child] of node.durable) copy.durable.set(name, copyNode(child, copies));
  return copy;
}

/** Lets some of the pending operations have reached the disk: none after one of the same directory that has not. */
export function keepSome(pending: readonly Pending[], random: () => number): void {
  const lost = new Set<DirectoryNode>();
  const kept = new Set<Pending>();
  for (const one of pending) {
    const canBeKept =
      !one.sets.some((set) => lost.has(set.directory)) && (one.after === undefined || kept.has(one.after));
    if (canBeKept && random() < 0.6) {
      persist(one);
      kept.add(one);
    } else for (const set of one.sets) lost.add(set.directory);
  }
}

/** Makes the durable state the present one. */
export function settle(node: TreeNode, crash: Crash, done: Set<TreeNode>): void {
  if (done.has(node)) return;
  done.add(node);
  if (node.kind === 'file') {
    const some = crash === 'drop' || node.data === node.durable ? node.durable : torn(node, crash.random);
    node.data = node.durable = some;
    node.mtime = node.durableMtime;
    return;
  }
  node.mtime = node.durableMtime;
  node.entries.clear();
  for (const [name, child] of node.durable) {
    node.entries.set(name, child);
    settle(child, crash, done);
  }
}

/** What is left of a file that was not synced: what was there before, all of it, or a part with zeros where blocks are missing. */
function torn(file: FileNode, random: () => number): Buffer {
  const choice = random();
  if (choice < 0.3) return file.durable;
  if (choice < 0.5) return file.data;
  const length = Math.floor(random() * (file.data.length + 1));
  return choice < 0.75
    ? file.data.subarray(0, length)
    : Buffer.alloc(file.data.length).fill(file.data.subarray(0, length), 0, length);
}
