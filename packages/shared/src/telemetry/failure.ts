import type { ParsedEvent } from './event.ts';

type Judged = { readonly [K in 'kind' | 'success' | 'severity']?: ParsedEvent[K] | null | undefined };

/** Whether an event is a failure: not successful, an exception, or a trace of severity error or above. */
export const isFailure = ({ kind, success, severity }: Judged): boolean =>
  success === false || kind === 'exception' || (kind === 'trace' && (severity === 'error' || severity === 'critical'));
