import type { EventsResponse } from '@scorpiox/shared/contract';
import { Banner } from '../../components/ui/banner.tsx';
import { Button } from '../../components/ui/button.tsx';
import type { EventsQuery, Order } from '../../lib/api/get-events.ts';
import { errorSentence } from '../../lib/error-sentence.ts';
import { formatCount } from '../../lib/format.ts';
import { EVENTS_LOADED_MAX } from '../events/limits.ts';
import { PartialNote } from './partial-note.tsx';

interface ResultEndProps {
  readonly query: EventsQuery;
  readonly order: Order;
  /** Events that are here. */
  readonly loaded: number;
  /** The page that came last. */
  readonly last: EventsResponse;
}

/** What stands below the last row: that it is the last, or how to come to more. */
export function ResultEnd({ query, order, loaded, last }: ResultEndProps) {
  const more = (): void => void query.fetchNextPage();
  if (query.isFetchNextPageError) {
    return (
      <Banner role="status" action={<Button onClick={more}>Try again</Button>}>
        {errorSentence(query.error)} What follows could not be loaded.
      </Banner>
    );
  }
  if (last.nextCursor === null) return <p>That is all: {formatCount(loaded)} events.</p>;
  if (loaded >= EVENTS_LOADED_MAX) {
    return <p>{formatCount(loaded)} events are here. Narrow the query or the time range, or export all of them.</p>;
  }
  if (last.partial !== null) {
    const { isFetchingNextPage } = query;
    const { partial, scanned } = last;
    return <PartialNote {...{ partial, scanned, order }} onGoOn={more} isGoingOn={isFetchingNextPage} />;
  }
  return (
    <Button onClick={more} disabled={query.isFetchingNextPage}>
      {query.isFetchingNextPage ? 'Loading more' : 'Load more'}
    </Button>
  );
}
