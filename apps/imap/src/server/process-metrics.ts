/** What this process costs, and whether its event loop keeps up. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { TelemetryStats } from '@scorpiox/shared/client';
import type { MetricsSnapshot, NumberFamily } from '../admin/operator.ts';
import { LOOP_DELAY } from '../limits.ts';
import { gauge, total } from './instruments.ts';

const NS_PER_MS = 1e6;
const QUANTILES = [0.5, 0.99, 1] as const;
type Delays = readonly number[];

/**
 * How late the event loop comes to what is due: in the present window and the one before, whichever was worse, so that a
 * bad moment is seen by every scraper for a while and by none for ever.
 */
export class LoopDelay {
  readonly #histogram = monitorEventLoopDelay({ resolution: LOOP_DELAY.resolution });
  #before: Delays = QUANTILES.map(() => 0);

  constructor() {
    this.#histogram.enable();
    setInterval(() => {
      this.#before = this.#present();
      this.#histogram.reset();
    }, LOOP_DELAY.window).unref();
  }

  family(): NumberFamily {
    const present = this.#present();
    return {
      type: 'gauge',
      name: 'scorpiox_imap_event_loop_delay_seconds',
      help: 'How late the event loop came to what was due, in the last minute: median, 99 of 100, worst.',
      together: 'max',
      series: QUANTILES.map((quantile, at) => ({
        labels: { quantile: String(quantile) },
        value: Math.max(present[at] ?? 0, this.#before[at] ?? 0),
      })),
    };
  }

  /** The histogram measures from one look to the next, so the time between looks is in it. */
  #present(): Delays {
    if (this.#histogram.count === 0) return QUANTILES.map(() => 0);
    return QUANTILES.map((quantile) => {
      const ms = this.#histogram.percentile(quantile * 100) / NS_PER_MS - LOOP_DELAY.resolution;
      return Math.max(0, ms) / 1000;
    });
  }
}

/** What became of this process's own telemetry. */
export function telemetryFamilies(stats: TelemetryStats): MetricsSnapshot {
  const dropped = Object.entries(stats.dropped).map(([reason, value]) => ({ labels: { reason }, value }));
  return [
    total('scorpiox_imap_telemetry_events_total', 'Telemetry events of this server.', stats.tracked),
    gauge('scorpiox_imap_telemetry_queued_events', 'Telemetry events that wait.', stats.queued),
    {
      type: 'counter',
      name: 'scorpiox_imap_telemetry_dropped_total',
      help: 'Telemetry events that were dropped, by reason.',
      together: 'sum',
      series: dropped,
    },
  ];
}

const STARTED = Date.now() / 1000 - process.uptime();

/** @param serving 0 in a process that serves nobody itself. */
export function processFamilies(serving: 0 | 1 = 1): MetricsSnapshot {
  const { rss, heapUsed, external } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return [
    gauge('scorpiox_imap_processes', 'Processes that serve.', serving),
    total('process_cpu_seconds_total', 'CPU time, user and system.', (user + system) / 1e6),
    gauge('process_resident_memory_bytes', 'Memory in RAM.', rss),
    gauge('nodejs_heap_size_used_bytes', "Memory of JavaScript's heap in use.", heapUsed),
    gauge('nodejs_external_memory_bytes', 'Memory of buffers outside of it.', external),
    gauge(
      'process_start_time_seconds',
      'When the youngest process started, in seconds since the epoch.',
      STARTED,
      'max',
    ),
  ];
}
