/**
 * The messages that a mailbox had when a transfer came to it, to be found by their content. Most are never read: only
 * those whose size fits are compared. Each is found once: two equal messages on one side need two on the other.
 */
import type { Identity } from './digest.ts';
import { DIGEST } from './digest.ts';
import type { Place } from './model.ts';
import { lowerBound } from './numbers.ts';

/** Messages by place (ascending or not), with their sizes: every line end counted as CRLF. */
export interface Sized {
  readonly places: Float64Array;
  readonly sizes: Float64Array;
}

const UNREAD = 0;
const READ = 1;
const TAKEN = 2;

/** A last line end does not count for what is the same (digest.ts), and does in sizes. */
const LAST_LINE_END = 2;

export class ContentIndex {
  readonly #places: Float64Array;
  readonly #sizes: Float64Array;
  readonly #states: Uint8Array;
  readonly #digests: Buffer;
  readonly #read: (place: Place) => Promise<Identity | undefined>;
  #left: number;

  /** @param read reads a message; undefined where it is gone. */
  constructor({ places, sizes }: Sized, read: (place: Place) => Promise<Identity | undefined>) {
    const order = Uint32Array.from(sizes.keys()).sort((a, b) => bySize(sizes, places, a, b));
    this.#places = Float64Array.from(order, (at) => places[at] ?? 0);
    this.#sizes = Float64Array.from(order, (at) => sizes[at] ?? 0);
    this.#states = new Uint8Array(order.length);
    this.#digests = Buffer.alloc(order.length * DIGEST);
    this.#read = read;
    this.#left = order.length;
  }

  /** Whether any message is left that could be found. */
  get hasAny(): boolean {
    return this.#left > 0;
  }

  /** A message of this content that was not found before. */
  async find({ digest, size }: Identity): Promise<Place | undefined> {
    for (const viewed of [size, size + LAST_LINE_END]) {
      for (let at = lowerBound(this.#sizes, viewed); this.#sizes[at] === viewed; at += 1) {
        if (!(await this.#is(at, digest))) continue;
        this.#take(at);
        return this.#places[at];
      }
    }
    return undefined;
  }

  async #is(at: number, digest: Buffer): Promise<boolean> {
    if (this.#states[at] === TAKEN) return false;
    const known = this.#digests.subarray(at * DIGEST, (at + 1) * DIGEST);
    if (this.#states[at] === UNREAD) {
      const identity = await this.#read(this.#places[at] ?? 0);
      if (identity === undefined) {
        this.#take(at);
        return false;
      }
      identity.digest.copy(known);
      this.#states[at] = READ;
    }
    return known.equals(digest);
  }

  #take(at: number): void {
    this.#states[at] = TAKEN;
    this.#left -= 1;
  }
}

const bySize = (sizes: Float64Array, places: Float64Array, a: number, b: number): number =>
  (sizes[a] ?? 0) - (sizes[b] ?? 0) || (places[a] ?? 0) - (places[b] ?? 0);
