import type { AppReport } from '@scorpiox/shared/contract';
import { FAILING, FAILING_MINUTES, QUIET, USUAL_DAYS, USUAL_MINUTES } from '../../limits.ts';

/*
 * How an application is
 *
 * Silent is worse than failing: nobody is told of anything any more. But every application is quiet now and then, and one
 * that works by day is quiet every night. So it is learnt from the minutes of the last USUAL_DAYS in which it said
 * anything:
 * - usually it speaks every `interval`: of the gaps between two such minutes, one in twenty is longer
 * - it is quiet when it has said nothing for QUIET.times that (and QUIET.minutes at least)
 * - it is silent when it is quiet and on at least half of the days before (of those on which anything is known of that time
 *   of day) it spoke between the time of day at which it fell quiet and now
 * - of one that spoke in fewer than USUAL_MINUTES minutes too little is known; it is silent when it has said nothing for
 *   USUAL_DAYS
 * - one that never spoke is not silent: it is waited for
 */

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;

/** What is known of an application lately. */
export interface Lately {
  /** Milliseconds since 1970; undefined when nothing was ever received. */
  readonly lastSeen: number | undefined;
  /** Minutes (since 1970) in which something was received or happened, ascending, at most USUAL_DAYS old. */
  readonly active: readonly number[];
  /** Requests of the last FAILING_MINUTES. */
  readonly requests: number;
  readonly failures: number;
}

export type Judgement = Pick<AppReport, 'state' | 'stateReason' | 'usualIntervalSeconds'>;

/** `now`: milliseconds since 1970. */
export function judge(lately: Lately, now: number): Judgement {
  const interval = usualInterval(lately.active);
  const usualIntervalSeconds = interval === undefined ? null : interval * 60;
  const reason = whySilent(lately, interval, now) ?? whyFailing(lately) ?? WELL;
  return { ...reason, usualIntervalSeconds };
}

type Reason = Pick<AppReport, 'state' | 'stateReason'>;

const WELL: Reason = {
  state: 'healthy',
  stateReason: { code: 'ok', message: 'It talks as usual, and few of its requests fail.' },
};

const WAITED_FOR: Reason = {
  state: 'waiting',
  stateReason: { code: 'never', message: 'Nothing was ever received from it.' },
};

const silent = (code: 'quiet' | 'gone', message: string): Reason => ({
  state: 'silent',
  stateReason: { code, message },
});

/** Minutes that of twenty gaps between active minutes nineteen do not exceed; undefined where too little is known. */
function usualInterval(active: readonly number[]): number | undefined {
  if (active.length < USUAL_MINUTES) return undefined;
  const gaps = active.slice(1).map((minute, index) => minute - (active[index] ?? minute));
  gaps.sort((a, b) => a - b);
  return gaps[Math.ceil(gaps.length * 0.95) - 1];
}

function whySilent({ lastSeen, active }: Lately, interval: number | undefined, now: number): Reason | undefined {
  if (lastSeen === undefined) return WAITED_FOR;
  const quiet = Math.floor((now - lastSeen) / MINUTE_MS);
  const since = `nothing has come for ${describe(quiet)}`;
  if (quiet >= USUAL_DAYS * DAY_MINUTES) return silent('gone', `${upper(since)}.`);
  if (interval === undefined || quiet <= Math.max(QUIET.minutes, QUIET.times * interval)) return undefined;
  if (!speaksAtThisTime(active, Math.floor(lastSeen / MINUTE_MS), Math.floor(now / MINUTE_MS))) return undefined;
  const usual = interval === 1 ? 'minute' : describe(interval);
  return silent('quiet', `It usually says something every ${usual} at this time of day; ${since}.`);
}

/** Whether it spoke, on at least half of the days before, in what has been its silence today. */
function speaksAtThisTime(active: readonly number[], last: number, now: number): boolean {
  const first = active[0] ?? now;
  let known = 0;
  let spoken = 0;
  for (let day = 1; day <= USUAL_DAYS; day++) {
    const [from, to] = [last - day * DAY_MINUTES, now - day * DAY_MINUTES];
    if (from < first) break;
    known += 1;
    if (active.some((minute) => minute > from && minute <= to)) spoken += 1;
  }
  return spoken * 2 >= known;
}

function whyFailing({ requests, failures }: Lately): Reason | undefined {
  if (failures < FAILING.requests || failures < requests * FAILING.rate) return undefined;
  const part = `${round(failures)} of ${round(requests)} requests (${round((failures / requests) * 100)} %)`;
  return {
    state: 'failing',
    stateReason: { code: 'failures', message: `${part} failed in the last ${FAILING_MINUTES} minutes.` },
  };
}

const round = (value: number): number => Math.round(value * 10) / 10;
const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function describe(minutes: number): string {
  const of = (count: number, unit: string) => (count === 1 ? `1 ${unit}` : `${count} ${unit}s`);
  if (minutes < 120) return of(minutes, 'minute');
  if (minutes < 2 * DAY_MINUTES) return of(Math.round(minutes / 60), 'hour');
  return of(Math.round(minutes / DAY_MINUTES), 'day');
}
