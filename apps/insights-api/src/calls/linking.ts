import { LINK_EVERY_MS } from '../limits.ts';
import type { Store } from '../store/port.ts';
import { Rounds } from '../work/rounds.ts';

export interface LinkingDeps {
  readonly store: Pick<Store, 'linkCalls'>;
  /** Waits; ends at once when the signal is aborted. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Told what an operator should know, as a sentence. */
  readonly warn: (message: string) => void;
}

/** Has calls between applications put together every few seconds (../rollup/overview/linker.ts). */
export function callLinking({ store, pause, warn }: LinkingDeps): Rounds {
  let failing = false;
  return new Rounds(async (signal) => {
    try {
      while (!signal.aborted && (await store.linkCalls()) > 0);
      failing = false;
    } catch (error) {
      // A database that is away is told of once: the next round goes on where this one ended.
      if (!failing) warn(describe(error));
      failing = true;
    }
    await pause(LINK_EVERY_MS, signal);
  });
}

const describe = (error: unknown): string =>
  `Calls between applications are not put together for the map; it is tried again: ${error instanceof Error ? error.message : String(error)}`;
