import { unpackHistogram } from '@scorpiox/shared/database';
import type { Question, Standing } from '../../questions/overview.ts';
import { APP_ACTIVITY, APP_HOURS } from '../tables.ts';
import { bytesOf } from './rows.ts';
import type { Reading } from './steps.ts';

interface Open {
  readonly active: number[];
  requests: number;
  failures: number;
}

/** How every application has been lately; those of which nothing is known are absent. */
export function* readStanding({ activeFrom, span }: Question<'standing'>): Reading<readonly Standing[]> {
  const apps = new Map<number, Open>();
  const of = (appId: number): Open => {
    const open = apps.get(appId) ?? { active: [], requests: 0, failures: 0 };
    apps.set(appId, open);
    return open;
  };
  const activity = yield { do: 'range', table: APP_ACTIVITY, resolution: 1, from: hourOf(activeFrom), to: span.to };
  for (const row of activity.toSorted((a, b) => Number(a.minute) - Number(b.minute))) {
    const { active } = of(Number(row.app_id));
    for (const minute of minutesIn(Number(row.minute), Number(row.early), Number(row.late))) {
      // An event may be ahead of its time.
      if (minute >= activeFrom && minute < span.to) active.push(minute);
    }
  }
  for (const row of yield { do: 'range', table: APP_HOURS, resolution: 1, from: hourOf(span.from), to: span.to }) {
    const open = of(Number(row.app_id));
    const isIn = (inHour: number) => Number(row.minute) + inHour >= span.from && Number(row.minute) + inHour < span.to;
    unpackHistogram(bytesOf(row, 'requests'), (inHour, count) => {
      if (isIn(inHour)) open.requests += count;
    });
    unpackHistogram(bytesOf(row, 'failures'), (inHour, count) => {
      if (isIn(inHour)) open.failures += count;
    });
  }
  return [...apps].map(([appId, open]) => ({ appId, ...open }));
}

const hourOf = (minute: number): number => minute - (minute % 60);

function* minutesIn(hour: number, early: number, late: number): Generator<number> {
  for (let bit = 0; bit < 30; bit++) if (early & (1 << bit)) yield hour + bit;
  for (let bit = 0; bit < 30; bit++) if (late & (1 << bit)) yield hour + 30 + bit;
}
