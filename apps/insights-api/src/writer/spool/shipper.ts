import { setTimeout as sleep } from 'node:timers/promises';
import {
  ADOPT_MS,
  SHIP_LEAST_EVENTS,
  SHIP_MOST_EVENTS,
  SHIP_PAUSE_FIRST_MS,
  SHIP_PAUSE_MOST_MS,
  SHIP_SLOW_MS,
  SHIP_YIELD,
} from '../../limits.ts';
import type { Consignment, Culprit, Deliver } from './parcel.ts';
import { Rate } from './rate.ts';

/*
 * The shipper: from the spool to the server, exactly once
 *
 * Invariants: an event, its share in the rollups and its share in the counters (received, accepted, duplicates, rejected)
 * are on the server once, whenever this process, its connection or the server dies. What is in the spool is shipped in
 * the order of its numbers, one shipment at a time, by one session. Nothing leaves the spool before the server has
 * committed it.
 *
 * Hazards: the process dies between the server's commit and the removal from the spool. The connection is lost during the
 * commit, which leaves it open whether there was one. It is lost earlier, and the server has not noticed yet: its old
 * transaction is still at work while a new session sends the same. The unique index recognises the events of a shipment
 * that comes twice, and so keeps them out of the rollups; but counters know no identity: `received` would count twice, and
 * everything the second time as duplicates.
 *
 * Rules:
 * 1. The server's transaction notes how far it got: per lineage (a file of the spool) the highest number that is committed
 *    (`dbo.scorpiox_spool`). It begins by reading that note, and leaves out every parcel up to it: the whole parcel, its
 *    counters too. Because parcels go in order, one number says it for all.
 * 2. The transaction begins with an application lock in the lineage's name, so one that a lost session left behind has
 *    ended, either way, before the note is read.
 * 3. A lineage's numbers are never used again: files are appended to by the process that made them only.
 * 4. The unique index stands behind that: for events that senders repeat, and that two processes got.
 * 5. What the server refuses for a value is found by halves, in transactions that are undone. It is put aside in the
 *    spool first, and only then does the parcel go without it: a crash in between loses neither. Set aside is set aside:
 *    later attempts go without it too, so that it is not both there and aside.
 * 6. Any other failure changes nothing: the same again after a pause that doubles, half of it by chance, so that several
 *    processes do not come back in step. Nothing is given up, and nothing is asked of clients meanwhile.
 * 7. The server has other users. A shipment is bounded, shrinks while shipments are slow or fail, and is followed by a
 *    pause for a part of its time while there is more.
 */

/** What the shipper needs of the spool's thread. */
interface SpoolSide {
  take(events: number): Promise<Consignment | undefined>;
  remove(shipped: { readonly lineage: string; readonly through: number }): Promise<number>;
  setAside(found: {
    readonly lineage: string;
    readonly culprits: readonly Culprit[];
    readonly now: number;
  }): Promise<void>;
  setDamaged(found: { lineage: string; seq: number; reason: string; now: number }): Promise<void>;
  adopt(): Promise<number>;
}

export interface ShipperOptions {
  readonly spool: SpoolSide;
  readonly deliver: Deliver;
  readonly log: ShipperLog;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Waits that long, milliseconds; ends at once, without an error, when the signal says so. */
  readonly pause?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** 0 … 1. */
  readonly random?: () => number;
}

/** Told what an operator should know; `message` is a sentence. */
export interface ShipperLog {
  warn(message: string): void;
  info(message: string): void;
}

/** How shipping goes, since the start of the process. */
export interface ShippingState {
  readonly shipped: number;
  /** Events a second over the last minute. */
  readonly perSecond: number;
  /** Shipments that failed one after the other; 0 while all is well. */
  readonly failures: number;
  readonly lastError?: { readonly at: number; readonly message: string };
}

const restUnless = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  sleep(milliseconds, undefined, { signal }).catch(() => undefined);

export class Shipper {
  readonly #options: Required<ShipperOptions>;
  readonly #rate: Rate;
  readonly #stop = new AbortController();
  #work = Promise.withResolvers<void>();
  /** Resolved after each shipment, or when there was none. */
  #turn = Promise.withResolvers<void>();
  #idling = false;
  #size = SHIP_MOST_EVENTS;
  #shipped = 0;
  #failures = 0;
  #lastError: ShippingState['lastError'];
  #adoptedAt: number;
  #running: Promise<void> | undefined;

