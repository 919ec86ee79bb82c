import type { TraceResponse } from '@scorpiox/shared/contract';
import { printValue } from '@scorpiox/shared/query-language';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';
import { PageHeader } from '../../components/page/page-header.tsx';
import { Answer } from '../../components/states/answer.tsx';
import { Empty } from '../../components/states/states.tsx';
import { Banner } from '../../components/ui/banner.tsx';
import { useTrace } from '../../lib/api/get-trace.ts';
import { type EventAddress, parseEventAddress, printEventAddress } from '../../lib/event-address.ts';
import { formatCount, formatDuration } from '../../lib/format.ts';
import { formatExactMs } from '../../lib/format-moment.ts';
import { EventPanel } from '../events/event-panel.tsx';
import { Legend } from './legend.tsx';
import type { TraceSearch } from './route.ts';
import { summaryOf } from './summary.ts';
import { TraceTable } from './trace-table.tsx';
import { Waterfall } from './waterfall.tsx';

const route = getRouteApi('/shell/traces/$id');

const plural = (count: number, one: string, many: string): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`;

/** When, how long, how much of it: `03-21 22:04:05.108 · 1.24 s · 3 applications · 23 spans · 2 failures`. */
function said(trace: TraceResponse): string {
  const { failures } = summaryOf(trace);
  return [
    formatExactMs(trace.from).join(' '),
    formatDuration(trace.durationMs),
    plural(trace.apps.length, 'application', 'applications'),
    plural(trace.spans.length, 'span', 'spans'),
    ...(trace.logs.length > 0 ? [plural(trace.logs.length, 'log or moment', 'logs and moments')] : []),
    ...(failures > 0 ? [plural(failures, 'failure', 'failures')] : []),
  ].join(' · ');
}

/** What is known to be missing. */
function Missing({ trace }: { readonly trace: TraceResponse }) {
  const { orphans } = summaryOf(trace);
  const cut = 'This operation has more events than are shown here: these are its earliest.';
  const parents = `${plural(orphans, 'span names a parent that is', 'spans name parents that are')} not here: left out by sampling, not instrumented, or still on the way. Refresh to look again.`;
  const notes = [...(trace.cut ? [cut] : []), ...(orphans > 0 ? [parents] : [])];
  return notes.map((note) => (
    <Banner key={note} role="status" look="note">
      {note}
    </Banner>
  ));
}

/** Before and after a trace: clocks of two hosts may differ. */
const AROUND_MS = 60_000;

/** The same events as a list, to be searched further. */
function ItsEvents({ trace }: { readonly trace: TraceResponse }) {
  const start = Date.parse(trace.from);
  const search = {
    q: `operation:${printValue(trace.id)}`,
    range: undefined,
    from: new Date(start - AROUND_MS).toISOString(),
    to: new Date(start + trace.durationMs + AROUND_MS).toISOString(),
  };
  return (
    <Link
      to="/explore"
      search={search}
      className="inline-flex h-8 items-center rounded-md border border-edge bg-surface px-2.5 text-[0.8125rem] font-medium hover:bg-raised pointer-coarse:h-10"
    >
      As events
    </Link>
  );
}

/** `/traces/:id`: what one operation did, in all applications that it came to. */
export function TracePage() {
  const { id } = route.useParams();
  const { near, event = null } = route.useSearch();
  const query = useTrace(id, near);
  const navigate = useNavigate();
  const change = useCallback(
    (part: TraceSearch) =>
      void navigate({ to: '.', search: (current) => ({ ...current, ...part }), replace: true, resetScroll: false }),
    [navigate],
  );
  const open = useCallback((one: EventAddress) => change({ event: printEventAddress(one) }), [change]);
  const address = parseEventAddress(event ?? undefined);
  const root = query.data === undefined ? undefined : summaryOf(query.data).root;
  const close = (): void => {
    document.querySelector<HTMLElement>('#main [data-row][aria-selected=true] button')?.focus();
    change({ event: undefined });
  };
  return (
    <>
      <PageHeader
        title={root?.name ?? 'Trace'}
        tabTitle={`${root?.name ?? id} · Trace`}
        note={query.data === undefined ? `Trace ${id}` : said(query.data)}
        range={false}
        updatedAt={query.dataUpdatedAt}
      >
        {query.data !== undefined && <ItsEvents trace={query.data} />}
      </PageHeader>
      <div className="flex items-start gap-4">
        <div className="min-w-0 flex-1">
          <Answer query={query} what="the trace" every={false}>
            {(trace) => (
              <>
                <Missing trace={trace} />
                {trace.spans.length + trace.logs.length === 0 ? (
                  <Empty title="Nothing of this operation is here.">
                    Its events may be older than what is kept, or not have arrived yet.
                  </Empty>
                ) : (
                  <>
                    <Legend trace={trace} />
                    <Waterfall trace={trace} open={event} onOpen={open} />
                    {trace.spans.length > 0 && <TraceTable trace={trace} />}
                    {trace.notes.length > 0 && <p className="mt-3 text-xs text-muted">{trace.notes.join(' ')}</p>}
                  </>
                )}
              </>
            )}
          </Answer>
        </div>
        {address !== null && (
          <EventPanel
            address={address}
            known={undefined}
            onClose={close}
            onTerm={(term, wanted) => void navigate({ to: '/explore', search: { q: wanted ? term : `-${term}` } })}
          />
        )}
      </div>
    </>
  );
}
