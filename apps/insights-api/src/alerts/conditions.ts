import type { AlertCondition } from '@scorpiox/shared/contract';
import { ALERT_MARGIN } from '../limits.ts';
import { quantiles } from '../rollup/percentiles.ts';
import type { AppTotals } from '../store/port.ts';
import type { Level } from './machine.ts';

/** What a look at the figures says of a subject. */
export interface Finding {
  readonly level: Level;
  /** What is measured, as a sentence without its subject. */
  readonly message: string;
}

/** Conditions about an application. */
export type AppCondition = Exclude<AlertCondition, { kind: 'backlog' }>;

/** What an application's figures over the condition's window say. `now`: milliseconds since 1970. */
export function judgeApp(condition: AppCondition, app: AppTotals, now: number): Finding {
  switch (condition.kind) {
    case 'failure-rate':
      return judgeFailures(condition, app);
    case 'p95':
      return judgeLatency(condition, app);
    case 'silence':
      return judgeSilence(condition, app, now);
  }
}

/** What an API process that holds so many events says. */
export function judgeBacklog({ aboveEvents }: Extract<AlertCondition, { kind: 'backlog' }>, events: number): Finding {
  return {
    level: levelOf(events, aboveEvents),
    message: `${whole(events)} events wait to be written (limit ${whole(aboveEvents)}).`,
  };
}

function judgeFailures(
  { abovePercent, minRequests, windowMinutes }: Extract<AppCondition, { kind: 'failure-rate' }>,
  { requests, failures }: AppTotals,
): Finding {
  if (requests < minRequests) return tooFew(requests, windowMinutes);
  const percent = (failures / requests) * 100;
  return {
    level: levelOf(percent, abovePercent),
    message: `${figure(percent)} % of ${whole(requests)} requests failed in ${minutes(windowMinutes)} (limit ${figure(abovePercent)} %).`,
  };
}

function judgeLatency(
  { aboveMs, minRequests, windowMinutes }: Extract<AppCondition, { kind: 'p95' }>,
  { requests, buckets, min, max }: AppTotals,
): Finding {
  const timed = min === undefined || max === undefined ? undefined : quantiles({ buckets, min, max }, [0.95]);
  const [p95] = timed ?? [];
  if (requests < minRequests || p95 === undefined) return tooFew(requests, windowMinutes);
  return {
    level: levelOf(p95 / 1000, aboveMs),
    message: `95 % of ${whole(requests)} requests took up to ${figure(p95 / 1000)} ms in ${minutes(windowMinutes)} (limit ${figure(aboveMs)} ms).`,
  };
}

function judgeSilence(
  condition: Extract<AppCondition, { kind: 'silence' }>,
  { lastSeen }: AppTotals,
  now: number,
): Finding {
  if (lastSeen === undefined) return { level: 'clear', message: 'Nothing was ever received.' };
  const quiet = Math.max(0, now - lastSeen) / 60_000;
  const level = levelOf(quiet, condition.minutes);
  const message =
    level === 'clear'
      ? 'Events are received.'
      : `Nothing was received for ${minutes(Math.floor(quiet))} (limit ${minutes(condition.minutes)}).`;
  return { level, message };
}

/** Of too few requests nothing can be said: an application that is hardly used is no reason to wake anybody. */
const tooFew = (requests: number, windowMinutes: number): Finding => ({
  level: 'clear',
  message: `${whole(requests)} requests in ${minutes(windowMinutes)}: too few to judge.`,
});

function levelOf(value: number, limit: number): Level {
  if (value > limit) return 'breach';
  return value <= limit * ALERT_MARGIN ? 'clear' : 'between';
}

const minutes = (count: number): string => `${whole(count)} ${count === 1 ? 'minute' : 'minutes'}`;
const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
const figure = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: value < 10 ? 1 : 0 });
