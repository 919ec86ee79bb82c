/**
 * The telemetry client: takes events from a program that has better things to do, and gets them to the API once.
 *
 * Invariants
 *  1. `track` never throws, never waits and does bounded work: it makes the event's JSON and puts it into the queue.
 *  2. Memory is bounded, by number and by bytes; events in flight count until their fate is known.
 *  3. Nothing is lost silently: at any moment tracked = delivered + queued + dropped, and each drop has its reason.
 *  4. An event gets its id and time in `track` and keeps them, so that a batch sent twice is stored once. Hence
 *     whatever leaves it open whether the API has stored a batch (no connection, no answer, half an answer, 5xx, a
 *     stranger's answer) means: the same batch again.
 *  5. One request is under way at a time. A slow API makes the queue longer, not the API's load.
 *  6. Once `close` has begun, its promise is kept: at the deadline at the latest.
 *
 * Hazards
 *  - A refused key must not make a tight loop: every failure pauses, also one that drops its batch.
 *  - A timer that keeps the process alive would make every program that tracks hang at its end; one that does not would
 *    let a program that awaits `close` end in the middle of it. So timers are unref'ed but for close's deadline.
 *  - The caller's log may throw, its event may have a toJSON that throws: neither is let out of here.
 *  - What is given up at the deadline may have been stored, if an answer was under way: `closed` is an upper bound.
 */
import { randomUUID } from 'node:crypto';
import { systemClock } from './clock.ts';
import { type Connection, parseConnectionString } from './connection-string.ts';
import { FIRST_PAUSE_MS, FLUSH_AFTER_MS, LONGEST_PAUSE_MS, MAX_BATCH_BYTES, REQUEST_TIMEOUT_MS } from './limits.ts';
import { EventQueue, type QueuedEvent } from './queue.ts';
import { type SendOutcome, send } from './transport.ts';
import type {
  Clock,
  DropReason,
  TelemetryClient,
  TelemetryClientOptions,
  TelemetryEvent,
  TelemetryStats,
} from './types.ts';

/** Makes a client that sends to where the connection string says. Throws where that is none (config checks it before). */
export function createTelemetryClient(options: TelemetryClientOptions): TelemetryClient {
  const connection = parseConnectionString(options.connectionString);
  if (!connection.ok) throw new TypeError(`The telemetry connection string is wrong: ${connection.error.message}.`);
  return new Client(connection.value, options);
}

