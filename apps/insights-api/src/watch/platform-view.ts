import { statfs } from 'node:fs/promises';
import type { AlertDeliveryState, PlatformHealth } from '@scorpiox/shared/contract';
import type { Control } from '@scorpiox/shared/database';
import type { AlertsState } from '../alerts/alerts.ts';
import { DAY, QUEUE_BYTES, QUEUE_EVENTS, SIZES_SHOWN_MS } from '../limits.ts';
import type { LiveHub } from '../live/hub.ts';
import type { Store } from '../store/port.ts';
import type { Meter } from './meter.ts';
import { growthPerDay } from './size-watch.ts';

export interface PlatformViewDeps {
  readonly meter: Pick<Meter, 'operations' | 'slowest'>;
  readonly store: Pick<Store, 'sessions'>;
  readonly control: Pick<Control, 'sizes'>;
  readonly live: Pick<LiveHub, 'viewers'>;
  readonly alerts: { readonly state: AlertsState };
  readonly alertBook: { deliveries(): Promise<readonly AlertDeliveryState[]> };
  /** A folder on the disk that the platform writes to. */
  readonly folder: string;
  /** Names this process: its host and port. */
  readonly instance: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly now: () => number;
}

/** How the platform does, as this process sees it; what follows from it is `adviseOn`'s business. */
export class PlatformView {
  readonly #deps: PlatformViewDeps;

  constructor(deps: PlatformViewDeps) {
    this.#deps = deps;
  }

  /** Rejects never: what cannot be had now is empty, for the page is needed then. */
  async state(): Promise<Omit<PlatformHealth, 'advice'>> {
    const { meter, store, live, instance, startedAt, now } = this.#deps;
    const sizes = await this.#sizes();
    return {
      instance,
      startedAt: iso(startedAt),
      operations: meter.operations().map((one) => ({ ...one })),
      slowest: meter.slowest().map(({ at, ...one }) => ({ ...one, at: iso(at) })),
      sessions: [
        ...(store.sessions?.() ?? []).map(({ name, inUse, most }) => ({ name, inUse, most: most ?? null })),
        { name: 'live viewers', ...live.viewers },
      ],
      sizes: sizes.map(({ at, bytes }) => ({ at: iso(at), bytes })),
      growthPerDay: growthPerDay(sizes, now()) ?? null,
      disk: await this.#disk(),
      queueLimits: { events: QUEUE_EVENTS, bytes: QUEUE_BYTES },
      alerts: await this.#alerts(),
    };
  }

  async #sizes() {
    const { control, now } = this.#deps;
    return control.sizes(now() - SIZES_SHOWN_MS).catch(() => []);
  }

  async #disk(): Promise<PlatformHealth['disk']> {
    try {
      const { bsize, bavail, blocks } = await statfs(this.#deps.folder);
      return { freeBytes: bsize * bavail, totalBytes: bsize * blocks };
    } catch {
      return null; // not every file system tells
    }
  }

  async #alerts(): Promise<PlatformHealth['alerts']> {
    const { alerts, alertBook, now } = this.#deps;
    const deliveries = await alertBook.deliveries().catch(() => []);
    const { evaluatedAt, problem } = alerts.state;
    return {
      evaluatedAt: evaluatedAt === undefined ? null : iso(evaluatedAt),
      problem: problem ?? null,
      waiting: deliveries.filter(({ status, attempts }) => status === 'waiting' && attempts > 0).length,
      failed: deliveries.filter(({ status, at }) => status === 'failed' && now() - Date.parse(at) < DAY).length,
    };
  }
}

const iso = (ms: number): string => new Date(ms).toISOString();
