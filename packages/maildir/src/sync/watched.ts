/**
 * What is heard of a folder's two directories, and up to which moment that accounts for their contents.
 *
 * A directory's time that lies at or before the last event heard is explained by events. A later one is not, and after a
 * busy loop none is. **Nothing has happened at all** where both times are as they were, and older by a tick than the
 * moment up to which the contents are accounted for: a change would have given a later time. That moment is the beginning
 * of a scan, or of a wait for all events.
 */
import type { Folder, StoreContext } from '../context.ts';
import { directoryOf } from '../files/places.ts';
import { BURST } from '../limits.ts';
import { ExpectedEvents } from './own-changes.ts';
import { type Stamp, stampOf, tickOf } from './scan.ts';
import type { NamedFile } from './suspects.ts';

type DirectoryName = 'new' | 'cur';
const DIRECTORIES: readonly DirectoryName[] = ['new', 'cur'];

/** What is known of a watched directory; times are nanoseconds since the epoch. */
interface Watched {
  /** Its time when its contents were last accounted for. */
  known: bigint;
  /** Up to this moment they are: every change that shows in another time is later. */
  accounted: bigint;
  /** Events have been heard up to this moment. */
  heard: bigint;
  /** Events of this process's own doing that are still to come. */
  readonly own: ExpectedEvents;
  stop: (() => void) | undefined;
}

const NOTHING = { known: -1n, accounted: -1n, heard: -1n };

const nanoseconds = (time: number): bigint => BigInt(Math.floor(time)) * 1_000_000n;

/**
 * The contents were accounted for in the very tick of the directory's time: a later change of that tick would show in no
 * other time, and without events in nothing. A time that lies in the future by more is of a clock that was set back since.
 */
function isSameTick({ known, accounted }: Watched): boolean {
  const tick = nanoseconds(tickOf(known));
  return known + tick > accounted && known <= accounted + tick;
}

/** Names that events have told; `isComplete` is false where some may be missing. */
export interface Heard {
  readonly names: readonly NamedFile[];
  readonly isComplete: boolean;
}

export class WatchedFolder {
  readonly #context: StoreContext;
  readonly #folder: Folder;
  readonly #onName: () => void;
  readonly #directories: Readonly<Record<DirectoryName, Watched>>;
  #pending = new Map<string, NamedFile>();
  #overflow = false;
  #ids = '';

  /** @param onName is called with each event that has to be looked into. */
  constructor(context: StoreContext, folder: Folder, onName: () => void) {
    this.#context = context;
    this.#folder = folder;
    this.#onName = onName;
    const watched = (): Watched => ({ ...NOTHING, own: new ExpectedEvents(context.index.db), stop: undefined });
    this.#directories = { new: watched(), cur: watched() };
  }

  /** Watches the directories that are there now; another program may put others in their place. */
  watch(): void {
    this.#ids = stampOf(this.#context.fs, this.#folder.path)?.ids ?? '';
    for (const directory of DIRECTORIES) this.#watch(directory);
  }

  stop(): void {
    for (const directory of DIRECTORIES) this.#stop(this.#directories[directory]);
  }

