/**
 * The live tail in the browser: what arrives, how the connection stands, and what was missed. It knows no page and no
 * socket; both are given to it.
 *
 * - Bounded: the newest `limit` entries are kept, whatever comes, and those that made room for them are counted. What a
 *   pause holds back is bounded the same way.
 * - Nothing is missed silently: a lost connection, a hidden tab and events that the server had to skip each leave a mark
 *   at their place among the events.
 * - A lost connection is opened again, at growing distances. A hidden tab has none.
 * - However many events come, listeners hear of it once per `schedule`.
 */
import { Ring } from './ring.ts';

/** A place where events are missing. */
export interface Mark {
  readonly reason: 'lost' | 'hidden' | 'skipped';
  /** The span in which they happened, milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  /** How many; null where nobody knows. */
  readonly missed: number | null;
}

type Body<E> = { readonly event: E; readonly mark: null } | { readonly event: null; readonly mark: Mark };

/** An entry of the list; `number` is the same for as long as it is there, and for no other. */
export type Entry<E> = Body<E> & { readonly number: number };

export type Connection =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  /** Gone since then; tried again at `retryAt` (milliseconds since 1970). `problem`: the server's own sentence. */
  | { readonly kind: 'lost'; readonly since: number; readonly retryAt: number; readonly problem: string | null }
  | { readonly kind: 'hidden' }
  /** The server said no, and will the next time: a filter with a mistake, a session that is over. */
  | { readonly kind: 'refused'; readonly error: unknown };

/** What a connection tells. `ended` comes once, and nothing after it. */
export interface LiveHandlers<E> {
  readonly opened: () => void;
  readonly events: (events: readonly E[]) => void;
  /** The server could not send this many. */
  readonly skipped: (count: number) => void;
  /** Which other processes of the API there are. */
  readonly others: (names: readonly string[]) => void;
  readonly ended: (end: { readonly final: boolean; readonly error: unknown; readonly problem: string | null }) => void;
}

export interface LiveDeps<E> {
  /** Opens a connection and returns what closes it. */
  readonly connect: (handlers: LiveHandlers<E>) => () => void;
  /** Runs something a little later, and returns what calls it off. */
  readonly after: (ms: number, action: () => void) => () => void;
  readonly now: () => number;
  readonly limit: number;
  /** Listeners hear of news at most this often, milliseconds. */
  readonly paceMs: number;
  /** Before the n-th try after a loss, milliseconds; its last is repeated. */
  readonly retryMs: readonly number[];
}

/** What a page shows; another object whenever something changed. */
export interface LiveView<E> {
  readonly connection: Connection;
  readonly paused: boolean;
  /** Entries that wait for the pause to end. */
  readonly held: number;
  /** The newest first. */
  readonly entries: readonly Entry<E>[];
  /** Events received since the tail began. */
  readonly received: number;
  /** Entries that had to make room. */
  readonly dropped: number;
  /** Other processes of the API, whose events are not among these. */
  readonly others: readonly string[];
}

export class LiveTail<E> {
  readonly #deps: LiveDeps<E>;
  readonly #listeners = new Set<() => void>();
  readonly #shown: Ring<Entry<E>>;
  readonly #held: Ring<Entry<E>>;
  #connection: Connection = { kind: 'connecting' };
  #close: (() => void) | undefined;
  #cancelRetry: (() => void) | undefined;
  #cancelNotice: (() => void) | undefined;
  #paused = false;
  #number = 0;
  #received = 0;
  #others: readonly string[] = [];
  /** Entries of pauses that were never shown. */
  #madeRoom = 0;
  /** When the tail last was whole, while it is not. */
  #blindSince: { readonly at: number; readonly reason: 'lost' | 'hidden' } | null = null;
  #tries = 0;
  #view: LiveView<E>;

