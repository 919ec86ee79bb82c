import type { EventRecord } from '@scorpiox/shared/contract';

/** How an event stands out: as a failure, as a warning, not at all. */
export type Tone = 'fail' | 'warn' | 'plain';

type Judged = { [K in 'kind' | 'success' | 'severity']?: EventRecord[K] | null | undefined };

/** What counts as a failure in the histogram, and whatever else is of severity error or above; warnings come on top. */
export function toneOf({ kind, success, severity }: Judged): Tone {
  if (success === false || kind === 'exception' || severity === 'error' || severity === 'critical') return 'fail';
  return severity === 'warning' ? 'warn' : 'plain';
}