  /** Both directories are watched. */
  get isWatched(): boolean {
    return DIRECTORIES.every((directory) => this.#directories[directory].stop !== undefined);
  }

  /** Whether it is these directories that are watched. */
  isOf(stamp: Stamp): boolean {
    return stamp.ids === this.#ids;
  }

  /** Nothing waits to be looked into. */
  get isQuiet(): boolean {
    return this.#pending.size === 0 && !this.#overflow;
  }

  /** Events may be missing from what `take` gives next. */
  get isInDoubt(): boolean {
    return this.#overflow;
  }

  /** The names that `take` would give. */
  waiting(): Iterable<NamedFile> {
    return this.#pending.values();
  }

  take(): Heard {
    const heard = { names: [...this.#pending.values()], isComplete: !this.#overflow };
    this.#pending = new Map();
    this.#overflow = false;
    return heard;
  }

  /** To be called at each tick. */
  age(): void {
    for (const directory of DIRECTORIES) this.#directories[directory].own.age();
  }

  /** The contents were read since `time`, which is from before the directories' times were taken. */
  account(stamp: Stamp, time: number): void {
    for (const directory of DIRECTORIES) {
      const state = this.#directories[directory];
      state.known = stamp.mtimes[directory];
      state.accounted = nanoseconds(time);
    }
  }

  /** Nothing counts as accounted for any more. */
  distrust(): void {
    for (const directory of DIRECTORIES) {
      Object.assign(this.#directories[directory], NOTHING);
      this.#directories[directory].own.clear();
    }
  }

  isKnown(stamp: Stamp): boolean {
    return DIRECTORIES.every((directory) => this.#directories[directory].known === stamp.mtimes[directory]);
  }

  /** Whether a change after what is accounted for would show in the times: where not, they need not be looked at. */
  get isTelling(): boolean {
    return DIRECTORIES.every((directory) => {
      const { known, accounted } = this.#directories[directory];
      return known + nanoseconds(tickOf(known)) <= accounted;
    });
  }

  /** Whether no time tells of anything after what is accounted for. */
  isUnchanged(stamp: Stamp): boolean {
    return this.isTelling && this.isOf(stamp) && this.isKnown(stamp);
  }

  /** Whether both times are accounted for, or lie before the last events. */
  isHeard(stamp: Stamp): boolean {
    return DIRECTORIES.every((directory) => this.#isHeard(directory, stamp));
  }

  /**
   * The directories whose times events do not explain. `handled` is the moment up to which every event has been waited for
   * and handled, where it has.
   */
  unexplained(stamp: Stamp, isLate: boolean, handled: number | undefined): readonly { readonly isWatched: boolean }[] {
    return DIRECTORIES.filter((directory) => !this.#isExplained(directory, stamp, isLate, handled)).map(
      (directory) => ({ isWatched: this.#directories[directory].stop !== undefined }),
    );
  }

  #isHeard(directory: DirectoryName, stamp: Stamp): boolean {
    const { heard, known } = this.#directories[directory];
    return stamp.mtimes[directory] === known || stamp.mtimes[directory] <= heard;
  }

  #isExplained(directory: DirectoryName, stamp: Stamp, isLate: boolean, handled: number | undefined): boolean {
    const state = this.#directories[directory];
    const mtime = stamp.mtimes[directory];
    if (!isLate && this.#isHeard(directory, stamp)) state.known = mtime;
    if (mtime !== state.known) return false;
    if (state.stop === undefined && isSameTick(state)) return false;
    const isComplete = state.stop !== undefined && !this.#overflow;
    if (handled !== undefined && isComplete) state.accounted = nanoseconds(handled);
    return true;
  }

  #watch(directory: DirectoryName): void {
    const state = this.#directories[directory];
    this.#stop(state);
    const inNew = directory === 'new';
    const path = directoryOf(this.#folder.path, inNew);
    const polls = (error: unknown): void => {
      this.#stop(state);
      this.#polls(path, error);
    };
    try {
      const stop = this.#context.fs.watch(path, (name) => this.#heard(state, inNew, name), polls);
      const stopExpecting = this.#context.own.listen(path, (name) => state.own.expect(name));
      state.stop = () => {
        stop();
        stopExpecting();
      };
    } catch (error) {
      polls(error);
    }
  }

  #stop(state: Watched): void {
    state.stop?.();
    state.stop = undefined;
    state.own.clear();
  }

  #polls(path: string, error: unknown): void {
    this.#context.stats.polledFolders += 1;
    const reason = error instanceof Error ? error.message : 'unknown reason';
    const message = `${path} cannot be watched and is looked at every second instead: ${reason}`;
    this.#context.log({ level: 'warn', code: 'watch-failed', message });
  }

  #heard(state: Watched, inNew: boolean, name: string | undefined): void {
    state.heard = nanoseconds(this.#context.fs.time() + 1);
    if (name !== undefined && state.own.take(name)) return;
    if (name === undefined || this.#pending.size >= BURST) this.#doubt();
    else this.#pending.set(`${inNew ? 'new' : 'cur'}/${name}`, { inNew, name });
    this.#onName();
  }

  /** An event of our own may be among those that are missing. */
  #doubt(): void {
    this.#overflow = true;
    for (const directory of DIRECTORIES) this.#directories[directory].own.clear();
  }
}
