/** One worker's sign-ins, as the primary paces them. */
import type { Attempt, Pacing } from '../auth/pacing.ts';
import type { Judgement } from '../auth/throttle.ts';

export class Turns {
  readonly #pacing: Pacing;
  /** Those that were asked for: undefined while they wait. */
  readonly #open = new Map<number, Attempt | undefined>();

  constructor(pacing: Pacing) {
    this.#pacing = pacing;
  }

  /** Resolves when the worker may look, or is to send the client away. */
  async enter(id: number, address: string | undefined, login: string): Promise<'go' | 'busy'> {
    this.#open.set(id, undefined);
    const attempt = await this.#pacing.admit(address, login);
    if (attempt === 'busy') {
      this.#open.delete(id);
      return 'busy';
    }
    if (this.#open.has(id)) this.#open.set(id, attempt);
    else attempt.end('unjudged'); // nobody waited any more
    return 'go';
  }

  end(id: number, judgement: Judgement): void {
    this.#open.get(id)?.end(judgement);
    this.#open.delete(id);
  }

  /** The worker is gone: what its sign-ins came to is not known. */
  abandon(): void {
    for (const id of [...this.#open.keys()]) this.end(id, 'unjudged');
  }
}
