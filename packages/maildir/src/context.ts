/** What the parts of one open store share. */
import type { Uid } from './api.ts';
import type { FileSystem } from './files/file-system.ts';
import type { MailIndex } from './index/index.ts';
import type { StoreLog, StoreStats } from './log.ts';
import type { OwnChanges } from './sync/own-changes.ts';
import type { StoreText } from './text/service.ts';
import type { Groups } from './writing/groups.ts';
import type { Landed } from './writing/landed.ts';
import type { LateSync } from './writing/late-sync.ts';
import type { Underway } from './writing/underway.ts';

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
  /** Folders that were told to be no mailboxes. */
  readonly unreadableFolders: Set<string>;
  /** The machine's boot; undefined where nothing names it. */
  readonly boot: string | undefined;
  /** What waits to be moved into place, by mailbox. */
  readonly deliveries: Groups<Delivery>;
  /** Deliveries of this store that have not been answered. */
  readonly underway: Underway;
  /** What this store itself does to message files: what succeeds by `fs` in a transaction. */
  readonly own: OwnChanges;
  /** Syncs what flag changes did. */
  readonly lateSync: LateSync;
  /** The text index; undefined where the store was opened without one. */
  readonly text: StoreText | undefined;
  readonly textFile: string;
}

/** A mailbox's folder, and its number in the index. */
export interface Folder {
  readonly id: number;
  /** The directory's name in the Maildir; '' for INBOX. */
  readonly name: string;
  readonly path: string;
}

/** A message that was written to tmp/ and synced, and where it goes. */
export interface DeliveryFile {
  readonly temporary: string;
  readonly path: string;
  readonly landed: Landed;
}

/** Messages that land together or not at all, and whoever waits for that. */
export interface Delivery {
  readonly folder: Folder;
  readonly files: readonly DeliveryFile[];
  /** What they count in the quota. */
  readonly amount: { readonly storage: number; readonly messages: number };
  readonly signal: AbortSignal | undefined;
  readonly answer: (uids: readonly Uid[]) => void;
  readonly refuse: (error: unknown) => void;
  /** It stands in the quota's file. */
  noted: boolean;
  /** How many of its files are in place, the first ones. */
  placed: number;
}
