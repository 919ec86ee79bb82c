import type { AlertCondition, MetricAggregate } from '@scorpiox/shared/contract';
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

type Of<K extends AlertCondition['kind']> = Extract<AlertCondition, { kind: K }>;

/** Conditions that an application's requests and its last word tell of. */
export type AppCondition = Of<'failure-rate' | 'p95' | 'silence' | 'new-exception'>;
export type MetricCondition = Of<'metric'>;

/** What an application's figures over the condition's window say. `now`: milliseconds since 1970. */
export function judgeApp(condition: AppCondition, app: AppTotals, now: number): Finding {
  switch (condition.kind) {
    case 'failure-rate':
      return judgeFailures(condition, app);
    case 'p95':
      return judgeLatency(condition, app);
    case 'silence':
      return judgeSilence(condition, app, now);
    case 'new-exception':
      return judgeExceptions(condition, app);
  }
}

/** What an API process that holds so many events says. */
export function judgeBacklog({ aboveEvents }: Of<'backlog'>, events: number): Finding {
  return {
    level: levelOf(events, aboveEvents),
    message: `${whole(events)} events wait to be written (limit ${whole(aboveEvents)}).`,
  };
}

function judgeFailures(
  { abovePercent, minRequests, windowMinutes }: Of<'failure-rate'>,
  { requests, failures }: AppTotals,
): Finding {
  if (requests < minRequests) return tooFew(requests, windowMinutes);
  const percent = (failures / requests) * 100;
  return {
    level: levelOf(percent, abovePercent),
    message: `${figure(percent)} % of ${requestsOf(requests)} failed in ${minutes(windowMinutes)} (limit ${figure(abovePercent)} %).`,
  };
}

function judgeLatency(
  { aboveMs, minRequests, windowMinutes }: Of<'p95'>,
  { requests, buckets, min, max }: AppTotals,
): Finding {
  const timed = min === undefined || max === undefined ? undefined : quantiles({ buckets, min, max }, [0.95]);
  const [p95] = timed ?? [];
  if (requests < minRequests || p95 === undefined) return tooFew(requests, windowMinutes);
  return {
    level: levelOf(p95 / 1000, aboveMs),
    message: `95 % of ${requestsOf(requests)} took up to ${figure(p95 / 1000)} ms in ${minutes(windowMinutes)} (limit ${figure(aboveMs)} ms).`,
  };
}

function judgeSilence(condition: Of<'silence'>, { lastSeen }: AppTotals, now: number): Finding {
  if (lastSeen === undefined) return { level: 'clear', message: 'Nothing was ever received.' };
  const quiet = Math.max(0, now - lastSeen) / 60_000;
  const level = levelOf(quiet, condition.minutes);
  const message =
    level === 'clear'
      ? 'Events are received.'
      : `Nothing was received for ${minutes(Math.floor(quiet))} (limit ${minutes(condition.minutes)}).`;
  return { level, message };
}

function judgeExceptions({ windowMinutes }: Of<'new-exception'>, { newExceptions }: AppTotals): Finding {
  const kinds = newExceptions === 1 ? '1 kind of exception' : `${whole(newExceptions)} kinds of exceptions`;
  const message =
    newExceptions > 0
      ? `${kinds} in ${minutes(windowMinutes)} that were never seen before.`
      : `No new exceptions in ${minutes(windowMinutes)}.`;
  return { level: newExceptions > 0 ? 'breach' : 'clear', message };
}

/** What a metric comes to says; `unit` as its sender spells it, undefined for the whole where it has no points. */
export function judgeMetric(
  { metric, of, direction, limit, windowMinutes }: MetricCondition,
  found: { readonly unit: string; readonly total: MetricAggregate } | undefined,
): Finding {
  const value = found?.total[of] ?? null;
  if (found === undefined || value === null) {
    return { level: 'clear', message: `${metric} has no ${of} in ${minutes(windowMinutes)}.` };
  }
  const sign = direction === 'above' ? 1 : -1;
  const unit = found.unit === '' ? '' : ` ${found.unit}`;
  return {
    level: levelBetween(sign * value, sign * limit, sign * limit - Math.abs(limit) * (1 - ALERT_MARGIN)),
    message: `${of} of ${metric} was ${figure(value)}${unit} in ${minutes(windowMinutes)} (limit: ${direction} ${figure(limit)}).`,
  };
}

/** Of too few requests nothing can be said: an application that is hardly used is no reason to wake anybody. */
const tooFew = (requests: number, windowMinutes: number): Finding => ({
  level: 'clear',
  message: `${requestsOf(requests)} in ${minutes(windowMinutes)}: too few to judge.`,
});

const levelOf = (value: number, limit: number): Level => levelBetween(value, limit, limit * ALERT_MARGIN);

function levelBetween(value: number, limit: number, well: number): Level {
  if (value > limit) return 'breach';
  return value <= well ? 'clear' : 'between';
}

const requestsOf = (count: number): string => `${whole(count)} ${Math.round(count) === 1 ? 'request' : 'requests'}`;
const minutes = (count: number): string => `${whole(count)} ${count === 1 ? 'minute' : 'minutes'}`;
const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
const figure = (value: number): string =>
  value.toLocaleString('en-US', { maximumFractionDigits: Math.abs(value) < 10 ? 2 : 0 });
