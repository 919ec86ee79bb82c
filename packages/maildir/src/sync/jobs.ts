/** What is done for one folder, one job after the other: looks that overlapped would undo each other's findings. */
import type { StoreErrorCode } from '../api.ts';
import type { Folder, StoreContext } from '../context.ts';
import { StoreFailure } from '../errors.ts';
import { asFarAsThereIsRoom, tellFull } from './full-disk.ts';

/** What ends an open mailbox. */
export const LOST: readonly StoreErrorCode[] = ['no-such-mailbox', 'index-replaced'];

export interface JobsListener {
  /** Something did not come to its end: what events said may be lost half way through. */
  onFailure(): void;
  /** Whether anything is left of that. */
  isInDoubt(): boolean;
  /** A job that nobody waits for found the mailbox gone. */
  onLost(): void;
}

export class FolderJobs {
  readonly #context: StoreContext;
  readonly #folder: Folder;
  readonly #listener: JobsListener;
  #last: Promise<void> = Promise.resolve();
  #count = 0;
  #toldFull = false;
  #closed = false;

  constructor(context: StoreContext, folder: Folder, listener: JobsListener) {
    this.#context = context;
    this.#folder = folder;
    this.#listener = listener;
  }

  /** How many run or wait. */
  get count(): number {
    return this.#count;
  }

  /** Runs `work` after everything that runs or waits already. */
  run(work: () => Promise<void>): Promise<void> {
    this.#count += 1;
    const result = this.#last.then(async () => {
      if (!this.#closed) await this.#whileThereIsRoom(work);
    });
    // The caller gets the failure; the queue goes on, and the folder is read at the next look.
    this.#last = result
      .catch(() => this.#listener.onFailure())
      .finally(() => {
        this.#count -= 1;
      });
    return result;
  }

  /** Work that nobody waits for: a failure is told to the operator. */
  background(work: () => Promise<void>): void {
    this.run(work).catch((error: unknown) => {
      if (error instanceof StoreFailure && LOST.includes(error.code)) return this.#listener.onLost();
      const reason = error instanceof Error ? error.message : 'unknown reason';
      const message = `Changes in ${this.#folder.path} could not be taken in: ${reason}`;
      this.#context.log({ level: 'warn', code: 'sync-failed', message });
    });
  }

  /** Waits for what runs; nothing else is begun. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#last;
  }

  /** On a full disk the index stays as it is: each tick tries again. */
  async #whileThereIsRoom(work: () => Promise<void>): Promise<void> {
    if (await asFarAsThereIsRoom(this.#context, this.#folder, work)) {
      if (!this.#listener.isInDoubt()) this.#toldFull = false;
      return;
    }
    this.#listener.onFailure();
    if (!this.#toldFull) tellFull(this.#context, this.#folder);
    this.#toldFull = true;
  }
}
