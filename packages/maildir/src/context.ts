/** What the parts of one open store share. */
import type { FileSystem } from './file-system.ts';
import type { MailIndex } from './index/index.ts';
import type { StoreLog, StoreStats } from './log.ts';

export interface StoreContext {
  /** The Maildir's root. */
  readonly maildir: string;
  readonly fs: FileSystem;
  readonly index: MailIndex;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** A fresh base name, without sizes. */
  readonly newBase: () => string;
  readonly log: StoreLog;
  readonly stats: StoreStats;
}

/** A mailbox's folder, and its number in the index. */
export interface Folder {
  readonly id: number;
  /** The directory's name in the Maildir; '' for INBOX. */
  readonly name: string;
  readonly path: string;
}
