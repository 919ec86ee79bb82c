import type { Control, SizeSample } from '@scorpiox/shared/database';
import { GROWTH_MS, SIZE_EVERY_MS, SIZES_KEPT_MS } from '../limits.ts';
import type { Store } from '../store/port.ts';
import { Rounds } from '../work/rounds.ts';

const DAY_MS = 86_400_000;

export interface SizeWatchDeps {
  readonly control: Pick<Control, 'noteSize'>;
  readonly store: Pick<Store, 'health'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Waits; ends at once when the signal is aborted. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Notes the size of the database each hour. Of several processes the first one's note of an hour counts. */
export class SizeWatch {
  readonly #deps: SizeWatchDeps;
  readonly #rounds = new Rounds(async (signal) => {
    const { pause, now } = this.#deps;
    // An hour without a note is a gap in a curve; that the database is away is told elsewhere.
    await this.note().catch(() => undefined);
    await pause(SIZE_EVERY_MS - (now() % SIZE_EVERY_MS), signal);
  });

  constructor(deps: SizeWatchDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#rounds.start();
  }

  /** Resolves when nothing of it is under way any more. */
  stop(): Promise<void> {
    return this.#rounds.stop();
  }

  /** Notes the size now. Rejects as the database does. */
  async note(): Promise<void> {
    const { control, store, now } = this.#deps;
    const { bytes } = await store.health();
    // A server that does not tell is at 0.
    if (bytes === 0) return;
    const at = Math.floor(now() / SIZE_EVERY_MS) * SIZE_EVERY_MS;
    await control.noteSize({ at, bytes }, at - SIZES_KEPT_MS);
  }
}

/** Bytes a day over the last week; undefined before there are two notes a quarter of a day apart. `sizes`: oldest first. */
export function growthPerDay(sizes: readonly SizeSample[], now: number): number | undefined {
  const lately = sizes.filter(({ at }) => at >= now - GROWTH_MS);
  const [first, last] = [lately[0], lately.at(-1)];
  if (first === undefined || last === undefined || last.at - first.at < DAY_MS / 4) return undefined;
  return ((last.bytes - first.bytes) / (last.at - first.at)) * DAY_MS;
}
