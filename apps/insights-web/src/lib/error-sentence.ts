import { ApiError } from './http.ts';

const wait = (seconds: number | null): string => (seconds === null ? '' : ` Try again in ${Math.ceil(seconds)} s.`);

/** What went wrong and what to do, in a sentence for the person at the screen. */
export function errorSentence(error: unknown): string {
  if (!(error instanceof ApiError)) return 'The page made a mistake. Reload it; if it comes back, report it.';
  const { failure } = error;
  switch (failure.kind) {
    case 'unreachable':
      return 'The API cannot be reached. Check that it is running.';
    case 'timeout':
      return 'The API did not answer in time.';
    case 'unreadable':
      return 'The API answered something this page does not understand. Reload the page: it may be older than the API.';
    case 'refused':
      return failure.message + wait(failure.retryAfter);
  }
}
