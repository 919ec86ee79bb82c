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

export interface FileSystem {
  /** The clock that stamps files, milliseconds since the epoch. */
  time(): number;
  open(path: string, how: 'read' | 'create'): Promise<OpenFile>;
  names(directory: string): Promise<string[]>;
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
  names(directory: string): string[];
  stat(path: string): Stat | undefined;
  rename(from: string, to: string): void;
  unlink(path: string): void;
  readText(path: string): string | undefined;
  /** Writes beside, fsync, rename over, fsync of the directory: the old text or the new one, whatever happens. */
  replaceText(path: string, text: string): void;
}
