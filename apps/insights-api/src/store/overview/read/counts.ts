import { EVENT_KINDS, type EventKind } from '@scorpiox/shared/telemetry';
import { coarsestFor, cover } from '../../../rollup/resolutions.ts';
import type { Question, StepCount } from '../../questions/overview.ts';
import type { Reading } from './steps.ts';

/**
 * How many events there are by steps, of some kinds of each application. Sums outlive events: those of a time whose
 * events are deleted count for nothing, so that the answer is that of the events. Where deletion stands in the middle of
 * a minute (of an hour, in steps of hours) that counts whole.
 */
export function* readCounts({ of, span, stepMinutes }: Question<'counts'>): Reading<readonly StepCount[]> {
  const steps = new Map<number, { count: number; failures: number }>();
  const pieces = cover(span, coarsestFor({ from: span.from, stepMinutes }));
  for (const kind of EVENT_KINDS) {
    const asked = appsWith(of, kind);
    for (const piece of asked.size === 0 ? [] : pieces) {
      for (const row of yield { do: 'counts', kind, start: span.from, stepMinutes, ...piece }) {
        if (!asked.has(Number(row.app_id))) continue;
        const sum = steps.get(Number(row.step)) ?? { count: 0, failures: 0 };
        sum.count += Number(row.count);
        // Sums by older programs did not say of exceptions that they are failures.
        sum.failures += Number(kind === 'exception' ? row.count : row.failures);
        steps.set(Number(row.step), sum);
      }
    }
  }
  return [...steps].toSorted(([a], [b]) => a - b).map(([step, sums]) => ({ step, ...sums }));
}

const appsWith = (of: Question<'counts'>['of'], kind: EventKind): ReadonlySet<number> =>
  new Set(of.filter(({ kinds }) => kinds.includes(kind)).map(({ appId }) => appId));
