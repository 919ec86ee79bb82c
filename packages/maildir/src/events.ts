/**
 * A mailbox's changes as a stream, made of two things that it has anyway: being told that the index changed, and asking
 * what changed since a modification sequence. Between two looks nothing is queued, so a slow reader costs nothing.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Flag, MailboxEvent, MessageState, ModSeq, StoreError } from './api.ts';
import type { Expunged, Span } from './index/changes.ts';
import { CHANGES, STAY_AWAKE } from './limits.ts';

/** A mailbox's numbers and keywords at one moment. */
export interface Moment {
  readonly keywords: readonly Flag[];
  readonly uidNext: number;
  readonly highestModSeq: ModSeq;
}

/** Some messages as they are when they are read, with the keywords of the same moment. */
interface Page {
  readonly messages: readonly MessageState[];
  readonly keywords: readonly Flag[];
}

export interface Arrivals extends Page {
  /** All that are there below this UID have been read. */
  readonly end: number;
  /** Those below `end` that were expunged since the look began. */
  readonly missed: readonly number[];
}

export interface Changes extends Page {
  readonly isLast: boolean;
}

/** Reads changes in pages, so that no turn of the loop holds a hundred thousand of them. */
interface ChangeReader {
  moment(): Moment;
  /** New messages by UID; `upTo` is where the look's expunges end. */
  arrived(range: { readonly first: number; readonly end: number; readonly since: number }, upTo: number): Arrivals;
  /** Changes of messages below UID `end`, in the order of modification sequences. */
  changed(span: Span, end: number): Changes;
  /** Expunges in the same order: a full page unless there are no more. */
  vanished(span: Span): readonly Expunged[];
}

export interface EventSource {
  readonly reading: ChangeReader;
  onChange(listener: () => void): () => void;
  /** Why there will be nothing more; undefined while there may be. */
  lost(): Promise<StoreError | undefined>;
  /** Aborted when the mailbox is closed. */
  readonly closed: AbortSignal;
}

/** Where a reader begins. */
export interface Start {
  readonly modSeq: number;
  /** The first UID that is, or may be, new to the reader. */
  readonly uidNext: number;
  readonly keywords: readonly Flag[];
  /** `uidNext` is no guess. */
  readonly isExact: boolean;
}

/** Up to where the reader has been told. */
interface Position {
  modSeq: number;
  uidNext: number;
  keywords: string;
  /** Expunges of messages with this UID or a higher one are not mentioned: the reader was never told of those. */
  toldBelow: number;
  /** Messages below `uidNext` that were gone before they could be told, and whose expunges are still to be passed over. */
  readonly untold: Set<number>;
}

/** A sleeper that is woken by the index, by an abort and by the mailbox's end. */
class Alarm {
  #wake: (() => void) | undefined;
  #isRinging = false;
  readonly #stop: () => void;

  constructor(source: EventSource, end: AbortSignal) {
    const ring = (): void => this.#ring();
    const stop = source.onChange(ring);
    end.addEventListener('abort', ring);
    this.#stop = () => {
      stop();
      end.removeEventListener('abort', ring);
    };
  }

  #ring(): void {
    this.#isRinging = true;
    this.#wake?.();
  }

  /**
   * Resolves at once where it rang since the last time. Whoever waits here wants the next event: the process lives until
   * then, although nothing else of the store keeps it alive.
   */
  async sleep(): Promise<void> {
    if (!this.#isRinging) {
      const awake = setInterval(() => undefined, STAY_AWAKE);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      clearInterval(awake);
    }
    this.#isRinging = false;
  }

  off(): void {
    this.#stop();
  }
}

/**
 * The events between a position and a moment. Arrivals come first and ascend, as whoever shows them by number needs it: a
 * message that arrived early and was flagged late would otherwise come after later ones. So a position lies between two
 * looks only, and is told there.
 *
 * The index goes on changing between two pages. What a page shows of a later moment is told again by the next look, as its
 * modification sequence is above this one's. Only a new message that was expunged before its page was read needs to be kept
 * in mind (`untold`), since the next look must not tell that it went.
 */
class LookAhead {
  readonly #reading: ChangeReader;
  readonly #position: Position;
  readonly #moment: Moment;
  #keywords: string;

  constructor(reading: ChangeReader, position: Position) {
    this.#reading = reading;
    this.#position = position;
    this.#moment = reading.moment();
    this.#keywords = position.keywords;
  }

