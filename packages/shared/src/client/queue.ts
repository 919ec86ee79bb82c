import { MAX_BATCH_BYTES, MAX_BATCH_EVENTS, MAX_QUEUED_BYTES, MAX_QUEUED_EVENTS } from './limits.ts';

/** An event as it will be sent: its JSON, made once, so that a retry sends the same and later changes do not matter. */
export interface QueuedEvent {
  readonly json: string;
  /** Of the JSON in UTF-8, with its line end. */
  readonly bytes: number;
}

/**
 * Waiting events, first in, first out, bounded by number and bytes. A batch that was taken still counts against the
 * bounds until `settle`: in flight or waiting for its retry, it is in memory all the same.
 */
export class EventQueue {
  #waiting: QueuedEvent[] = [];
  #taken: readonly QueuedEvent[] = [];
  #waitingBytes = 0;
  #takenBytes = 0;

  get count(): number {
    return this.#waiting.length + this.#taken.length;
  }

  get bytes(): number {
    return this.#waitingBytes + this.#takenBytes;
  }

  /** Whether the waiting events fill a batch. */
  get hasFullBatch(): boolean {
    return this.#waiting.length >= MAX_BATCH_EVENTS || this.#waitingBytes >= MAX_BATCH_BYTES;
  }

  /** False where there is no room: the newest gives way, for the older ones may have been sent already. */
  push(event: QueuedEvent): boolean {
    if (this.count >= MAX_QUEUED_EVENTS || this.bytes + event.bytes > MAX_QUEUED_BYTES) return false;
    this.#waiting.push(event);
    this.#waitingBytes += event.bytes;
    return true;
  }

  /** The batch to send: the one that was taken and not settled, else the next. Empty when nothing waits. */
  take(): readonly QueuedEvent[] {
    if (this.#taken.length > 0) return this.#taken;
    let bytes = 0;
    const end = this.#waiting.findIndex((event, i) => {
      bytes += event.bytes;
      return i >= MAX_BATCH_EVENTS || (i > 0 && bytes > MAX_BATCH_BYTES);
    });
    this.#taken = this.#waiting.splice(0, end < 0 ? this.#waiting.length : end);
    this.#takenBytes = this.#taken.reduce((sum, event) => sum + event.bytes, 0);
    this.#waitingBytes -= this.#takenBytes;
    return this.#taken;
  }

  /** The taken batch is done with, one way or the other. */
  settle(): void {
    this.#taken = [];
    this.#takenBytes = 0;
  }

  /** Empties the queue; the number of events that were in it. */
  clear(): number {
    const { count } = this;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.settle();
    return count;
  }
}
