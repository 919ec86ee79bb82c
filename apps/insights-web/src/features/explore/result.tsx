import type { EventRecord } from '@scorpiox/shared/contract';
import { useMemo } from 'react';
import { Banner } from '../../components/ui/banner.tsx';
import { type EventPages, type EventsQuery, eventsOf } from '../../lib/api/get-events.ts';
import { printEventAddress } from '../../lib/event-address.ts';
import { columnOf } from '../events/columns.ts';
import { EventRows } from '../events/event-rows.tsx';
import { EVENTS_LOADED_MAX } from '../events/limits.ts';
import type { EventItem } from '../events/row-link.tsx';
import { NoEvents } from './no-events.tsx';
import { ResultEnd } from './result-end.tsx';
import type { ExploreView } from './search.ts';

interface ResultProps {
  readonly data: EventPages;
  readonly query: EventsQuery;
  readonly view: ExploreView;
  readonly change: (change: Partial<ExploreView>) => void;
  readonly href: (event: EventRecord) => string;
  readonly onOpen: (event: EventRecord, enter: boolean) => void;
}

/** The events that match; more are loaded when the end comes near. */
export function Result({ data, query, view, change, href, onOpen }: ResultProps) {
  const items = useMemo(
    () =>
      eventsOf(data).map((event): EventItem => {
        const address = printEventAddress(event);
        return { key: address, address, event, note: null };
      }),
    [data],
  );
  const columns = useMemo(() => view.columns.flatMap((id) => columnOf(id) ?? []), [view.columns]);
  const last = data.pages.at(-1);
  if (last === undefined) return null;
  const isThrough = last.nextCursor === null;
  if (items.length === 0 && isThrough) return <NoEvents view={view} change={change} notes={last.notes} />;
  const loadsItself =
    !isThrough && last.partial === null && !query.isFetchNextPageError && items.length < EVENTS_LOADED_MAX;
  return (
    <>
      {last.notes.map((note) => (
        <Banner key={note} role="status" look="note">
          {note}
        </Banner>
      ))}
      {items.length > 0 && (
        <EventRows
          label={`Events, ${view.order} first`}
          columns={columns}
          items={items}
          more={!isThrough}
          open={view.event}
          href={href}
          onOpen={onOpen}
          onNearEnd={() => {
            if (loadsItself && !query.isFetching) void query.fetchNextPage();
          }}
        />
      )}
      <div className="mt-3 flex justify-center text-[0.8125rem] text-muted *:[[role=status]]:w-full">
        <ResultEnd query={query} order={view.order} loaded={items.length} last={last} />
      </div>
    </>
  );
}