  async *events(): AsyncGenerator<MailboxEvent, void, undefined> {
    const { highestModSeq, uidNext, keywords } = this.#moment;
    const { modSeq: since } = this.#position;
    yield* this.#news(keywords);
    yield* this.#arrivals();
    if (highestModSeq <= since) return;
    yield* this.#laterChanges();
    yield { kind: 'upTo', modSeq: highestModSeq, uidNext };
  }

  /** Moves the position to where the events end. */
  advance(): void {
    const { highestModSeq: modSeq, uidNext } = this.#moment;
    Object.assign(this.#position, { modSeq, uidNext, toldBelow: uidNext, keywords: this.#keywords });
  }

  /** Before the flags that may use them. */
  *#news(keywords: readonly Flag[]): Generator<MailboxEvent> {
    const now = keywords.join(' ');
    if (now === this.#keywords) return;
    this.#keywords = now;
    yield { kind: 'keywords', keywords };
  }

  async *#arrivals(): AsyncGenerator<MailboxEvent, void, undefined> {
    const { uidNext: end, highestModSeq } = this.#moment;
    const { modSeq: since, untold } = this.#position;
    for (let first = this.#position.uidNext; first < end; ) {
      const page = this.#reading.arrived({ first, end, since }, highestModSeq);
      for (const uid of page.missed) untold.add(uid);
      yield* this.#news(page.keywords);
      for (const message of page.messages) yield { kind: 'arrived', message };
      first = page.end;
      if (first < end) await nextTurn();
    }
  }

  /** Flags and expunges, merged by their modification sequences. */
  async *#laterChanges(): AsyncGenerator<MailboxEvent, void, undefined> {
    const expunges = this.#expunges();
    let expunge = await expunges.next();
    for await (const message of this.#flags()) {
      for (; expunge.done !== true && expunge.value.modSeq < message.modSeq; expunge = await expunges.next())
        yield { kind: 'expunged', uid: expunge.value.uid };
      yield* this.#news(message.keywords);
      yield { kind: 'flags', message: message.state };
    }
    for (; expunge.done !== true; expunge = await expunges.next()) yield { kind: 'expunged', uid: expunge.value.uid };
  }

  async *#flags(): AsyncGenerator<{ modSeq: number; state: MessageState; keywords: readonly Flag[] }, void, undefined> {
    const { highestModSeq: upTo } = this.#moment;
    let after = startOf(this.#position);
    for (let isLast = false; !isLast; ) {
      const page = this.#reading.changed({ after, upTo }, this.#position.uidNext);
      for (const state of page.messages) yield { modSeq: state.modSeq, state, keywords: page.keywords };
      after = page.messages.at(-1) ?? after;
      ({ isLast } = page);
      if (!isLast) await nextTurn();
    }
  }

  async *#expunges(): AsyncGenerator<Expunged, void, undefined> {
    const { highestModSeq: upTo } = this.#moment;
    const { toldBelow, untold } = this.#position;
    let after = startOf(this.#position);
    for (;;) {
      const page = this.#reading.vanished({ after, upTo });
      for (const expunged of page) if (!untold.delete(expunged.uid) && expunged.uid < toldBelow) yield expunged;
      const last = page.at(-1);
      if (last === undefined || page.length < CHANGES) return;
      after = last;
      await nextTurn();
    }
  }
}

/** After every change of that modification sequence. */
const startOf = ({ modSeq }: Position): Span['after'] => ({ modSeq, uid: 2 ** 32 });

/**
 * Tells of everything after `start`; ends when `signal` aborts, or when the mailbox is closed or lost. Where `uidNext` is a
 * guess, nobody knows which messages the reader has: those that the index cannot tell from new ones, from `uidNext` on, are
 * said to have arrived, and every expunge is told.
 */
export async function* mailboxEvents(
  source: EventSource,
  start: Start,
  signal?: AbortSignal,
): AsyncGenerator<MailboxEvent, void, undefined> {
  const toldBelow = start.isExact ? start.uidNext : Number.POSITIVE_INFINITY;
  const position: Position = { ...start, keywords: start.keywords.join(' '), toldBelow, untold: new Set() };
  const end = signal === undefined ? source.closed : AbortSignal.any([signal, source.closed]);
  const alarm = new Alarm(source, end);
  try {
    while (!end.aborted) {
      const error = await source.lost();
      if (end.aborted) return;
      if (error !== undefined) return yield { kind: 'lost', error };
      const look = new LookAhead(source.reading, position);
      for await (const event of look.events()) {
        yield event;
        if (end.aborted) return;
      }
      look.advance();
      await alarm.sleep();
    }
  } finally {
    alarm.off();
  }
}
