import type { View } from '@scorpiox/shared/contract';
import { parseQuery } from '@scorpiox/shared/query-language';
import { useMemo, useRef, useState } from 'react';
import { useReading } from '../../components/list/use-reading.ts';
import { PageHeader } from '../../components/page/page-header.tsx';
import { Answer } from '../../components/states/answer.tsx';
import { Empty } from '../../components/states/states.tsx';
import { eventsOf, type Search, useEvents } from '../../lib/api/get-events.ts';
import { useHistogram } from '../../lib/api/get-histogram.ts';
import { printEventAddress } from '../../lib/event-address.ts';
import { mistakeIn } from '../../lib/http.ts';
import { apiRange, refreshEvery } from '../../lib/time-range.ts';
import { useRefresh } from '../../lib/use-refresh.ts';
import { useTimeRange } from '../../lib/use-time-range.ts';
import { parseColumns, printColumns } from '../events/columns.ts';
import { EventPanel } from '../events/event-panel.tsx';
import { QueryField } from '../events/query-field.tsx';
import { withTerm } from '../events/terms.ts';
import { useOpenEvent } from '../events/use-open-event.ts';
import { Histogram } from './histogram.tsx';
import { NewerBar } from './newer-bar.tsx';
import { rangeOfView } from './range-of-view.ts';
import { Result } from './result.tsx';
import { Toolbar } from './toolbar.tsx';
import { useExploreView } from './use-explore-view.ts';
import { useNewer } from './use-newer.ts';

/** The room of the histogram while it is waited for, so that nothing below it moves. */
const HistogramRoom = () => (
  <div role="status" aria-label="Loading the histogram" className="h-44 rounded-lg border border-line bg-surface" />
);

const Mistake = () => (
  <Empty title="The query has a mistake.">It is shown below the field. Nothing is searched until it is mended.</Empty>
);

/** `/explore`: events that match a query, over time and one by one. */
export function ExplorePage() {
  const { view, change } = useExploreView();
  const { range } = useTimeRange();
  const refresh = useRefresh();
  const search = useMemo((): Search => ({ q: view.q, ...apiRange(range) }), [view.q, range]);
  const isReadable = useMemo(() => parseQuery(view.q).ok, [view.q]);
  const events = useEvents(search, view.order, isReadable);
  const histogram = useHistogram(search, range, isReadable);
  // A query can be read and still name what is not there: an application, say.
  const refusal = events.isPlaceholderData ? undefined : mistakeIn(events.error);
  const isGood = isReadable && refusal === undefined;
  const { address, href, open, close } = useOpenEvent(view.event, (event) => change({ event }));
  const loaded = useMemo(() => (events.data === undefined ? [] : eventsOf(events.data)), [events.data]);
  const top = useRef<HTMLDivElement>(null);
  const [isBelow, setBelow] = useState(false);
  useReading(top, setBelow);
  const list = view.order === 'newest' && isGood && !events.isPlaceholderData ? events.data : undefined;
  const { newer, show: showNewer } = useNewer({ search, range, list, isReading: isBelow || view.event !== null });
  const show = (saved: View): void =>
    change({ q: saved.q, columns: parseColumns(printColumns(saved.columns)), event: null }, rangeOfView(saved));
  const submit = (q: string): void => {
    if (q !== view.q) change({ q, event: null });
    else refresh();
  };
  return (
    <>
      <PageHeader title="Explore" updatedAt={Math.max(events.dataUpdatedAt, histogram.dataUpdatedAt)} />
      <QueryField value={view.q} range={apiRange(range)} onSubmit={submit} refusal={refusal} action="Search" />
      {isGood ? (
        <>
          <h2 className="sr-only">Result</h2>
          <Answer query={histogram} what="the histogram" every={refreshEvery(range)} loading={<HistogramRoom />}>
            {(data) => <Histogram data={data} />}
          </Answer>
          <Toolbar
            search={search}
            view={view}
            onColumns={(columns) => change({ columns })}
            onOrder={(order) => change({ order })}
            onShow={show}
            events={loaded}
            histogram={histogram.data}
          />
        </>
      ) : (
        <Mistake />
      )}
      <div ref={top} />
      <div className="flex items-start gap-4">
        <div className="min-w-0 flex-1">
          <NewerBar
            newer={newer}
            onShow={() => {
              showNewer();
              window.scrollTo({ top: 0 });
            }}
          />
          {isGood && (
            <Answer query={events} what="the events" every={false}>
              {(data) => <Result data={data} query={events} view={view} change={change} href={href} onOpen={open} />}
            </Answer>
          )}
        </div>
        {address !== null && (
          <EventPanel
            address={address}
            known={loaded.find((event) => printEventAddress(event) === view.event)}
            onClose={close}
            onTerm={(term, wanted) => change({ q: withTerm(view.q, term, wanted) })}
          />
        )}
      </div>
    </>
  );
}