  constructor(deps: LiveDeps<E>) {
    this.#deps = deps;
    this.#shown = new Ring(deps.limit);
    this.#held = new Ring(deps.limit);
    this.#view = this.#look();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly view = (): LiveView<E> => this.#view;

  start(): void {
    this.#open();
  }

  stop(): void {
    this.#disconnect();
    this.#cancelNotice?.();
    this.#cancelNotice = undefined;
  }

  /** Holds back what arrives, or lets it in. */
  pause(paused: boolean): void {
    if (paused === this.#paused) return;
    this.#paused = paused;
    if (!paused) this.#release();
    this.#tell();
  }

  /** A hidden tab needs no connection; a shown one has it again. */
  hide(hidden: boolean): void {
    if (this.#connection.kind === 'refused') return;
    if (hidden) {
      this.#goBlind('hidden');
      this.#disconnect();
      this.#set({ kind: 'hidden' });
    } else if (this.#connection.kind === 'hidden') {
      this.#tries = 0;
      this.#open();
    }
  }

  /** Tries now what would be tried later. */
  retry(): void {
    if (this.#connection.kind === 'lost' || this.#connection.kind === 'refused') this.#open();
  }

  clear(): void {
    this.#shown.clear();
    this.#held.clear();
    this.#madeRoom = 0;
    this.#tell();
  }

  #open(): void {
    this.#disconnect();
    this.#set({ kind: 'connecting' });
    this.#close = this.#deps.connect({
      opened: () => {
        this.#tries = 0;
        this.#markBlindness();
        this.#set({ kind: 'live' });
      },
      events: (events) => this.#take(events),
      skipped: (count) => this.#skip(count),
      others: (names) => {
        if (names.join() === this.#others.join()) return;
        this.#others = names;
        this.#tellSoon();
      },
      ended: ({ final, error, problem }) => {
        this.#close = undefined;
        if (final) this.#set({ kind: 'refused', error });
        else this.#lose(problem);
      },
    });
  }

  #lose(problem: string | null): void {
    this.#goBlind('lost');
    const { retryMs, after, now } = this.#deps;
    const wait = retryMs[Math.min(this.#tries, retryMs.length - 1)] ?? 0;
    this.#tries += 1;
    this.#cancelRetry = after(wait, () => this.#open());
    this.#set({ kind: 'lost', since: this.#blindSince?.at ?? now(), retryAt: now() + wait, problem });
  }

  #disconnect(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    this.#close?.();
    this.#close = undefined;
  }

  /** Only what had been seen can be lost: before the first connection nothing was promised. */
  #goBlind(reason: 'lost' | 'hidden'): void {
    if (this.#connection.kind === 'live') this.#blindSince ??= { at: this.#deps.now(), reason };
  }

  #markBlindness(): void {
    if (this.#blindSince === null) return;
    const { at, reason } = this.#blindSince;
    this.#blindSince = null;
    this.#put({ event: null, mark: { reason, from: at, to: this.#deps.now(), missed: null } });
  }

  #take(events: readonly E[]): void {
    this.#received += events.length;
    for (const event of events) this.#put({ event, mark: null });
    this.#tellSoon();
  }

  /** One mark however often the server says so in a row. */
  #skip(count: number): void {
    const now = this.#deps.now();
    const ring = this.#paused ? this.#held : this.#shown;
    const last = ring.newest;
    if (last?.mark?.reason === 'skipped') {
      const missed = (last.mark.missed ?? 0) + count;
      ring.replaceNewest({ ...last, event: null, mark: { ...last.mark, to: now, missed } });
    } else this.#put({ event: null, mark: { reason: 'skipped', from: now, to: now, missed: count } });
    this.#tellSoon();
  }

  #put(body: Body<E>): void {
    const number = this.#number;
    this.#number += 1;
    (this.#paused ? this.#held : this.#shown).push({ ...body, number });
  }

  #release(): void {
    this.#madeRoom += this.#held.overwritten;
    for (const entry of this.#held.toArray().reverse()) this.#shown.push(entry);
    this.#held.clear();
  }

  #set(connection: Connection): void {
    this.#connection = connection;
    this.#tell();
  }

  #tellSoon(): void {
    this.#cancelNotice ??= this.#deps.after(this.#deps.paceMs, () => this.#tell());
  }

  #tell(): void {
    this.#cancelNotice?.();
    this.#cancelNotice = undefined;
    this.#view = this.#look();
    for (const listener of this.#listeners) listener();
  }

  #look(): LiveView<E> {
    return {
      connection: this.#connection,
      paused: this.#paused,
      held: this.#held.pushed,
      entries: this.#shown.toArray(),
      received: this.#received,
      dropped: this.#madeRoom + this.#shown.overwritten,
      others: this.#others,
    };
  }
}