  constructor(options: ShipperOptions) {
    this.#options = { now: Date.now, pause: restUnless, random: Math.random, ...options };
    this.#rate = new Rate(this.#options.now);
    this.#adoptedAt = this.#options.now();
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** There is something to ship. */
  wake(): void {
    this.#work.resolve();
  }

  state(): ShippingState {
    return {
      shipped: this.#shipped,
      perSecond: this.#rate.perSecond(),
      failures: this.#failures,
      ...(this.#lastError === undefined ? {} : { lastError: this.#lastError }),
    };
  }

  /** Begins no further shipment; resolves when the one under way has ended. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.wake();
    await this.#running;
  }

  /** Resolves when everything is shipped, or it is known that it cannot be now. */
  async drain(): Promise<void> {
    this.#idling = false;
    this.wake();
    while (!this.#idling && this.#failures === 0 && !this.#stop.signal.aborted) await this.#turn.promise;
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      this.#work = Promise.withResolvers();
      const wait = await this.#once().catch((error: unknown) => this.#failed(describe(error)));
      this.#idling = wait === 'nothing';
      this.#turn.resolve();
      this.#turn = Promise.withResolvers();
      if (wait === 'nothing') await this.#idle();
      else await this.#options.pause(wait, this.#stop.signal);
    }
    this.#turn.resolve();
  }

  /** Until there is something, or neighbours may have left something. */
  async #idle(): Promise<void> {
    const over = new AbortController();
    const { pause } = this.#options;
    const signal = AbortSignal.any([over.signal, this.#stop.signal]);
    await Promise.race([this.#work.promise, pause(ADOPT_MS, signal)]);
    over.abort();
  }

  /** One shipment; gives how long to wait before the next, milliseconds. */
  async #once(): Promise<number | 'nothing'> {
    const { spool, now, deliver } = this.#options;
    await this.#adoptNowAndThen();
    const consignment = await spool.take(this.#size);
    if (consignment === undefined) return 'nothing';
    const begun = now();
    const delivery = await deliver(consignment);
    const took = Math.max(0, now() - begun);
    const { lineage } = consignment;
    if (delivery.kind === 'failed') return this.#failed(delivery.message);
    if (delivery.kind === 'refused') return this.#setAside(lineage, delivery.culprits);
    if (delivery.kind === 'damaged') {
      const { seq, message: reason } = delivery;
      this.#options.log.warn(`A parcel of the spool cannot be read and is kept aside: ${reason}.`);
      await spool.setDamaged({ lineage, seq, reason, now: now() });
      return 0;
    }
    this.#succeeded(await spool.remove({ lineage, through: delivery.through }), took);
    return Math.min(1000, took * SHIP_YIELD);
  }

  async #setAside(lineage: string, culprits: readonly Culprit[]): Promise<number> {
    const { spool, log, now } = this.#options;
    const [first] = culprits;
    log.warn(`The SQL Server refuses ${culprits.length} event(s), which are kept aside in the spool: ${first?.reason}`);
    await spool.setAside({ lineage, culprits, now: now() });
    return 0;
  }

  async #adoptNowAndThen(): Promise<void> {
    const { spool, log, now } = this.#options;
    if (now() - this.#adoptedAt < ADOPT_MS) return;
    this.#adoptedAt = now();
    const events = await spool.adopt();
    if (events > 0) log.info(`Took over ${events} events from the spool of a process that is gone.`);
  }

  #succeeded(events: number, took: number): void {
    this.#shipped += events;
    this.#rate.add(events);
    if (this.#failures > 0) this.#options.log.info('The SQL Server takes events again; the spool is being shipped.');
    this.#failures = 0;
    if (took > SHIP_SLOW_MS) this.#shrink();
    else if (took < SHIP_SLOW_MS / 4) this.#size = Math.min(SHIP_MOST_EVENTS, this.#size * 2);
  }

  #failed(message: string): number {
    const { log, now, random } = this.#options;
    // One line an outage, not one an attempt.
    if (this.#failures === 0) log.warn(`Events cannot be shipped to the SQL Server and wait in the spool: ${message}`);
    const pause = Math.min(SHIP_PAUSE_MOST_MS, SHIP_PAUSE_FIRST_MS * 2 ** Math.min(this.#failures, 16));
    this.#failures += 1;
    this.#lastError = { at: now(), message };
    this.#shrink();
    return pause * (0.5 + random() / 2);
  }

  #shrink(): void {
    this.#size = Math.max(SHIP_LEAST_EVENTS, Math.floor(this.#size / 2));
  }
}

const describe = (error: unknown): string => (error instanceof Error ? error.message : String(error));
