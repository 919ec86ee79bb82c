/** What a client has yet to take of its answers, and since when it has taken nothing of it. */
import type { SessionReport } from '../admin/operator.ts';

export class Untaken {
  readonly #octets: () => number;
  readonly #now: () => number;
  #since = 0;

  /** @param octets how many wait at the moment. */
  constructor(octets: () => number, now: () => number) {
    this.#octets = octets;
    this.#now = now;
  }

  /** More are about to be written. */
  more(): void {
    if (this.#octets() === 0) this.#since = this.#now();
  }

  /** The client took some. */
  taken(): void {
    this.#since = this.#now();
  }

  report(): Pick<SessionReport, 'waitingOctets' | 'stalledMs'> {
    const waitingOctets = this.#octets();
    return { waitingOctets, stalledMs: waitingOctets === 0 ? null : Math.round(this.#now() - this.#since) };
  }
}
