import type { Order, PageShape, RawEvents, StoredEvent } from '../../store/raw/raw-port.ts';
import { comesAfter, type Step, type WalkEnd, type WalkOptions, walk } from './walk.ts';

/** Events that are known, and how many rows were read up to here. */
export interface Batch {
  readonly events: readonly StoredEvent[];
  readonly scanned: number;
}

/** Gives the events that fulfil a question, in its order, in batches as they are known; and how the search ended. */
export async function* search(
  raw: Pick<RawEvents, 'page'>,
  options: WalkOptions,
  shape: PageShape,
): AsyncGenerator<Batch, WalkEnd> {
  const known = new Waiting(options.order);
  let scanned = 0;
  const steps = walk(options, (slice) => raw.page(slice, shape));
  for (;;) {
    const next = await steps.next();
    if (next.done) return next.value;
    const { answer, horizon } = next.value;
    scanned += answer.scanned;
    known.add(answer.events);
    const events = known.take(horizon);
    if (events.length > 0) yield { events, scanned };
  }
}

/** Events of several applications that wait for the horizon to pass them. */
class Waiting {
  readonly #comes: ReturnType<typeof comesAfter>;
  #waiting: StoredEvent[] = [];

  constructor(order: Order) {
    this.#comes = comesAfter(order);
  }

  add(events: readonly StoredEvent[]): void {
    if (events.length === 0) return;
    this.#waiting = [...this.#waiting, ...events].toSorted((a, b) => (this.#comes(b, a) ? -1 : 1));
  }

  /** Takes those that nothing unknown can come before. */
  take(horizon: Step<unknown>['horizon']): readonly StoredEvent[] {
    const end = horizon === undefined ? -1 : this.#waiting.findIndex((event) => this.#comes(event, horizon));
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : end);
  }
}

/** Up to `most` events of a search; the end is that of the walk, or where it was left. */
export async function takeEvents(
  found: AsyncGenerator<Batch, WalkEnd>,
  most: number,
): Promise<{ readonly events: readonly StoredEvent[]; readonly end: WalkEnd }> {
  const events: StoredEvent[] = [];
  for (;;) {
    const next = await found.next();
    if (next.done) return { events, end: next.value };
    events.push(...next.value.events);
    if (events.length >= most) return { events: events.slice(0, most), end: { scanned: next.value.scanned } };
  }
}
