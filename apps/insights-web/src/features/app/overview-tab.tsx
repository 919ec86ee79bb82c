import type { AppReport, OverviewResponse } from '@scorpiox/shared/contract';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import { Answer } from '../../components/states/answer.tsx';
import { KeptNote } from '../../components/states/kept-note.tsx';
import { Empty } from '../../components/states/states.tsx';
import { Banner } from '../../components/ui/banner.tsx';
import { Count, Duration, FailureRate, MomentAgo } from '../../components/ui/figures.tsx';
import { TEXT_LINK } from '../../components/ui/text-link.ts';
import { useOverview } from '../../lib/api/get-overview.ts';
import { useSession } from '../../lib/api/get-session.ts';
import { formatApdex, formatDuration, formatPerMinute } from '../../lib/format.ts';
import { refreshEvery } from '../../lib/time-range.ts';
import { useServerNow } from '../../lib/use-server-now.ts';
import { ExceptionList } from './exception-list.tsx';
import { Latency } from './latency.tsx';
import { TopOperations } from './top-operations.tsx';
import { TrafficCharts } from './traffic-charts.tsx';
import { useAppView } from './use-app-view.ts';

interface FigureProps {
  readonly name: string;
  readonly note?: string;
  readonly children: ReactNode;
}

const Figure = ({ name, note, children }: FigureProps) => (
  <div className="min-w-0" title={note}>
    <dt className="text-xs text-muted">{name}</dt>
    <dd className="text-base font-medium">{children}</dd>
  </div>
);

function Figures({ report, now }: { readonly report: AppReport; readonly now: number }) {
  return (
    <dl className="mb-3 grid grid-cols-3 gap-x-4 gap-y-3 rounded-lg border border-line bg-surface px-4 py-3 sm:grid-cols-5 xl:grid-cols-9">
      <Figure name="Req/min">{formatPerMinute(report.requestsPerMinute)}</Figure>
      <Figure name="Failures" note="Beside it the change against the range before, in per cent points">
        <FailureRate
          rate={report.failureRate}
          before={report.failureRateBefore}
          failures={report.failures}
          bad={report.state === 'failing'}
        />
      </Figure>
      <Figure name="p50">
        <Duration ms={report.p50} />
      </Figure>
      <Figure name="p95">
        <Duration ms={report.p95} />
      </Figure>
      <Figure name="p99">
        <Duration ms={report.p99} />
      </Figure>
      <Figure name="Apdex" note={`Satisfied up to ${formatDuration(report.apdexMs)}`}>
        {formatApdex(report.apdex)}
      </Figure>
      <Figure name="Exceptions">
        <Count value={report.exceptions} />
        {report.newExceptions > 0 && <span className="ml-1.5 text-xs text-fail">{report.newExceptions} new</span>}
      </Figure>
      <Figure name="Last seen">
        <MomentAgo at={report.lastSeen} now={now} />
      </Figure>
      <Figure name="Duplicates" note="Events that had been received before and were dropped">
        <Count value={report.duplicates} />
      </Figure>
    </dl>
  );
}

interface SectionProps {
  readonly title: string;
  readonly tab: 'operations' | 'exceptions';
  readonly all: string;
  readonly children: ReactNode;
}

function Section({ title, tab, all, children }: SectionProps) {
  const { app } = useAppView();
  return (
    <section className="min-w-0">
      <div className="mb-2 flex items-baseline justify-between gap-4">
        <h2 className="text-sm font-semibold">{title}</h2>
        <Link to="/apps/$app" params={{ app }} search={{ tab }} className={TEXT_LINK}>
          {all}
        </Link>
      </div>
      {children}
    </section>
  );
}

/** Of an application that never sent anything there are no figures; this turns by itself when the first event arrives. */
function Waiting({ name }: { readonly name: string }) {
  const isAdmin = useSession().data?.role === 'admin';
  const setUp = (
    <Link to="/settings" search={{ tab: 'keys', app: name }} className={TEXT_LINK}>
      Set it up
    </Link>
  );
  return (
    <Empty title="Waiting for the first event" action={isAdmin && setUp}>
      Nothing was ever received from {name}. This page shows it as soon as its first event arrives.
      {!isAdmin && ' An admin finds its connection string among the settings.'}
    </Empty>
  );
}

function Content({ data, updatedAt }: { readonly data: OverviewResponse; readonly updatedAt: number }) {
  const now = useServerNow(data.now, updatedAt);
  const marks = useMemo(() => data.marks.map(({ at, version }) => ({ at: Date.parse(at), name: version })), [data]);
  const { app } = data;
  const troubled = app.state !== 'healthy';
  if (app.state === 'waiting') return <Waiting name={app.name} />;
  return (
    <>
      {troubled && (
        <Banner role="status" look={app.state === 'failing' ? 'fail' : 'note'}>
          {app.stateReason.message}
        </Banner>
      )}
      <KeptNote kept={data.kept} />
      <Figures report={app} now={now} />
      {app.requests === 0 && app.requestsBefore === 0 && (
        <div className="mb-3">
          <Empty title="No requests in this time range">Choose a longer one, or look at what else it sent.</Empty>
        </div>
      )}
      <h2 className="sr-only">Over time</h2>
      <TrafficCharts
        what="Requests"
        timeline={data.timeline}
        exceptions={data.exceptions}
        marks={marks}
        now={data.now}
      />
    </>
  );
}

const Sections = () => (
  <>
    <div className="grid gap-5 lg:grid-cols-2">
      <Section title="Where the time goes" tab="operations" all="All operations">
        <TopOperations />
      </Section>
      <section className="min-w-0">
        <h2 className="mb-2 text-sm font-semibold">How long requests take</h2>
        <Latency title="Distribution of durations" />
      </section>
    </div>
    <Section title="Latest exceptions" tab="exceptions" all="All exceptions">
      <ExceptionList sort="lastSeen" few />
    </Section>
  </>
);

/** How an application does: figures, charts, and the first rows of what one looks at next. */
export function OverviewTab() {
  const { app, range } = useAppView();
  const query = useOverview(app, range);
  return (
    <div className="flex flex-col gap-5">
      <Answer query={query} what="the overview" every={refreshEvery(range)}>
        {(data) => <Content data={data} updatedAt={query.dataUpdatedAt} />}
      </Answer>
      {query.data?.app.state !== 'waiting' && <Sections />}
    </div>
  );
}
