import type { Control } from '@scorpiox/shared/database';
import { PRESENCE_EVERY_MS, PRESENCE_KEPT_MS } from '../limits.ts';
import { Rounds } from '../work/rounds.ts';

export interface PresenceDeps {
  readonly control: Pick<Control, 'noteProcess' | 'removeProcess'>;
  /** Names this process: its host and port. */
  readonly instance: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Waits; ends at once when the signal is aborted. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Says now and then that this process works on the database, and knows which others do. */
export class Presence {
  readonly #deps: PresenceDeps;
  #others: readonly string[] = [];
  readonly #rounds = new Rounds(async (signal) => {
    // A database that is away is told elsewhere; what was known of the others stays until it is back.
    await this.note().catch(() => undefined);
    await this.#deps.pause(PRESENCE_EVERY_MS, signal);
  });

  constructor(deps: PresenceDeps) {
    this.#deps = deps;
  }

  /** The other processes, by host and port, as of the last note. */
  get others(): readonly string[] {
    return this.#others;
  }

  start(): void {
    this.#rounds.start();
  }

  /** Resolves when nothing of it is under way any more, and the others know that this one has gone. */
  async stop(): Promise<void> {
    await this.#rounds.stop();
    await this.#deps.control.removeProcess(this.#deps.instance).catch(() => undefined);
  }

  /** Rejects as the database does. */
  async note(): Promise<void> {
    const { control, instance, now } = this.#deps;
    const at = now();
    const all = await control.noteProcess({ name: instance, at }, at - PRESENCE_KEPT_MS);
    this.#others = all.filter((name) => name !== instance);
  }
}
