/** What the open mail stores count, and those that were open before. */
import type { StoreStats } from '@scorpiox/maildir';
import type { MetricsSnapshot } from '../admin/operator.ts';
import { gauge, total } from './instruments.ts';

/** A store that tells what it counted since it was opened. */
interface Counting {
  stats(): Readonly<StoreStats>;
}

const HELP: Readonly<Record<keyof StoreStats, string>> = {
  scans: 'Directories read.',
  eventBatches: 'Collections of file system events answered without reading the directory.',
  mismatches: 'Directory times that events did not explain: each led to a scan.',
  suspicions: 'Scans because events may have been lost.',
  polledFolders: 'Folders that could not be watched and are looked at every second.',
  duplicateFiles: 'Files with the base name of another one, which are not shown.',
  leftoverNames: 'Second names of messages that were left behind and removed.',
  unreadableNames: 'Files that are not shown because their names are no UTF-8.',
  unreadableFolders: 'Folders of mail that are no mailboxes.',
  linkedFiles: 'Symbolic links among messages, which are not followed.',
  looksWithoutRoom: 'Looks at folders that the full disk kept out of the index.',
  renderedDropped: 'Rendered texts that could not be kept.',
  lateSyncFailures: 'Syncs of flag changes that failed after their answer.',
};

/** The keys of HELP are those of StoreStats, by its type. */
const NAMES = Object.keys(HELP) as (keyof StoreStats)[];

/** All of NAMES, at 0. */
const none = (): StoreStats => Object.fromEntries(NAMES.map((name) => [name, 0])) as unknown as StoreStats;

export class StoreMetrics {
  readonly #open = new Map<object, Counting>();
  readonly #closed = none();

  opened(store: Counting): void {
    this.#open.set(store, store);
  }

  /** Its counts stay. */
  closed(store: object): void {
    const counting = this.#open.get(store);
    if (counting !== undefined) add(this.#closed, counting.stats());
    this.#open.delete(store);
  }

  families(): MetricsSnapshot {
    const sums = { ...this.#closed };
    for (const store of this.#open.values()) add(sums, store.stats());
    const open = gauge('scorpiox_maildir_open_stores', 'Mail stores that are open.', this.#open.size);
    return [open, ...NAMES.map((name) => total(metricOf(name), HELP[name], sums[name]))];
  }
}

function add(sums: StoreStats, stats: Readonly<StoreStats>): void {
  for (const name of NAMES) sums[name] += stats[name];
}

const metricOf = (name: string): string =>
  `scorpiox_maildir_${name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}_total`;
