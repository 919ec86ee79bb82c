/** How fast a database grows, by samples of its size over time. Pure. */
import { tellBytes, tellTime } from '../../amounts.ts';
import { FULL_SOON_DAYS, PACE_BELIEVED } from './limits.ts';
import { found, type Told } from './report.ts';

/** Of a database that is not the API's. */
export const NOT_NOTED = 'not noted: only the API notes the size of its database (--save and --compare tell of others)';

const DAY_MS = 86_400_000;

interface Sample {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly bytes: number;
}

/** `room`: bytes that are left, by whichever limit comes first, with its name. */
export function tellGrowth(samples: readonly Sample[], room?: { readonly bytes: number; readonly of: string }): Told {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined || last.at - first.at < DAY_MS / 24) {
    return { summary: 'not enough samples yet: the API takes one now and then' };
  }
  const span = last.at - first.at;
  const perDay = Math.round(((last.bytes - first.bytes) * DAY_MS) / span);
  const days = room === undefined || perDay <= 0 ? undefined : Math.floor(room.bytes / perDay);
  const evidence = `from ${tellBytes(first.bytes)} to ${tellBytes(last.bytes)} in ${tellTime(span)}`;
  const change = perDay < 0 ? `shrinks by ${tellBytes(-perDay)}` : `grows by ${tellBytes(perDay)}`;
  return {
    summary: `${change} a day${days === undefined ? '' : `; ${room?.of} is full in ${days} days`}`,
    facts: { bytesPerDay: perDay, spanMs: span, daysLeft: days ?? null },
    findings:
      days === undefined || days > FULL_SOON_DAYS || days * DAY_MS > span * PACE_BELIEVED
        ? []
        : [
            found('warning', 'full-soon', '', `At this pace ${room?.of} is full in ${days} days.`, {
              evidence,
              mend: 'scorpiox app retention NAME DAYS',
            }),
          ],
    measures: [{ measure: 'bytes that it grows a day', value: perDay, better: 'neither' }],
  };
}
