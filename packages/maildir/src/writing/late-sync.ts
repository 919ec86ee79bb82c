/**
 * Syncs flag changes after their answer. A changed flag is a rename and a row, which the death of the process cannot
 * undo; against a power failure the directory and the index's log are synced within FLAG_SYNC, together for all changes
 * of that time. Where such a sync fails it is tried again, later and later, and comes before further answers; so it does
 * where a power failure could not be noticed afterwards.
 */
import { isMissing } from '../errors.ts';
import { FLAG_SYNC, FLAG_SYNC_PAUSE } from '../limits.ts';

interface LateSyncOptions {
  /** Makes the index's log durable. */
  readonly syncLog: () => Promise<void>;
  readonly syncDirectory: (path: string) => Promise<void>;
  /** Milliseconds until what was noted is synced; undefined for before every answer. */
  readonly delay: number | undefined;
  /** Told of each failure that nobody waits for. */
  readonly onFailure: (error: unknown) => void;
}

export class LateSync {
  readonly #options: LateSyncOptions;
  #directories = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  /** Failures since the last success. */
  #failures = 0;
  #closed = false;

  constructor(options: LateSyncOptions) {
    this.#options = options;
  }

  /** Something was renamed in this directory, or changed in the index alone. Resolves when it may be answered. */
  async answer(directory: string): Promise<void> {
    this.#directories.add(directory);
    const { delay } = this.#options;
    if (delay === undefined || this.#failures > 0) await this.flush();
    else this.#arm(delay);
  }

  /** Syncs what has not been synced yet. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const turn = this.#running.then(() => this.#sync());
    this.#running = turn.catch(() => undefined); // whoever asked gets the failure
    return turn;
  }

  /** Syncs what is left; a failure is told like that of any sync that nobody waits for. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.flush().catch((error: unknown) => this.#options.onFailure(error));
  }

  #arm(delay: number): void {
    if (!this.#closed) this.#timer ??= setTimeout(() => this.#background(), delay).unref();
  }

  #background(): void {
    this.flush().catch((error: unknown) => this.#options.onFailure(error));
  }

  async #sync(): Promise<void> {
    const directories = this.#directories;
    if (directories.size === 0) return;
    this.#directories = new Set();
    try {
      await this.#options.syncLog();
      for (const directory of directories) await this.#syncDirectory(directory);
      this.#failures = 0;
    } catch (error) {
      for (const directory of directories) this.#directories.add(directory);
      this.#arm(Math.min((this.#options.delay ?? FLAG_SYNC) * 2 ** this.#failures, FLAG_SYNC_PAUSE));
      this.#failures += 1;
      throw error;
    }
  }

  async #syncDirectory(path: string): Promise<void> {
    try {
      await this.#options.syncDirectory(path);
    } catch (error) {
      if (!isMissing(error)) throw error; // the mailbox was deleted or renamed: nothing of it is left to be lost here
    }
  }
}
