/**
 * A mailbox's changes as a stream, made of two things that it has anyway: being told that the index changed, and asking
 * what changed since a modification sequence. Between two looks nothing is queued, so a slow reader costs nothing.
 */
import type { Flag, MailboxEvent, MessageState, ModSeq, StoreError } from './api.ts';
import type { Expunged } from './index/messages.ts';

/** What happened since a modification sequence, all of one moment. */
interface Look {
  readonly changed: readonly MessageState[];
  readonly vanished: readonly Expunged[];
  readonly keywords: readonly Flag[];
  readonly uidNext: number;
  readonly highestModSeq: ModSeq;
}

export interface EventSource {
  look(since: number): Look;
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
  /** The index has changed since. */
  readonly isPast: boolean;
}

/** Up to where the reader has been told. */
interface Position {
  modSeq: number;
  uidNext: number;
  keywords: string;
  /** Expunges of messages with this UID or a higher one are not mentioned: the reader was never told of those. */
  toldBelow: number;
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

  /** Resolves at once where it rang since the last time. */
  async sleep(): Promise<void> {
    if (!this.#isRinging) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#isRinging = false;
  }

  off(): void {
    this.#stop();
  }
}

/** The events between a position and a look, in the order of the index. */
function* between(position: Position, look: Look): Generator<MailboxEvent> {
  const { keywords, changed, vanished } = look;
  // Before the flags that may use them.
  if (keywords.join(' ') !== position.keywords) yield { kind: 'keywords', keywords };
  const entries: (readonly [modSeq: number, event: MailboxEvent])[] = [];
  for (const message of changed) {
    const kind = message.uid >= position.uidNext ? 'arrived' : 'flags';
    entries.push([message.modSeq, { kind, message }]);
  }
  for (const { uid, modSeq } of vanished) {
    if (uid < position.toldBelow) entries.push([modSeq, { kind: 'expunged', uid }]);
  }
  entries.sort(([a], [b]) => a - b); // stable: UIDs of one modification sequence stay in their order
  for (const [, event] of entries) yield event;
}

/**
 * Tells of everything after `start`; ends when `signal` aborts, or when the mailbox is closed or lost. At a start in the
 * past nobody knows which messages the reader has: those that the index cannot tell from new ones, from `uidNext` on, are
 * said to have arrived, and every expunge is told.
 */
export async function* mailboxEvents(
  source: EventSource,
  start: Start,
  signal?: AbortSignal,
): AsyncGenerator<MailboxEvent, void, undefined> {
  const toldBelow = start.isPast ? Number.POSITIVE_INFINITY : start.uidNext;
  const position: Position = { ...start, keywords: start.keywords.join(' '), toldBelow };
  const end = signal === undefined ? source.closed : AbortSignal.any([signal, source.closed]);
  const alarm = new Alarm(source, end);
  try {
    while (!end.aborted) {
      const error = await source.lost();
      if (end.aborted) return;
      if (error !== undefined) return yield { kind: 'lost', error };
      const look = source.look(position.modSeq);
      for (const event of between(position, look)) {
        yield event;
        if (end.aborted) return;
      }
      position.modSeq = look.highestModSeq;
      position.uidNext = look.uidNext;
      position.toldBelow = look.uidNext;
      position.keywords = look.keywords.join(' ');
      await alarm.sleep();
    }
  } finally {
    alarm.off();
  }
}