class Client implements TelemetryClient {
  readonly #connection: Connection;
  readonly #options: TelemetryClientOptions;
  readonly #clock: Clock;
  readonly #queue = new EventQueue();
  readonly #dropped: Record<DropReason, number> = {
    'queue-full': 0,
    rejected: 0,
    unauthorized: 0,
    closed: 0,
    invalid: 0,
  };
  #tracked = 0;
  #delivered = 0;
  #retries = 0;
  /** Failures in a row; 0 while things go well. */
  #failures = 0;
  /** The next flush, while nothing is being sent. */
  #cancelTimer: (() => void) | undefined;
  #paused = false;
  #request: AbortController | undefined;
  #closing: Promise<TelemetryStats> | undefined;
  /** Ends `close`; set while it waits. */
  #finishClosing: (() => void) | undefined;

  constructor(connection: Connection, options: TelemetryClientOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  track(event: TelemetryEvent): void {
    this.#tracked++;
    const refused = this.#closing === undefined ? this.#enqueue(event) : 'closed';
    if (refused === undefined) this.#schedule();
    else this.#drop(refused, 1);
  }

  #enqueue(event: TelemetryEvent): DropReason | undefined {
    const queued = this.#serialize(event);
    if (queued === undefined) return 'invalid';
    return this.#queue.push(queued) ? undefined : 'queue-full';
  }

  stats(): TelemetryStats {
    return {
      tracked: this.#tracked,
      delivered: this.#delivered,
      queued: this.#queue.count,
      queuedBytes: this.#queue.bytes,
      dropped: { ...this.#dropped },
      retries: this.#retries,
    };
  }

  close(deadlineMs: number): Promise<TelemetryStats> {
    if (this.#closing !== undefined) return this.#closing;
    const { promise, resolve } = Promise.withResolvers<TelemetryStats>();
    this.#closing = promise;
    const cancelDeadline = this.#clock.after(deadlineMs, () => this.#finishClosing?.(), true);
    this.#finishClosing = () => {
      this.#finishClosing = undefined;
      cancelDeadline();
      this.#giveUp();
      resolve(this.stats());
    };
    // What waits is sent now, pause or not; a request under way goes on by itself.
    if (this.#request === undefined) this.#flushSoon(0);
    return promise;
  }

  /** The event as JSON with time, id and defaults, or undefined where it has none or is too large for any batch. */
  #serialize(event: TelemetryEvent): QueuedEvent | undefined {
    const { instance, version } = this.#options;
    try {
      const time = new Date(this.#clock.now()).toISOString();
      const json = JSON.stringify({
        instance,
        version,
        ...defined(event),
        time: event.time ?? time,
        id: event.id ?? randomUUID(),
      });
      const bytes = Buffer.byteLength(json, 'utf8') + 1;
      return bytes <= MAX_BATCH_BYTES ? { json, bytes } : undefined;
    } catch {
      return undefined; // a cycle, a BigInt, a toJSON that throws: counted by the caller
    }
  }

  /** Sees to it that the queue is flushed: at once when a batch is full, else a little later; a pause is kept. */
  #schedule(): void {
    if (this.#request !== undefined || this.#paused) return;
    if (this.#queue.hasFullBatch) this.#flushSoon(0);
    else if (this.#cancelTimer === undefined) this.#flushSoon(FLUSH_AFTER_MS);
  }

  #flushSoon(ms: number): void {
    this.#cancelTimer?.();
    this.#cancelTimer = this.#clock.after(ms, () => void this.#flush());
  }

  async #flush(): Promise<void> {
    this.#cancelTimer = undefined;
    this.#paused = false;
    const batch = this.#queue.take();
    if (batch.length === 0) {
      this.#finishClosing?.();
      return;
    }
    const request = new AbortController();
    this.#request = request;
    const cancelTimeout = this.#clock.after(REQUEST_TIMEOUT_MS, () => request.abort());
    const outcome = await send(
      batch.map((event) => event.json),
      {
        connection: this.#connection,
        fetch: this.#options.fetch ?? globalThis.fetch,
        signal: request.signal,
        now: this.#clock.now(),
      },
    );
    cancelTimeout();
    if (this.#request !== request) return; // given up at the deadline, and counted there
    this.#request = undefined;
    this.#settle(outcome, batch.length);
  }

  #settle(outcome: SendOutcome, sent: number): void {
    if (outcome.kind === 'retry') this.#retries++;
    else this.#queue.settle();
    if (outcome.kind === 'dropped') this.#drop(outcome.why, sent);
    if (outcome.kind === 'delivered') this.#succeed(sent, outcome.refused.size);
    else this.#pause(outcome.reason, outcome.kind === 'retry' ? outcome.retryAfterMs : 0);
  }

  #succeed(sent: number, refused: number): void {
    this.#delivered += sent - refused;
    if (refused > 0) this.#drop('rejected', refused);
    if (this.#failures > 0) this.#log('Telemetry is delivered again.');
    this.#failures = 0;
    if (this.#closing !== undefined) this.#flushSoon(0);
    else if (this.#queue.count > 0) this.#schedule();
  }

  /** Exponential back-off with full jitter on its upper half, and never earlier than the server asked for. */
  #pause(reason: string, retryAfterMs: number): void {
    if (this.#failures === 0) this.#log(`Telemetry cannot be delivered to ${this.#connection.endpoint}: ${reason}.`);
    const longest = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(this.#failures, 16), LONGEST_PAUSE_MS);
    this.#failures++;
    const random = this.#options.random ?? Math.random;
    this.#paused = true;
    this.#flushSoon(Math.max(longest * (0.5 + random() / 2), retryAfterMs));
  }

  #giveUp(): void {
    this.#cancelTimer?.();
    const request = this.#request;
    this.#request = undefined;
    request?.abort();
    const left = this.#queue.clear();
    if (left > 0) this.#drop('closed', left);
  }

  #drop(reason: DropReason, count: number): void {
    if (this.#dropped[reason] === 0) this.#log(`Telemetry events are dropped (${reason}); the count goes on silently.`);
    this.#dropped[reason] += count;
  }

  #log(message: string): void {
    try {
      this.#options.log?.(message);
    } catch {
      // A broken log is its owner's; telemetry goes on, and the counters tell.
    }
  }
}

/** Without undefined fields, which would hide the defaults. */
const defined = (event: TelemetryEvent): object =>
  Object.fromEntries(Object.entries(event).filter(([, value]) => value !== undefined));
