/**
 * What this process itself does to message files, so that the events of it need no look.
 *
 * Every rename, link and unlink inside a transaction of the index stands there beside the row that says the same. When the
 * transaction is committed, the event of such a change tells nothing new. So each open folder keeps, by name, how many
 * events it is still to hear of its own doing, and passes over as many.
 *
 * **Why that hides nothing that others do to the same names.** Of one name the kernel tells as many events as there were
 * changes, in their order. Passed over are the first that are heard, as many as are our own. If one of those was another
 * program's, which came before ours, then an event of ours that came later is left and is looked at in its stead, under
 * the same name: a look after the change, at all that was named. So for each change by others a look at its name follows
 * that is no earlier; a look only ever comes later, never fails to come.
 *
 * That needs each of our own events to come. A name is forgotten, which costs a needless look and nothing else, when
 * events may have been lost, when a transaction failed (what was done in it is undone, or not), when the directory is
 * watched anew, and after a tick or two. Changes outside a transaction, and those by the thread pool, are not expected.
 */
import type { FileSystem } from '../files/file-system.ts';
import type { Connection } from '../index/connection.ts';

/** Tells the open folders of a store what the store itself has just done. */
export class OwnChanges {
  readonly #listeners = new Map<string, Set<(name: string) => void>>();

  /** Calls `onName` for each change of a name in this directory; returns the unsubscriber. */
  listen(directory: string, onName: (name: string) => void): () => void {
    const listeners = this.#listeners.get(directory) ?? new Set();
    this.#listeners.set(directory, listeners.add(onName));
    return () => {
      listeners.delete(onName);
      if (listeners.size === 0 && this.#listeners.get(directory) === listeners) this.#listeners.delete(directory);
    };
  }

  tell(path: string): void {
    const end = path.lastIndexOf('/');
    const listeners = this.#listeners.get(path.slice(0, end));
    if (listeners !== undefined) for (const listener of listeners) listener(path.slice(end + 1));
  }
}

/** The same file system; what succeeds in a transaction of the index is told to `own`. */
export function tellingOwnChanges(fs: FileSystem, db: Connection, own: OwnChanges): FileSystem {
  const tell = (...paths: readonly string[]): void => {
    if (db.isInTransaction) for (const path of paths) own.tell(path);
  };
  const now: FileSystem['now'] = {
    ...fs.now,
    rename(from, to) {
      fs.now.rename(from, to);
      tell(from, to);
    },
    link(from, to) {
      fs.now.link(from, to);
      tell(to);
    },
    unlink(path) {
      fs.now.unlink(path);
      tell(path);
    },
  };
  return {
    time: () => fs.time(),
    open: (path, how) => fs.open(path, how),
    names: (directory) => fs.names(directory),
    files: (directory, onName, onLink) => fs.files(directory, onName, onLink),
    stat: (path) => fs.stat(path),
    link: (from, to) => fs.link(from, to),
    rename: (from, to) => fs.rename(from, to),
    unlink: (path) => fs.unlink(path),
    makeDirectory: (path) => fs.makeDirectory(path),
    removeTree: (path) => fs.removeTree(path),
    syncDirectory: (path) => fs.syncDirectory(path),
    watch: (directory, onName, onError) => fs.watch(directory, onName, onError),
    now,
  };
}

/** The events of its own doing that one directory's watch is still to bring. */
export class ExpectedEvents {
  readonly #db: Pick<Connection, 'failures'>;
  #failures: number;
  #young = new Map<string, number>();
  #old = new Map<string, number>();

  constructor(db: Pick<Connection, 'failures'>) {
    this.#db = db;
    this.#failures = db.failures;
  }

  expect(name: string): void {
    this.#young.set(name, (this.#young.get(name) ?? 0) + 1);
  }

  /** Whether an event with this name was expected; it is not, then, any more. */
  take(name: string): boolean {
    if (this.#failures !== this.#db.failures) this.clear();
    return takeFrom(this.#old, name) || takeFrom(this.#young, name);
  }

  /** Forgets what was expected before it was last called. */
  age(): void {
    this.#old = this.#young;
    this.#young = new Map();
  }

  clear(): void {
    this.#failures = this.#db.failures;
    this.#old.clear();
    this.#young.clear();
  }
}

function takeFrom(expected: Map<string, number>, name: string): boolean {
  const count = expected.get(name);
  if (count === undefined) return false;
  if (count === 1) expected.delete(name);
  else expected.set(name, count - 1);
  return true;
}
