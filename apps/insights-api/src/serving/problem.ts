import type { Result } from '@scorpiox/shared/result';

/** Why it does not start, as a sentence for the operator. */
export interface StartProblem {
  readonly code: 'unavailable';
  readonly message: string;
}

export const cannotStart = (message: string): Result<never, StartProblem> => ({
  ok: false,
  error: { code: 'unavailable', message },
});
