import type { EventRecord, LiveBeat, LiveEnd, LiveEvents } from '@scorpiox/shared/contract';
import { makePredicate, type Query } from '@scorpiox/shared/query-language';
import { TooManyQuestions } from '../query/questions.ts';
import { LIVE_BUFFER, LIVE_EVERY_MS, LIVE_LOOK_MS, LIVE_RECENT, LIVE_VIEWERS } from '../query/raw/limits.ts';
import type { Store } from '../store/port.ts';
import { toFreshRecord } from './fresh-record.ts';
import { type FreshEvent, Recent } from './recent.ts';

/*
 * The live tail
 *
 * What was committed goes by everybody who looks on.
 *
 * Hazards: ten thousand events a second, a hundred viewers, each with a query of their own; a viewer that reads nothing;
 * and all of it on the thread that takes events, which must never wait for a viewer.
 *
 * Rules:
 * 1. Writing only notes what was stored, and nothing at all while nobody looks on.
 * 2. A few times a second each viewer looks at what is new, all of them together for a bounded time, which one alone may
 *    use up; whose turn does not come is first the next time. What is forgotten before it was looked at is counted as missed.
 * 3. What matches waits for its viewer within a bound, the newest of it; the rest is counted as missed.
 * 4. One process shows what went through it, and says which others there are. With a spool that is what was promised to be stored, duplicates among it,
 *    for those are found when it is shipped.
 */

/** Where a viewer's events go. */
export interface Sink {
  /** Whether it has enough to do with what it was given. */
  isBusy(): boolean;
  events(data: LiveEvents): void;
  beat(data: LiveBeat): void;
  end(data: LiveEnd): void;
}

/** Somebody who looks on. */
export interface LookingOn {
  /** Tells them that the stream is alive. */
  beat(): void;
  leave(): void;
}

export interface LiveOptions {
  /** Names of applications by their number. */
  readonly names: () => Promise<ReadonlyMap<number, string>>;
  /** Other processes of the API, whose events do not go by here. */
  readonly others: () => readonly string[];
  /** Milliseconds since 1970, and milliseconds that never jump. */
  readonly now: () => number;
  readonly ticks: () => number;
}

interface Viewer {
  readonly sink: Sink;
  readonly holds: ReturnType<typeof makePredicate>;
  /** The number of the next event to look at. */
  next: number;
  waiting: EventRecord[];
  /** Since it was told last, and in all. */
  missed: number;
  readonly counts: { matched: number; missed: number };
}

export class LiveHub {
  readonly #options: LiveOptions;
  readonly #recent = new Recent(LIVE_RECENT);
  #viewers: Viewer[] = [];
  #names: ReadonlyMap<number, string> = new Map();
  #timer: NodeJS.Timeout | undefined;
  #looking = false;
  #stopped = false;

  constructor(options: LiveOptions) {
    this.#options = options;
  }

  /** The store, noting what it stores. */
  tap(store: Pick<Store, 'write'>): Pick<Store, 'write'> {
    return {
      write: async (submissions) => {
        const outcomes = await store.write(submissions);
        if (this.#viewers.length === 0) return outcomes;
        for (const [index, submission] of submissions.entries()) {
          const outcome = outcomes[index];
          if (outcome !== undefined) this.#recent.add(submission, outcome);
        }
        return outcomes;
      },
    };
  }

  /** Those who look on, and how many may. */
  get viewers(): { readonly inUse: number; readonly most: number } {
    return { inUse: this.#viewers.length, most: LIVE_VIEWERS };
  }

  /** Lets somebody look on from now on. Throws `TooManyQuestions` when too many do. */
  open(query: Query, sink: Sink): LookingOn {
    if (this.#viewers.length >= LIVE_VIEWERS) throw new TooManyQuestions();
    const counts = { matched: 0, missed: 0 };
    const viewer = { sink, holds: makePredicate(query), next: this.#recent.end, waiting: [], missed: 0, counts };
    this.#viewers.push(viewer);
    this.#beat(viewer);
    this.#timer ??= setInterval(() => void this.look(), LIVE_EVERY_MS).unref();
    if (this.#stopped) this.#end(viewer, 'stopping');
    return { beat: () => this.#beat(viewer), leave: () => this.#leave(viewer) };
  }

  /** Tells all viewers that this is the end. */
  stop(): void {
    this.#stopped = true;
    for (const viewer of this.#viewers) this.#end(viewer, 'stopping');
  }

  /** Lets viewers see what is new. Called by a timer while there are any. */
  async look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      await this.#learnNames();
      const end = this.#options.ticks() + LIVE_LOOK_MS;
      let looked = 0;
      for (const viewer of this.#viewers) {
        this.#show(viewer, end);
        looked += 1;
        if (this.#options.ticks() >= end) break;
      }
      // Who had no turn is first the next time.
      this.#viewers = [...this.#viewers.slice(looked), ...this.#viewers.slice(0, looked)];
    } finally {
      this.#looking = false;
    }
  }

  #show(viewer: Viewer, end: number): void {
    this.#lookAtNew(viewer, end);
    if (viewer.sink.isBusy() || (viewer.waiting.length === 0 && viewer.missed === 0)) return;
    viewer.sink.events({ events: viewer.waiting, missed: viewer.missed });
    viewer.waiting = [];
    viewer.missed = 0;
  }

  /** Until `end` (ticks): a query of many terms takes milliseconds for one long event. The rest is looked at the next time. */
  #lookAtNew(viewer: Viewer, end: number): void {
    const { events, gone } = this.#recent.from(viewer.next);
    this.#miss(viewer, gone);
    viewer.next += gone;
    for (const event of events) {
      const app = this.#names.get(event.appId) ?? String(event.appId);
      if (viewer.holds({ ...event.event, app })) this.#keep(viewer, event, app);
      viewer.next += 1;
      if (this.#options.ticks() >= end) return;
    }
  }

  #keep(viewer: Viewer, event: FreshEvent, app: string): void {
    viewer.counts.matched += 1;
    viewer.waiting.push(toFreshRecord(event, app));
    if (viewer.waiting.length <= LIVE_BUFFER) return;
    viewer.waiting.shift();
    this.#miss(viewer, 1);
  }

  #miss(viewer: Viewer, count: number): void {
    viewer.missed += count;
    viewer.counts.missed += count;
  }

  #beat({ sink, counts }: Viewer): void {
    if (!sink.isBusy())
      sink.beat({ now: new Date(this.#options.now()).toISOString(), ...counts, others: [...this.#options.others()] });
  }

  #end(viewer: Viewer, reason: LiveEnd['reason']): void {
    viewer.sink.end({ reason });
    this.#leave(viewer);
  }

  #leave(viewer: Viewer): void {
    this.#viewers = this.#viewers.filter((one) => one !== viewer);
    if (this.#viewers.length > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#recent.clear();
  }

  /** Asks for names when an application is new. A database that does not answer leaves numbers in their place. */
  async #learnNames(): Promise<void> {
    const oldest = Math.min(...this.#viewers.map(({ next }) => next));
    const isNew = this.#recent.from(oldest).events.some(({ appId }) => !this.#names.has(appId));
    if (isNew) this.#names = await this.#options.names().catch(() => this.#names);
  }
}
