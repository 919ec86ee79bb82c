/**
 * Files that have no UID yet, in the order in which they get one: that of their delivery, which their names tell. Only a
 * file whose name does not is looked at. Nothing is held of them but the names.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Folder, StoreContext } from '../context.ts';
import { pathOf } from '../files/places.ts';
import { deliveryTime } from '../names/file-name.ts';
import { lightSliceTimer } from '../slices.ts';
import { sortInSlices } from '../sort.ts';
import { type Duplicate, type FolderNames, type Seen, seenAs } from './reconcile.ts';

export interface NewFiles extends Iterable<Seen> {
  /** Files that share their base name with one of the others and so are not among them; known when all were read. */
  readonly duplicates: readonly Duplicate[];
  /** Some were not where they were seen. */
  readonly incomplete: boolean;
}

const baseOf = (name: string): string => {
  const colon = name.indexOf(':');
  return colon < 0 ? name : name.slice(0, colon);
};

function compareBases(one: string, other: string): number {
  const [a, b] = [baseOf(one), baseOf(other)];
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Later than every time. */
const NO_FILE = Number.POSITIVE_INFINITY;

/** Microseconds since the epoch, or since then where a file's time is earlier; undefined for what is gone. */
function timeOfFile(context: StoreContext, folder: Folder, inNew: boolean, name: string): number | undefined {
  const seen = seenAs(inNew, name);
  if (seen === undefined) return NO_FILE;
  const stat = context.fs.now.stat(pathOf(folder.path, seen.base, seen));
  if (stat === undefined) return undefined;
  return stat.kind === 'file' ? Math.max(0, Number(stat.mtime / 1000n)) : NO_FILE;
}

/** When files were delivered. Two of one base name get one time, whatever their own are: they have to stand side by side. */
class DeliveryTimes {
  readonly #context: StoreContext;
  readonly #folder: Folder;
  /** Of base names that do not tell. */
  readonly #looked = new Map<string, number>();

  constructor(context: StoreContext, folder: Folder) {
    this.#context = context;
    this.#folder = folder;
  }

  /** Microseconds since the epoch; undefined for what is gone. */
  of(inNew: boolean, name: string): number | undefined {
    const base = baseOf(name);
    const known = deliveryTime(base) ?? this.#looked.get(base);
    if (known !== undefined) return known;
    const time = timeOfFile(this.#context, this.#folder, inNew, name);
    if (time !== undefined && time !== NO_FILE) this.#looked.set(base, time);
    return time;
  }
}

export async function inOrderOfDelivery(context: StoreContext, folder: Folder, found: FolderNames): Promise<NewFiles> {
  const names = [...found.cur, ...found.new]; // of two files of one name, the one in cur/ is shown
  const times = new Float64Array(names.length);
  const delivery = new DeliveryTimes(context, folder);
  let incomplete = false;
  const isOver = lightSliceTimer();
  for (const [at, name] of names.entries()) {
    const time = delivery.of(at >= found.cur.size, name);
    if (time === undefined) incomplete = true;
    times[at] = time ?? NO_FILE;
    if (isOver()) await nextTurn();
  }
  const order = await sortInSlices(times, (a, b) => compareBases(names[a] ?? '', names[b] ?? '') || a - b);
  const duplicates: Duplicate[] = [];
  return {
    duplicates,
    incomplete,
    *[Symbol.iterator]() {
      let last: Seen | undefined;
      for (const at of order) {
        if (times[at] === NO_FILE) return; // they come last
        const seen = seenAs(at >= found.cur.size, names[at] ?? '');
        if (seen === undefined) continue;
        if (last?.base === seen.base) duplicates.push({ ...seen, shown: last });
        else yield seen;
        if (last?.base !== seen.base) last = seen;
      }
    },
  };
}
