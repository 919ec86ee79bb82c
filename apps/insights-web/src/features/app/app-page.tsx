import type { AppReport } from '@scorpiox/shared/contract';
import { Link } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import { PageHeader } from '../../components/page/page-header.tsx';
import { Empty } from '../../components/states/states.tsx';
import { StandingMark } from '../../components/ui/standing.tsx';
import { useOverview } from '../../lib/api/get-overview.ts';
import { isNotFound } from '../../lib/http.ts';
import { ExceptionsTab } from './exceptions-tab.tsx';
import { InstancesTab } from './instances-tab.tsx';
import { MetricsTab } from './metrics-tab.tsx';
import { DependenciesTab, EventsTab, OperationsTab, ViewsTab } from './operations-tab.tsx';
import { OverviewTab } from './overview-tab.tsx';
import type { Tab } from './search.ts';
import { TabLinks } from './tab-links.tsx';
import { useAppView } from './use-app-view.ts';

const CONTENTS: Record<Tab, ComponentType> = {
  overview: OverviewTab,
  operations: OperationsTab,
  dependencies: DependenciesTab,
  exceptions: ExceptionsTab,
  instances: InstancesTab,
  metrics: MetricsTab,
  views: ViewsTab,
  events: EventsTab,
};

const Way = () => (
  <nav aria-label="Way up" className="text-[0.8125rem] text-muted">
    <Link to="/apps" className="rounded hover:text-ink hover:underline">
      Applications
    </Link>{' '}
    <span aria-hidden="true">/</span>
  </nav>
);

const Unknown = ({ app }: { readonly app: string }) => (
  <Empty
    title={`There is no application called “${app}”.`}
    action={
      <Link to="/apps" className="rounded font-medium text-accent underline underline-offset-4">
        To the applications
      </Link>
    }
  >
    Its name may be mistyped, or it has been removed.
  </Empty>
);

/** How the application stands, beside its name; why, on hover. */
const Standing = ({ report }: { readonly report: AppReport }) => (
  <span title={report.stateReason.message}>
    <StandingMark standing={report.state} />
  </span>
);

function Sections({ app, tab }: { readonly app: string; readonly tab: Tab }) {
  const Content = CONTENTS[tab];
  return (
    <>
      <TabLinks app={app} current={tab} />
      <Content key={app} />
    </>
  );
}

/** `/apps/:app`: one application from all sides. */
export function AppPage() {
  const { app, range, search } = useAppView();
  const query = useOverview(app, range);
  // While another application's page loads, the answer at hand is still that of the one before.
  const report = query.data?.app.name === app ? query.data.app : undefined;
  return (
    <>
      <PageHeader
        title={app}
        above={<Way />}
        note={report && <Standing report={report} />}
        updatedAt={query.dataUpdatedAt}
      />
      {isNotFound(query.error) ? <Unknown app={app} /> : <Sections app={app} tab={search.tab ?? 'overview'} />}
    </>
  );
}
