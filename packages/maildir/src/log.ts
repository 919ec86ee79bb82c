/** What the store tells its operator, and what it counts. */

/** What a log entry is about. */
export type StoreLogCode =
  /** A damaged index was renamed; the message names the new name. */
  | 'index-set-aside'
  /** The copy took the place of a lost or damaged index: UIDVALIDITYs rise, and the files correct the rest. */
  | 'index-restored'
  /** There was no copy: what only the index held is lost. */
  | 'index-rebuilt'
  /** The copy of the index is damaged as well, or of a newer version, and was not used. */
  | 'copy-unusable'
  /** The index could not be copied; said once until it succeeds. */
  | 'copy-failed'
  /** A folder has been gone for a week: its UIDs, annotations and keywords were forgotten. */
  | 'mailbox-forgotten'
  /** The disk is so full that this process took the index for itself; mail can only be read. */
  | 'index-exclusive'
  /** A folder cannot be watched, and is looked at every second instead. */
  | 'watch-failed'
  /** Two files had the same base name. */
  | 'duplicate-file'
  /** A message file cannot be read: its size is a guess, or its text is not in the text index. */
  | 'unreadable-file'
  /** Rendered texts could not be kept. */
  | 'rendered-dropped'
  /** A look at a folder failed; it is repeated. */
  | 'sync-failed'
  /** Flags that were answered are not synced: a power failure may take them. */
  | 'flags-unsynced'
  /** \Recent could not be taken away: the next session is told of the same messages. */
  | 'recent-unclaimed'
  /** What was found out could not be written into the index now; it is found out again. */
  | 'look-unrecorded'
  /** Something that is not needed any more could not be removed. */
  | 'leftover-kept'
  /** A message's second name, left behind by a program that moves by link and unlink, was removed. */
  | 'leftover-removed'
  /** A folder with mail in it is no mailbox, by its name or because it is a symbolic link. Said once. */
  | 'folder-unreadable'
  /** Files are not shown because their names are no UTF-8. */
  | 'unreadable-names'
  /** Symbolic links among the messages are not shown. */
  | 'linked-files'
  /** A damaged or outdated text index was removed, and is built anew. */
  | 'text-index-removed'
  /** The text index failed: searches read messages, and building goes on later. */
  | 'text-index-failed'
  /** A mailbox took over another server's UIDs. */
  | 'uids-adopted'
  /** Parts of another server's list contradict each other, or cannot be read: those messages get new UIDs. */
  | 'list-distrusted'
  /** Some of another server's keywords could not be taken over. */
  | 'keywords-left'
  /** Some of another server's subscriptions could not be taken over. */
  | 'subscriptions-left';

/** One thing worth an operator's attention; never with mail content. */
export interface StoreLogEntry {
  /** `warn` where something is lost or somebody has to act. */
  readonly level: 'info' | 'warn';
  readonly code: StoreLogCode;
  /** A sentence for a person, with paths where they help. */
  readonly message: string;
}

/** Called as things happen; must not throw. */
export type StoreLog = (entry: StoreLogEntry) => void;

/** Counts since the store was opened. */
export interface StoreStats {
  /** Directory reads (new and cur together count once). */
  scans: number;
  /** Collections of file system events that were answered without reading the directory. */
  eventBatches: number;
  /** Directory times that events did not explain: each led to a scan. */
  mismatches: number;
  /** Scans because the event queue may have overflowed. */
  suspicions: number;
  /** Folders that could not be watched and are looked at every second instead. */
  polledFolders: number;
  /** Files that share a base name with another one and are not shown. */
  duplicateFiles: number;
  /** Second names of messages that were left behind and removed. */
  leftoverNames: number;
  /** Files that are not shown because their names are no UTF-8. */
  unreadableNames: number;
  /** Folders of mail that are no mailboxes: their names are none, or they are symbolic links. */
  unreadableFolders: number;
  /** Symbolic links among the messages, which are not followed. */
  linkedFiles: number;
  /** Looks at folders that could not be entered into the index because the disk was full: later ones make up for them. */
  looksWithoutRoom: number;
  /** Rendered texts that could not be kept. */
  renderedDropped: number;
  /** Syncs of flag changes that failed after their answer. */
  lateSyncFailures: number;
}

export const newStats = (): StoreStats => ({
  scans: 0,
  eventBatches: 0,
  mismatches: 0,
  suspicions: 0,
  polledFolders: 0,
  duplicateFiles: 0,
  leftoverNames: 0,
  unreadableNames: 0,
  unreadableFolders: 0,
  linkedFiles: 0,
  looksWithoutRoom: 0,
  renderedDropped: 0,
  lateSyncFailures: 0,
});
