import { setTimeout as sleep } from 'node:timers/promises';
import { ASIDE_SHOWN, SHIP_ON_STOP_MS } from '../../limits.ts';
import { type Store, StoreUnavailable } from '../../store/port.ts';
import { toWire } from '../../store/wire-submissions.ts';
import { ThreadClient } from '../../threads/client.ts';
import { workerUrl } from '../../threads/worker-url.ts';
import type { AsideEvent } from './aside.ts';
import type { Deliver } from './parcel.ts';
import { Shipper, type ShipperLog, type ShippingState } from './shipper.ts';
import type { SpoolContents, SpoolOptions } from './spool.ts';
import type { SpoolCalls } from './spool-protocol.ts';

/** How the spool stands: what waits, and how shipping goes. */
export interface SpoolState extends SpoolContents, ShippingState {
  readonly limitBytes: number;
}

/** What the spool tells of itself. Rejects with `StoreUnavailable`. */
export interface SpoolView {
  state(): Promise<SpoolState>;
  /** Events that the server refuses, newest first. */
  aside(): Promise<readonly AsideEvent[]>;
}

/** The other end: a server that takes consignments and answers questions. */
export interface SpoolServer {
  readonly deliver: Deliver;
  readonly questions: Omit<Store, 'write' | 'failed' | 'close'>;
  /** Resolves with the reason when its part in this process ends for good. */
  readonly failed: Promise<Error>;
  close(): Promise<void>;
}

export interface SpooledStore {
  readonly store: Store;
  readonly spool: SpoolView;
}

/**
 * A store whose writes go into the spool and are answered after its commit; a shipper brings them to the server.
 * Duplicates are found there, later, and counted then: every event is answered as accepted.
 */
export function openSpooledStore(options: SpoolOptions, server: SpoolServer, log: ShipperLog): SpooledStore {
  const thread = new ThreadClient<SpoolCalls>(workerUrl(import.meta.url, 'spool-thread'), options);
  const shipper = new Shipper({ spool: sideOf(thread), deliver: server.deliver, log });
  shipper.start();
  return {
    spool: {
      state: async () => ({
        ...(await thread.call('contents', undefined)),
        ...shipper.state(),
        limitBytes: options.mostBytes,
      }),
      aside: () => thread.call('aside', ASIDE_SHOWN),
    },
    store: {
      ...server.questions,
      async write(submissions) {
        try {
          await thread.call('append', toWire(submissions));
          shipper.wake();
          return submissions.map(({ events }) => ({
            kind: 'stored',
            accepted: events.length,
            duplicates: 0,
            refused: [],
          }));
        } catch (error) {
          const unavailable = error instanceof StoreUnavailable ? error : new StoreUnavailable(String(error));
          return submissions.map(() => ({ kind: 'failed', error: unavailable }));
        }
      },
      failed: Promise.race([thread.failed, server.failed]),
      async close() {
        await shipWhatGoes(shipper);
        // Cuts a shipment that is still under way: whether it was committed is seen at the next start.
        await server.close();
        await shipper.stop();
        await thread.close();
      },
    },
  };
}

const sideOf = (thread: ThreadClient<SpoolCalls>): ConstructorParameters<typeof Shipper>[0]['spool'] => ({
  take: (events) => thread.call('take', events),
  remove: (shipped) => thread.call('remove', shipped),
  setAside: (found) => thread.call('setAside', found),
  setDamaged: (found) => thread.call('setDamaged', found),
  adopt: () => thread.call('adopt', undefined),
});

/** Ships what can be shipped in the time that a stop has. */
async function shipWhatGoes(shipper: Shipper): Promise<void> {
  const timeIsUp = new AbortController();
  const limit = sleep(SHIP_ON_STOP_MS, undefined, { signal: timeIsUp.signal }).catch(() => undefined);
  await Promise.race([shipper.drain(), limit]);
  timeIsUp.abort();
}
