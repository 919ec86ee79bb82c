import { sizeOf } from '../ingest/pipeline/size.ts';
import type { IdentifiedEvent, Submission, SubmissionOutcome } from '../store/port.ts';

/** An event that was stored a moment ago. */
export interface FreshEvent extends IdentifiedEvent {
  readonly appId: number;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
}

/** What was stored last, in its order, within bounds: the oldest go first. Events have numbers that ascend by one. */
export class Recent {
  readonly #limits: { readonly events: number; readonly bytes: number };
  #events: (FreshEvent & { readonly bytes: number })[] = [];
  #bytes = 0;
  /** The number of the first event that is there. */
  #first = 0;

  constructor(limits: { readonly events: number; readonly bytes: number }) {
    this.#limits = limits;
  }

  /** The number that the next event gets. */
  get end(): number {
    return this.#first + this.#events.length;
  }

  add({ appId, receivedAt, events }: Submission, outcome: SubmissionOutcome): void {
    if (outcome.kind === 'failed' || outcome.accepted === 0) return;
    for (const index of outcome.stored ?? events.keys()) {
      const item = events[index];
      if (item === undefined) continue;
      const bytes = sizeOf(item.event);
      this.#events.push({ ...item, appId, receivedAt, bytes });
      this.#bytes += bytes;
    }
    this.#forget();
  }

  /** Forgets all: nobody wants to see it. */
  clear(): void {
    this.#first = this.end;
    this.#events = [];
    this.#bytes = 0;
  }

  /** Events from a number on, and how many of those are gone already. */
  from(number: number): { readonly events: readonly FreshEvent[]; readonly gone: number } {
    const gone = Math.max(0, this.#first - number);
    return { events: this.#events.slice(Math.max(0, number - this.#first)), gone };
  }

  #forget(): void {
    let surplus = Math.max(0, this.#events.length - this.#limits.events);
    for (const { bytes } of this.#events.slice(0, surplus)) this.#bytes -= bytes;
    while (this.#bytes > this.#limits.bytes && surplus < this.#events.length) {
      this.#bytes -= this.#events[surplus]?.bytes ?? 0;
      surplus += 1;
    }
    if (surplus === 0) return;
    this.#first += surplus;
    this.#events = this.#events.slice(surplus);
  }
}
