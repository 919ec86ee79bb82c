import type { EventRecord } from '@scorpiox/shared/contract';

export type EventKind = EventRecord['kind'];
export type Severity = NonNullable<EventRecord['severity']>;

/** The kinds of events as people say them. */
export const KIND_NAMES: Record<EventKind, string> = {
  request: 'request',
  dependency: 'dependency',
  event: 'event',
  trace: 'log',
  exception: 'exception',
  metric: 'metric',
  pageView: 'page view',
  availability: 'availability',
};

/** From the slightest to the gravest. */
export const SEVERITY_NAMES: Record<Severity, string> = {
  verbose: 'verbose',
  information: 'info',
  warning: 'warning',
  error: 'error',
  critical: 'critical',
};

const keysOf = <K extends string>(names: Record<K, string>): K[] => Object.keys(names) as K[]; // they have no others

export const EVENT_KINDS = keysOf(KIND_NAMES);
export const SEVERITIES = keysOf(SEVERITY_NAMES);
