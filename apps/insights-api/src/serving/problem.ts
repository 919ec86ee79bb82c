import { err, type Result } from '@scorpiox/shared/result';

/** Why it does not start, as a sentence for the operator; `stopped`: because it was told to stop. */
export interface StartProblem {
  readonly code: 'unavailable' | 'stopped';
  readonly message: string;
}

export const cannotStart = (message: string): Result<never, StartProblem> => err({ code: 'unavailable', message });

export const stopped: Result<never, StartProblem> = err({
  code: 'stopped',
  message: 'It was stopped before it had started.',
});
