import { unpackHistogram } from '@scorpiox/shared/database';
import { Histogram } from '../../../rollup/histogram.ts';
import { coarsestFor } from '../../../rollup/resolutions.ts';
import { TimedSums } from '../../../rollup/timed.ts';
import { type AppFigures, type MinuteSpan, NO_COUNTS } from '../../port.ts';
import { APP_HOURS, APP_ROLLUPS, type Row } from '../tables.ts';
import { bytesOf, rowsOf } from './rows.ts';
import type { Reading } from './steps.ts';

/*
 * Every application over a span, for `/api/apps`. The cost is that of some ten rows an application and day, whatever its
 * operations and however many events: latency comes from hours, and minutes at the ends; counts by any step and of the
 * span before come from a row an hour that has its minutes in it (APP_HOURS).
 */

interface Open {
  readonly latency: TimedSums;
  readonly failed: Histogram;
  readonly steps: Map<number, number>;
  requests: number;
  failures: number;
  requestsBefore: number;
  failuresBefore: number;
  exceptions: number;
  newExceptions: number;
}

class Apps {
  readonly #apps = new Map<number, Open>();

  of(row: Row): Open {
    const appId = Number(row.app_id);
    let open = this.#apps.get(appId);
    if (open === undefined) {
      open = { latency: new TimedSums(), failed: new Histogram(), steps: new Map(), ...NO_COUNTS };
      this.#apps.set(appId, open);
    }
    return open;
  }

  figures(): ReadonlyMap<number, AppFigures> {
    return new Map([...this.#apps].map(([appId, open]) => [appId, toFigures(open)]));
  }
}

function toFigures({ latency, failed, steps, ...counts }: Open): AppFigures {
  return {
    ...counts,
    steps: [...steps].toSorted(([a], [b]) => a - b).map(([step, count]) => ({ step, count })),
    buckets: latency.buckets(),
    failedBuckets: failed.buckets(),
    ...(latency.minUs === undefined ? {} : { min: latency.minUs }),
    ...(latency.maxUs === undefined ? {} : { max: latency.maxUs }),
  };
}

/** By application; those without anything in the span or before it are absent. */
export function* summarizeSpan(span: MinuteSpan): Reading<ReadonlyMap<number, AppFigures>> {
  const apps = new Apps();
  const isWhole = [span.from, span.to, span.stepMinutes].every((minutes) => minutes % 60 === 0);
  yield* isWhole ? countByHours(span, apps) : countByMinutes(span, apps);
  for (const row of yield* rowsOf({ table: APP_ROLLUPS, kind: 'request' }, span, 1440)) {
    const { latency, failed } = apps.of(row);
    latency.addRow(row);
    if (row.failed_latency instanceof Uint8Array) failed.addPacked(row.failed_latency);
  }
  const fresh = yield { do: 'new-groups', from: span.from * MINUTE_US, to: span.to * MINUTE_US, storedFrom: 0 };
  for (const row of fresh) apps.of(row).newExceptions = Number(row.rows);
  return apps.figures();
}

const MINUTE_US = 60_000_000;

function addStep(open: Open, minute: number, count: number, { from, stepMinutes }: MinuteSpan): void {
  const step = Math.floor((minute - from) / stepMinutes);
  open.steps.set(step, (open.steps.get(step) ?? 0) + count);
}

function* countByHours(span: MinuteSpan, apps: Apps): Reading<void> {
  const requests = { table: APP_ROLLUPS, kind: 'request', isPlain: true } as const;
  for (const row of yield* rowsOf(requests, span, coarsestFor(span))) {
    const open = apps.of(row);
    open.requests += Number(row.count);
    open.failures += Number(row.failures);
    addStep(open, Number(row.minute), Number(row.count), span);
  }
  for (const row of yield* rowsOf(requests, before(span), 1440)) {
    const open = apps.of(row);
    open.requestsBefore += Number(row.count);
    open.failuresBefore += Number(row.failures);
  }
  const exceptions = { ...requests, kind: 'exception' } as const;
  for (const row of yield* rowsOf(exceptions, span, 1440)) apps.of(row).exceptions += Number(row.count);
}

/** The span of the same length that ends where this one begins. */
const before = ({ from, to }: MinuteSpan) => ({ from: from - (to - from), to: from });

function* countByMinutes(span: MinuteSpan, apps: Apps): Reading<void> {
  const first = before(span).from;
  const from = first - (((first % 60) + 60) % 60);
  for (const row of yield { do: 'range', table: APP_HOURS, resolution: 1, from, to: span.to }) {
    const open = apps.of(row);
    const hour = Number(row.minute);
    const isIn = (minute: number) => minute >= span.from && minute < span.to;
    const isBefore = (minute: number) => minute >= first && minute < span.from;
    unpackHistogram(bytesOf(row, 'requests'), (inHour, count) => {
      const minute = hour + inHour;
      if (isBefore(minute)) open.requestsBefore += count;
      if (!isIn(minute)) return;
      open.requests += count;
      addStep(open, minute, count, span);
    });
    unpackHistogram(bytesOf(row, 'failures'), (inHour, count) => {
      if (isIn(hour + inHour)) open.failures += count;
      if (isBefore(hour + inHour)) open.failuresBefore += count;
    });
    unpackHistogram(bytesOf(row, 'exceptions'), (inHour, count) => {
      if (isIn(hour + inHour)) open.exceptions += count;
    });
  }
}
