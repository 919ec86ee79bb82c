import { Link } from '@tanstack/react-router';
import { Answer } from '../../components/states/answer.tsx';
import { Button } from '../../components/ui/button.tsx';
import { TEXT_LINK } from '../../components/ui/text-link.ts';
import { type Kind, useTimeline } from '../../lib/api/get-overview.ts';
import { eventsQuery } from '../../lib/events-address.ts';
import { refreshEvery } from '../../lib/time-range.ts';
import { Latency } from './latency.tsx';
import { TrafficCharts } from './traffic-charts.tsx';
import { useAppView } from './use-app-view.ts';

const COUNTED: Record<Kind, string> = { request: 'Requests', dependency: 'Calls', pageView: 'Views', event: 'Events' };

/** One operation, dependency, page or event of an application over time. */
export function OperationDetail({ kind, name }: { readonly kind: Kind; readonly name: string }) {
  const { app, range, change } = useAppView();
  const query = useTimeline(app, range, kind, name);
  return (
    <section aria-label={name} className="mb-5 flex flex-col gap-3 border-b border-line pb-5">
      <div className="flex items-start justify-between gap-4">
        <h2 className="min-w-0 pt-1 text-sm font-semibold wrap-anywhere">{name}</h2>
        <div className="flex shrink-0 items-center gap-4">
          <Link to="/explore" search={{ q: eventsQuery({ app, kind, name }) }} className={TEXT_LINK}>
            Its events
          </Link>
          <Button onClick={() => change({ chosen: undefined })}>Close</Button>
        </div>
      </div>
      <Answer query={query} what={name} every={refreshEvery(range)}>
        {({ timeline, now }) => <TrafficCharts what={COUNTED[kind]} timeline={timeline} now={now} />}
      </Answer>
      {kind !== 'event' && <Latency title="Distribution of its durations" kind={kind} operation={name} />}
    </section>
  );
}
