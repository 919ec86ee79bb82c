import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { isSignedOut } from '../../lib/http.ts';
import { Failed, Loading, Stale } from './states.tsx';

/** The newest error, also while the try after it is under way, so that the page does not blink between the two. */
function useLastError(error: Error | null): Error | null {
  const [last, setLast] = useState(error);
  if (error !== null && error !== last) setLast(error);
  return error ?? last;
}

interface AnswerProps<T> {
  readonly query: UseQueryResult<T>;
  /** What is asked for, in the middle of a sentence: `the applications`. */
  readonly what: string;
  /** Milliseconds between the refreshes; false when there are none. */
  readonly every: number | false;
  /** Another answer on the page says already when a refresh has failed. */
  readonly secondary?: boolean;
  /** In place of the usual grey rows. */
  readonly loading?: ReactNode;
  readonly children: (data: T) => ReactNode;
}

/**
 * An answer of the API in whatever state it is: waited for, here, here and being replaced by that of another range
 * (dimmed), old because a refresh failed (with a word about it), or not to be had (with the reason and a way on).
 */
export function Answer<T>({ query, what, every, secondary = false, loading, children }: AnswerProps<T>) {
  const error = useLastError(query.error);
  const failure = { what, error, every, onRetry: () => void query.refetch({ cancelRefetch: false }) };
  const { data } = query;
  if (data === undefined) {
    const failed = query.errorUpdateCount > 0 && error !== null && !isSignedOut(error);
    return failed ? <Failed {...failure} /> : (loading ?? <Loading what={what} />);
  }
  return (
    <>
      {query.isError && !secondary && !isSignedOut(error) && <Stale {...failure} updatedAt={query.dataUpdatedAt} />}
      <div
        aria-busy={query.isPlaceholderData}
        className={query.isPlaceholderData ? 'opacity-60 transition-opacity delay-150' : ''}
      >
        {children(data)}
      </div>
    </>
  );
}
