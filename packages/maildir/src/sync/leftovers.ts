/**
 * Second names of message files that a program has left behind: one that moves by link and unlink, and died in between.
 * Nothing is hidden by such a name, but while it is there the folder has to be read at every opening.
 *
 * The hazard: the program is only slow. If the one name is removed here, and then the other one by the program, the
 * message is lost. So a name goes only when two looks, LEFTOVER apart, have seen the same file under both names, and
 * nothing happened to the file in between: its ctime, which every link, rename and unlink changes, is the same. The time is
 * that of a clock that stands still while the machine sleeps, as the other program does. Processes of ours move under the
 * index's write lock, which is held here.
 */
import type { Folder, StoreContext } from '../context.ts';
import { isMissing } from '../errors.ts';
import { pathOf, samePlace } from '../files/places.ts';
import { LEFTOVER } from '../limits.ts';
import { inBatches } from './apply.ts';
import type { Duplicate } from './reconcile.ts';
import { isMessageFile } from './scan.ts';

/** Two names as a look has seen them. */
interface Sighting {
  /** Inode and ctime. */
  readonly file: string;
  /** When they were first seen like that, as `performance.now()`. */
  readonly since: number;
}

export class Leftovers {
  readonly #context: StoreContext;
  readonly #folder: Folder;
  #seen = new Map<string, Sighting>();

  constructor(context: StoreContext, folder: Folder) {
    this.#context = context;
    this.#folder = folder;
  }

  /** Whether a name has been there so long that another look is due. */
  get isDue(): boolean {
    const now = performance.now();
    return [...this.#seen.values()].some(({ since }) => now - since >= LEFTOVER);
  }

  /** Takes in what a stable look has found, all of it, and removes what is left over; returns how many names went. */
  async look(duplicates: readonly Duplicate[]): Promise<number> {
    const before = this.#seen;
    const now = performance.now();
    this.#seen = new Map();
    const due: Duplicate[] = [];
    for (const duplicate of duplicates) {
      const file = this.#fileOf(duplicate);
      if (file === undefined) continue;
      const path = pathOf(this.#folder.path, duplicate.base, duplicate);
      const known = before.get(path);
      const since = known?.file === file ? known.since : now;
      const isOld = now - since >= LEFTOVER;
      if (isOld) due.push(duplicate);
      this.#seen.set(path, { file, since: isOld ? now : since }); // what cannot be removed is tried again as late
    }
    let removed = 0;
    const remove = (batch: readonly Duplicate[]): void => {
      for (const duplicate of batch) if (this.#remove(duplicate)) removed += 1;
    };
    await inBatches(this.#context, this.#folder, due, remove, 'writeLate');
    return removed;
  }

  /** The file that has both names; undefined where they are names of two, or the one that is shown has moved. */
  #fileOf(duplicate: Duplicate): string | undefined {
    const { index, fs } = this.#context;
    const row = index.messages.byBase(this.#folder.id, duplicate.base);
    if (row === undefined || samePlace(row, duplicate)) return undefined;
    const paths = [row, duplicate].map((place) => pathOf(this.#folder.path, duplicate.base, place));
    if (!paths.every((path) => isMessageFile(fs.now, path))) return undefined;
    const [shown, other] = paths.map((path) => fs.now.stat(path));
    if (shown === undefined || shown.id !== other?.id) return undefined;
    return `${shown.id} ${shown.ctime}`;
  }

  /** Runs inside a write transaction. */
  #remove(duplicate: Duplicate): boolean {
    const { fs, log, stats } = this.#context;
    const path = pathOf(this.#folder.path, duplicate.base, duplicate);
    if (this.#fileOf(duplicate) !== this.#seen.get(path)?.file) return false;
    try {
      fs.now.unlink(path);
    } catch (error) {
      if (isMissing(error)) return true;
      const reason = error instanceof Error ? error.message : 'unknown reason';
      log({
        level: 'warn',
        code: 'leftover-kept',
        message: `${path} is a message's second name, and stays: ${reason}`,
      });
      return false;
    }
    stats.leftoverNames += 1;
    log({ level: 'info', code: 'leftover-removed', message: `${path} was a message's second name and was removed.` });
    return true;
  }
}
