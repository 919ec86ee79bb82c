import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import { errorSentence } from '../../lib/error-sentence.ts';
import { Button } from '../ui/button.tsx';

interface ShowMoreProps<T> {
  readonly query: UseInfiniteQueryResult<InfiniteData<T>>;
  /** How many are shown, of how many. */
  readonly shown: number;
  readonly total: number;
}

/** The way to the next page of a long list; nothing where the list is whole. */
export function ShowMore<T>({ query, shown, total }: ShowMoreProps<T>) {
  if (!query.hasNextPage) return null;
  return (
    <div className="mt-3 flex flex-wrap items-center justify-center gap-3 text-[0.8125rem] text-soft">
      <span role="status">
        {shown} of {total} shown.{query.isFetchNextPageError && ` ${errorSentence(query.error)}`}
      </span>
      <Button disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
        {query.isFetchingNextPage ? 'Loading …' : 'Show more'}
      </Button>
    </div>
  );
}
