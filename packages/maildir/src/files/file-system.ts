/**
 * The file system as this package uses it. The synchronous part (`now`) is for what happens inside a transaction of
 * the index: those calls take microseconds, and nothing else may run between them and the commit.
 */

/** What a look at a file or directory tells. */
export interface Stat {
  /** Device and inode. */
  readonly id: string;
  readonly kind: 'file' | 'directory' | 'other';
  /** Bytes. */
  readonly size: number;
  /** Nanoseconds since the epoch. */
  readonly mtime: bigint;
  /** Milliseconds since the epoch. */
  readonly ctime: number;
}

export interface OpenFile {
  /** Reads up to `buffer.length` bytes; 0 at the end of the file. */
  read(buffer: Uint8Array, position: number): Promise<number>;
  write(bytes: Uint8Array): Promise<void>;
  /** Sets the modification time, milliseconds since the epoch. */
  setTime(time: number): Promise<void>;
  sync(): Promise<void>;
  stat(): Promise<Stat>;
  close(): Promise<void>;
}

/** A file that was just made, whole but not yet durable. */
export interface WrittenFile {
  sync(): Promise<void>;
  close(): void;
}

export interface FileSystem {
  /** The clock that stamps files, milliseconds since the epoch. */
  time(): number;
  /** Opens a regular file; a symbolic link is `ELOOP`, anything else `EISDIR`. */
  open(path: string, how: 'read' | 'create'): Promise<OpenFile>;
  names(directory: string): Promise<string[]>;
  /**
   * Calls `onName` with the name of each regular file, and `onLink` with that of each symbolic link; the loop turns in
   * between. Bytes of a name that are no UTF-8 come as U+FFFD.
   */
  files(directory: string, onName: (name: string) => void, onLink?: (name: string) => void): Promise<void>;
  /** Follows symbolic links; undefined when there is nothing. */
  stat(path: string): Promise<Stat | undefined>;
  link(from: string, to: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  /** Makes one directory, unless it is there. Its parent must be there. */
  makeDirectory(path: string): Promise<void>;
  removeTree(path: string): Promise<void>;
  syncDirectory(path: string): Promise<void>;
  /** Calls `onName` with each name that appeared, went or was replaced; undefined when the name is not known. */
  watch(directory: string, onName: (name: string | undefined) => void, onError: (error: Error) => void): () => void;
  readonly now: SynchronousFileSystem;
}

export interface SynchronousFileSystem {
  exists(path: string): boolean;
  /** Whether the path itself is a symbolic link. */
  isLink(path: string): boolean;
  names(directory: string): string[];
  stat(path: string): Stat | undefined;
  /**
   * Makes a file of at most CHUNK bytes with this modification time, milliseconds since the epoch. Leaves nothing behind
   * when it fails.
   */
  create(path: string, bytes: Uint8Array, time: number): WrittenFile;
  link(from: string, to: string): void;
  rename(from: string, to: string): void;
  unlink(path: string): void;
  readText(path: string): string | undefined;
  /** Adds to the end of a file by one write, without making it durable; false where there is no such file. */
  appendText(path: string, text: string): boolean;
  /** Writes beside, fsync, rename over, fsync of the directory: the old text or the new one, whatever happens. */
  replaceText(path: string, text: string): void;
}
