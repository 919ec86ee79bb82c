import type { AlertCondition, AlertRuleBody } from '@scorpiox/shared/contract';
import { AGGREGATES } from '../../lib/api/alerts.ts';
import { formatCount, formatDuration } from '../../lib/format.ts';

const minutes = (count: number): string => `${formatCount(count)} min`;

/** What is bad, in a few words. */
export function describeCondition(condition: AlertCondition): string {
  switch (condition.kind) {
    case 'failure-rate':
      return `more than ${condition.abovePercent}% of the requests fail in ${minutes(condition.windowMinutes)}`;
    case 'p95':
      return `p95 is above ${formatDuration(condition.aboveMs)} in ${minutes(condition.windowMinutes)}`;
    case 'silence':
      return `nothing is received for ${minutes(condition.minutes)}`;
    case 'new-exception':
      return `an exception is new in ${minutes(condition.windowMinutes)}`;
    case 'metric':
      return `${condition.of} of ${condition.metric} is ${condition.direction} ${condition.limit} in ${minutes(condition.windowMinutes)}`;
    case 'backlog':
      return `more than ${formatCount(condition.aboveEvents)} events wait to be written`;
  }
}

/** What the rule looks at. */
export const describeScope = ({ app, condition }: Pick<AlertRuleBody, 'app' | 'condition'>): string =>
  condition.kind === 'backlog' ? 'the platform itself' : (app ?? 'every application');

/** How long it must be bad, and then good. */
export const describeTiming = ({ forMinutes, resolveMinutes }: AlertRuleBody): string =>
  `${forMinutes === 0 ? 'at once' : `after ${minutes(forMinutes)}`}, over after ${minutes(resolveMinutes)}`;

/** What somebody typed into the form of a rule. */
export function readRule(form: FormData): AlertRuleBody {
  const textOf = (name: string): string => String(form.get(name) ?? '').trim();
  return {
    name: textOf('name'),
    enabled: form.get('enabled') === 'on',
    app: textOf('app') || null,
    condition: readCondition(textOf('kind'), textOf),
    forMinutes: Number(textOf('forMinutes')),
    resolveMinutes: Number(textOf('resolveMinutes')),
    mail: form.get('mail') === 'on',
    webhook: textOf('webhook') || null,
  };
}

function readCondition(kind: string, textOf: (name: string) => string): AlertCondition {
  const numberOf = (name: string): number => Number(textOf(name));
  const enough = { minRequests: numberOf('minRequests'), windowMinutes: numberOf('windowMinutes') };
  switch (kind) {
    case 'p95':
      return { kind, aboveMs: numberOf('aboveMs'), ...enough };
    case 'silence':
      return { kind, minutes: numberOf('minutes') };
    case 'new-exception':
      return { kind, windowMinutes: enough.windowMinutes };
    case 'metric':
      return {
        kind,
        metric: textOf('metric'),
        of: AGGREGATES.find((one) => one === textOf('of')) ?? 'avg',
        direction: textOf('direction') === 'below' ? 'below' : 'above',
        limit: numberOf('limit'),
        windowMinutes: enough.windowMinutes,
      };
    case 'backlog':
      return { kind, aboveEvents: numberOf('aboveEvents') };
    default:
      return { kind: 'failure-rate', abovePercent: numberOf('abovePercent'), ...enough };
  }
}
