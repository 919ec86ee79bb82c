/** What the store tells its operator, and what it counts. */

/** One thing worth an operator's attention; never with mail content. */
export interface StoreLogEntry {
  readonly level: 'info' | 'warn';
  readonly code:
    | 'index-set-aside'
    | 'index-restored'
    | 'index-rebuilt'
    | 'copy-unusable'
    | 'copy-failed'
    | 'mailbox-forgotten'
    | 'index-exclusive'
    | 'watch-failed'
    | 'duplicate-file'
    | 'unreadable-file'
    | 'rendered-dropped'
    | 'sync-failed'
    | 'flags-unsynced'
    | 'recent-unclaimed'
    | 'look-unrecorded'
    | 'leftover-kept'
    | 'unreadable-names'
    | 'text-index-removed'
    | 'text-index-failed'
    | 'uids-adopted'
    | 'list-distrusted'
    | 'keywords-left'
    | 'subscriptions-left';
  readonly message: string;
}

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
  /** Files that are not shown because their names are no UTF-8. */
  unreadableNames: number;
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
  unreadableNames: 0,
  renderedDropped: 0,
  lateSyncFailures: 0,
});
